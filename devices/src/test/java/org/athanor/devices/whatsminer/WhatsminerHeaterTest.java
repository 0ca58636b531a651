package org.athanor.devices.whatsminer;

import static org.athanor.devices.testing.Failures.anyPort;
import static org.athanor.devices.testing.Failures.assertFails;
import static org.athanor.devices.testing.Failures.assertMentions;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.athanor.devices.Credentials;
import org.athanor.devices.DeviceException.Kind;
import org.athanor.devices.HeaterState.Phase;
import org.athanor.devices.PowerLevel;
import org.athanor.devices.drivers.HeaterKind;
import org.athanor.devices.drivers.HeaterSettings;
import org.athanor.devices.simulated.SimulatedWhatsminerV2;
import org.athanor.devices.simulated.SimulatedWhatsminerV3;
import org.athanor.devices.testing.FakeComputation;
import org.athanor.units.Celsius;
import org.athanor.units.Watts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is a Whatsminer's own; the rest stands in the contract of all miners. */
class WhatsminerHeaterTest {
    private static final InstantSource CLOCK = () -> Instant.parse("2019-01-15T00:00:00Z");

    private final SimulatedWhatsminerV2 device =
            new SimulatedWhatsminerV2("sesame", anyPort(), new FakeComputation(), CLOCK);

    private WhatsminerHeater driver(List<WhatsminerLevel> levels) {
        return WhatsminerHeater.v2(
                "m30", "Whatsminer M30S", levels, new Watts(3500), "sesame", device.address(), Duration.ofSeconds(2));
    }

    private void pass(int minutes) {
        for (int i = 0; i < minutes; i++) device.advance(Duration.ofMinutes(1), new Celsius(20), true);
    }

    @AfterEach
    void stop() {
        device.close();
    }

    @Test
    void aShareIsReachedWithinAMinuteAndHashesMeanwhile() {
        var heater = driver(WhatsminerLevel.percents(3400, 60, 100));
        assertFalse(heater.capabilities().changeRestartsHashing());
        pass(40);
        heater.setLevel(1);
        device.advance(Duration.ofSeconds(5), new Celsius(20), true);
        assertEquals(OptionalInt.empty(), heater.read().level(), "between two levels it is none");
        assertEquals(Phase.WORKING, heater.read().phase());
        pass(2);
        assertEquals(OptionalInt.of(1), heater.read().level());
        assertEquals(2040, heater.read().power().orElseThrow().value(), 20);
    }

    @Test
    void aConfigurationNamesSharesOfALimitAsADimmer() {
        pass(40);
        try (var heater = HeaterKind.WHATSMINER_V2.create(settings("60% of 3400", "80% 3400", "3400"))) {
            assertFalse(heater.capabilities().changeRestartsHashing());
            heater.setLevel(1);
            pass(2);
            assertEquals(OptionalInt.of(1), heater.read().level());
            assertEquals(Phase.WORKING, heater.read().phase(), "without a restart");
            assertEquals(2040, heater.read().power().orElseThrow().value(), 20);
        }
        var wrong = assertThrows(
                IllegalArgumentException.class, () -> HeaterKind.WHATSMINER_V2.create(settings("eco 3400")));
        assertTrue(wrong.getMessage().contains("such as 60% of 3400"), wrong.getMessage());
        assertThrows(IllegalArgumentException.class, () -> HeaterKind.WHATSMINER_V2.create(settings("40% of 3400")));
    }

    private HeaterSettings settings(String... levels) {
        return settings(device.address(), "admin", levels);
    }

    private static HeaterSettings settings(InetSocketAddress address, String user, String... levels) {
        return new HeaterSettings(
                "m30",
                address,
                Optional.of(new Credentials(user, "sesame")),
                Optional.empty(),
                Stream.of(levels).map(HeaterSettings.Level::parse).toList(),
                Optional.of(new Watts(3500)),
                true,
                Duration.ofSeconds(2),
                Optional.empty());
    }

    /** Version 3 has other words for all of it; a password alone is that of the user that may write. */
    @Test
    void aConfigurationOfVersion3NamesThemInTheSameWay() {
        var login = new Credentials(WhatsminerHeater.V3_USER, "sesame");
        try (var third = new SimulatedWhatsminerV3(login, anyPort(), new FakeComputation(), CLOCK);
                var heater = HeaterKind.WHATSMINER_V3.create(
                        settings(third.address(), "", "60% of 3400", "80% of 3400", "3400"))) {
            assertFalse(heater.capabilities().changeRestartsHashing());
            assertEquals(
                    List.of("off", "60 % of 3400 W", "80 % of 3400 W", "3400 W"),
                    heater.capabilities().levels().stream()
                            .map(PowerLevel::name)
                            .toList());
            for (int i = 0; i < 40; i++) third.advance(Duration.ofMinutes(1), new Celsius(20), true);
            for (int level : new int[] {1, 2, 3, 1}) {
                heater.setLevel(level);
                for (int i = 0; i < 2; i++) {
                    third.advance(Duration.ofMinutes(1), new Celsius(20), true);
                    assertEquals(Phase.WORKING, heater.read().phase(), "without a restart");
                }
                assertEquals(OptionalInt.of(level), heater.read().level());
            }
            assertEquals(2040, third.power().value(), 20);
        }
    }

    /** Until it takes a share it draws the whole limit, which fuse and plug must carry. */
    @Test
    void aShareOfMoreThanItsMaximumIsRefused() {
        var wrong = assertThrows(
                IllegalArgumentException.class, () -> HeaterKind.WHATSMINER_V3.create(settings("60% of 4000")));
        assertTrue(
                wrong.getMessage().contains("60 % of 4000 W (a share of at most its maximum of 3500 W"),
                wrong::getMessage);
    }

    /** It is never told a share that it would refuse; its refusal tells that it is to be asked again. */
    @Test
    void afterAStartItGoesToItsWholeLimitBeforeItTakesAShare() {
        var heater = driver(WhatsminerLevel.percents(3400, 60, 100));
        pass(40);
        heater.setLevel(0);
        pass(5);
        heater.setLevel(1);
        pass(1);
        assertEquals(OptionalInt.of(2), heater.read().level());
        assertEquals(Phase.STARTING, heater.read().phase());
        assertMentions(
                assertFails(Kind.REFUSED, () -> heater.setLevel(1)), "m30: it starts, and goes for the whole 3400 W");
        heater.setLevel(2);
        pass(30);
        assertEquals(OptionalInt.of(2), heater.read().level());
        heater.setLevel(1);
        pass(2);
        assertEquals(OptionalInt.of(1), heater.read().level());
    }

    @Test
    void aLimitThatTheMachineDoesNotTakeIsRefusedInItsOwnWords() {
        var heater = driver(WhatsminerLevel.limits(1000, 3400));
        pass(40);
        assertMentions(assertFails(Kind.REFUSED, () -> heater.setLevel(1)), "adjust_power_limit", "API command ERROR");
        assertEquals(OptionalInt.of(2), heater.read().level());
    }

    @Test
    void anotherLimitIsNoneOfOurLevels() {
        pass(40);
        assertEquals(
                OptionalInt.empty(),
                driver(WhatsminerLevel.limits(2000, 3000)).read().level());
    }

    @Test
    void fromOffTheLimitIsSetBeforeItStarts() {
        var heater = driver(WhatsminerLevel.limits(2000, 3400));
        pass(40);
        heater.setLevel(0);
        pass(5);
        heater.setLevel(1);
        for (int i = 0; i < 60; i++) {
            pass(1);
            assertTrue(device.power().value() <= 2010, "drawn " + device.power());
        }
        assertEquals(OptionalInt.of(1), heater.read().level());
    }

    @Test
    void impossibleLevelsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> driver(WhatsminerLevel.limits(3000, 2000)));
        assertThrows(IllegalArgumentException.class, () -> driver(WhatsminerLevel.limits(2000, 4000)));
        assertThrows(IllegalArgumentException.class, () -> WhatsminerLevel.percents(3400, 40));
        assertThrows(IllegalArgumentException.class, () -> WhatsminerLevel.percents(3400, 101));
        assertThrows(IllegalArgumentException.class, () -> WhatsminerLevel.limits(0));
    }
}
