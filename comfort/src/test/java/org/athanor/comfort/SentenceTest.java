package org.athanor.comfort;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import org.athanor.units.Watts;
import org.junit.jupiter.api.Test;

class SentenceTest {
    @Test
    void aSentenceHoldsOthersAndStandsAloneWithACapital() {
        var coasting =
                new Sentence(Saying.PLAN_COASTS, Map.of("until", LocalTime.of(6, 5), "then", 0.1234, "now", 12.34));
        assertEquals("coasting until 06:05, when a kWh costs 0.12 instead of 12.3", coasting.toString());
        var whole = new Sentence(
                Saying.WANTED, Map.of("action", Sentence.of(Saying.ALL_OFF), "demand", Watts.ZERO, "cause", coasting));
        assertEquals(
                "All heaters off for 0 W wanted: coasting until 06:05, when a kWh costs 0.12 instead of 12.3.",
                whole.english());
    }

    @Test
    void aNameWithSignsOfItsOwnIsTakenAsItIs() {
        var sentence = new Sentence(Saying.HEATER, Map.of("heater", "$1 {watts}", "watts", new Watts(5)));
        assertEquals("$1 {watts} 5 W", sentence.toString());
    }

    @Test
    void everyPlaceHasItsValueAndNoOther() {
        assertThrows(IllegalArgumentException.class, () -> Sentence.of(Saying.HEATER));
        assertThrows(IllegalArgumentException.class, () -> new Sentence(Saying.ALL_OFF, Map.of("heater", "miner")));
        assertThrows(
                IllegalArgumentException.class,
                () -> new Sentence(Saying.PLAN_OTHER_HEAT, Map.of("source", List.of("boiler"))));
    }
}
