package org.athanor.comfort.learning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.ZonedDateTime;
import org.junit.jupiter.api.Test;

class HourOfWeekTest {
    private static final int SATURDAY_9 = 5 * 24 + 9;
    private static final int MONDAY_9 = 9;

    @Test
    void theWeekBeginsOnMonday() {
        assertEquals(0, HourOfWeek.hour(ZonedDateTime.parse("2026-01-05T00:30:00+01:00")));
        assertEquals(167, HourOfWeek.hour(ZonedDateTime.parse("2026-01-11T23:59:59+01:00")));
    }

    @Test
    void whatWasNeverSeenIsAsThePriorSays() {
        var hours = new HourOfWeek(40, 15);
        assertEquals(40, hours.mean(MONDAY_9), 1e-12);
        assertEquals(15, hours.spread(MONDAY_9), 1e-12);
    }

    @Test
    void anHourIsLikeThatOfOtherDaysUntilItIsSeenItself() {
        var hours = new HourOfWeek(0, 10);
        for (int week = 0; week < 6; week++) for (int day = 0; day < 5; day++) hours.observe(day * 24 + 9, 100);
        double saturday = hours.mean(SATURDAY_9);
        assertTrue(saturday > 85, "like the other days: " + saturday);
        for (int week = 0; week < 12; week++) {
            hours.observe(MONDAY_9, 100);
            hours.observe(SATURDAY_9, 0);
        }
        assertTrue(hours.mean(SATURDAY_9) < 35, "its own: " + hours.mean(SATURDAY_9));
        assertTrue(hours.mean(MONDAY_9) > 85, "its own: " + hours.mean(MONDAY_9));
        assertEquals(0, hours.mean(10), 1e-12);
    }

    @Test
    void whatIsLongAgoIsForgotten() {
        var hours = new HourOfWeek(0, 10);
        for (int week = 0; week < 50; week++) for (int day = 0; day < 7; day++) hours.observe(day * 24 + 9, 100);
        for (int week = 0; week < 26; week++) for (int day = 0; day < 7; day++) hours.observe(day * 24 + 9, 300);
        assertEquals(290, hours.mean(MONDAY_9), 12);
    }

    @Test
    void theSpreadIsThatOfWhatCame() {
        var hours = new HourOfWeek(0, 1);
        for (int week = 0; week < 40; week++)
            for (int day = 0; day < 7; day++) hours.observe(day * 24 + 9, (week + day) % 2 == 0 ? 60 : 140);
        assertEquals(40, hours.spread(MONDAY_9), 3);
        assertEquals(100, hours.mean(MONDAY_9), 8);
    }

    @Test
    void bytesBringItBack() {
        var hours = new HourOfWeek(3, 2);
        for (int i = 0; i < 1000; i++) hours.observe((i * 31) % 168, Math.sin(i), (i % 10) / 9.0);
        var back = HourOfWeek.ofBytes(hours.toBytes());
        for (int i = 0; i < HourOfWeek.HOURS; i++) {
            assertEquals(hours.mean(i), back.mean(i), 0);
            assertEquals(hours.spread(i), back.spread(i), 0);
        }
        var damaged = hours.toBytes();
        damaged[100] ^= 1;
        assertThrows(IllegalArgumentException.class, () -> HourOfWeek.ofBytes(damaged));
    }

    @Test
    void noNumbersAreRefused() {
        var hours = new HourOfWeek(0, 1);
        assertThrows(IllegalArgumentException.class, () -> hours.observe(3, Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> hours.observe(3, 1, 1.5));
        assertThrows(IllegalArgumentException.class, () -> new HourOfWeek(0, -1));
    }
}
