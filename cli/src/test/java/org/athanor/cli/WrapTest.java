package org.athanor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class WrapTest {
    @Test
    void linesBreakAtSpacesAndGoOnIndented() {
        assertEquals(List.of("one two", "  three"), Wrap.at(9, 2, "one two three"));
        assertEquals(List.of("one"), Wrap.at(9, 2, "one"));
        assertEquals(List.of("onelongword"), Wrap.at(9, 2, "onelongword"));
    }
}
