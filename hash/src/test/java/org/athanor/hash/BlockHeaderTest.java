package org.athanor.hash;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class BlockHeaderTest {
    @Test
    void knownHeadersHaveTheirKnownHashesAndMeetTheirBits() {
        assertEquals(66, Vectors.headers().count());
        Vectors.headers().forEach(known -> {
            var header = BlockHeader.parse(known.header());
            assertArrayEquals(known.header(), header.bytes());
            assertEquals(known.hash(), header.hashDisplay());
            assertTrue(Target.ofBits(header.bits()).metBy(header.hash()));
        });
    }

    @Test
    void fieldsStandWhereTheyBelong() {
        var genesis =
                BlockHeader.parse(Vectors.headers().findFirst().orElseThrow().header());
        assertEquals(1, genesis.version());
        assertEquals(1231006505, genesis.time());
        assertEquals(0x1d00ffff, genesis.bits());
        assertEquals(2083236893, genesis.nonce());
        assertEquals(
                "4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b", Hex.display(genesis.merkleRoot()));
    }

    @Test
    void wrongLengthsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> BlockHeader.parse(new byte[79]));
        assertThrows(IllegalArgumentException.class, () -> new BlockHeader(1, new byte[32], new byte[31], 0, 0, 0));
    }

    @Test
    void hexIsReadInBothOrders() {
        assertArrayEquals(new byte[] {(byte) 0xab, 1}, Hex.decode("Ab01"));
        assertArrayEquals(new byte[] {1, (byte) 0xab}, Hex.ofDisplay("ab01"));
        assertEquals("0000000a", Hex.encode(10));
        assertThrows(IllegalArgumentException.class, () -> Hex.decode("abc"));
        assertThrows(IllegalArgumentException.class, () -> Hex.decode("zz"));
    }
}
