package org.athanor.comfort.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SinkTest {
    /** About 0.14 of the price of electricity, so rarely worth it. */
    @Test
    void coldFromHeatIsWorthASmallPartOfItsElectricity() {
        var chiller = new Sink.SorptionChiller(0.5, 60);
        assertEquals(0.14 * 0.25, chiller.valuePerKwh(0.25, 3.5), 0.002);
        assertTrue(chiller.takesHeatOf(65));
        assertFalse(chiller.takesHeatOf(45), "air from a miner is not hot enough");
    }

    @Test
    void whatIsBlownOutdoorsIsOfNoUse() {
        assertEquals(0, new Sink.Outdoors().usefulShare());
        assertEquals(1, new Sink.Room().usefulShare());
    }

    @Test
    void impossibleChillersAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Sink.SorptionChiller(0, 60));
        assertThrows(IllegalArgumentException.class, () -> new Sink.SorptionChiller(0.5, 20));
    }

    @Test
    void waterMustBeHeatedByWhatIsAsHotAsItIsWanted() {
        var tank = new Sink.HotWater(45);
        assertTrue(tank.takesHeatOf(45));
        assertFalse(tank.takesHeatOf(44.9));
        assertEquals(1, tank.usefulShare());
        assertThrows(IllegalArgumentException.class, () -> new Sink.HotWater(Double.NaN));
    }
}
