package org.athanor.stratum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.athanor.hash.Sha256d;
import org.junit.jupiter.api.Test;

class ShareFilterTest {
    private static byte[] hash(int number) {
        return Sha256d.hash(ByteBuffer.allocate(4).putInt(number).array());
    }

    @Test
    void knowsWhatItWasGivenAndNothingElseUntilItIsFull() {
        var filter = new ShareFilter(new ShareFilter.Spare());
        for (int i = 0; i < ShareFilter.LIMIT; i++) {
            assertFalse(filter.contains(hash(i)));
            filter.add(hash(i));
            assertEquals(i + 1, filter.size());
        }
        for (int i = 0; i < ShareFilter.LIMIT; i++) assertTrue(filter.contains(hash(i)));
        for (int i = 0; i < 1000; i++) assertFalse(filter.contains(hash(-1 - i)));
        assertThrows(IllegalStateException.class, () -> filter.add(hash(-1)));
    }

    /** Whatever an earlier job left in the arrays. */
    @Test
    void knowsNothingOfTheJobsBefore() {
        var spare = new ShareFilter.Spare();
        for (int job = 0; job < 3; job++) {
            var filter = new ShareFilter(spare);
            for (int i = 0; i < ShareFilter.LIMIT; i++) {
                assertFalse(filter.contains(hash(i)));
                filter.add(hash(i));
            }
            filter.remove(hash(7));
            assertFalse(filter.contains(hash(7)));
            assertTrue(filter.contains(hash(8)));
            filter.release();
            assertEquals(0, filter.size());
            assertFalse(filter.contains(hash(8)));
        }
    }

    @Test
    void aHashOfZerosIsAHashLikeOthers() {
        var filter = new ShareFilter(new ShareFilter.Spare());
        assertFalse(filter.contains(new byte[32]));
        filter.add(new byte[32]);
        assertTrue(filter.contains(new byte[32]));
    }
}
