package org.athanor.hash;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MerkleTest {
    /** Block 100000 of the main chain: four transactions. */
    @Test
    void aKnownBlockHasItsKnownRoot() {
        var txids = Stream.of(
                        "8c14f0db3df150123e6f3dbbf30f8b955a8249b62ac1d1ff16284aefa3d06d87",
                        "fff2525b8931402dd09222c50775608f75787bd2b87e56995a7bdd30f79702c4",
                        "6359f0868171b1d194cbee1af2f16ea598ae8fad666d9b012c8ed2b79a236ec4",
                        "e9a66845e05d5abc0ad04ec80f774a7e585c6e8db975962d069a522137b80c1d")
                .map(Hex::ofDisplay)
                .toList();
        assertEquals(
                "f3e94742aca4b5ef85488dc37c06c3282295ffec960994b2c0d5ac2a25a95766", Hex.display(Merkle.root(txids)));
    }

    @Test
    void aSingleTransactionIsTheRoot() {
        var txid = Sha256d.hash(new byte[] {1});
        assertArrayEquals(txid, Merkle.root(List.of(txid)));
        assertEquals(0, Merkle.branch(List.of(txid)).size());
    }

    @Test
    void theLastOfAnOddNumberIsPairedWithItself() {
        var a = Sha256d.hash(new byte[] {1});
        var b = Sha256d.hash(new byte[] {2});
        var c = Sha256d.hash(new byte[] {3});
        assertArrayEquals(Merkle.root(List.of(a, b, c, c)), Merkle.root(List.of(a, b, c)));
    }

    @Property(tries = 100)
    void foldingTheBranchGivesTheRoot(@ForAll @IntRange(min = 1, max = 40) int count) {
        var txids = new ArrayList<byte[]>();
        for (int i = 0; i < count; i++) txids.add(Sha256d.hash(new byte[] {(byte) i}));
        assertArrayEquals(Merkle.root(txids), Merkle.fold(txids.getFirst(), Merkle.branch(txids)));
    }

    @Test
    void noTransactionsHaveNoRoot() {
        assertThrows(IllegalArgumentException.class, () -> Merkle.root(List.of()));
    }
}
