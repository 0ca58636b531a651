package org.athanor.devices.luxos;

import static org.athanor.devices.testing.Failures.anyPort;
import static org.athanor.devices.testing.Failures.assertFails;
import static org.athanor.devices.testing.Failures.assertMentions;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.athanor.devices.DeviceException.Kind;
import org.athanor.devices.HeaterState.Phase;
import org.athanor.devices.cgminer.CgminerClient;
import org.athanor.devices.simulated.Fault;
import org.athanor.devices.simulated.SimulatedLuxOs;
import org.athanor.devices.testing.FakeComputation;
import org.athanor.units.Celsius;
import org.athanor.units.Hashrate;
import org.athanor.units.Watts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is LuxOS' own; the rest stands in the contract of all miners. */
class LuxOsHeaterTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final List<LuxOsProfile> LEVELS = LuxOsProfile.spread(SimulatedLuxOs.PROFILES, new Watts(3000), 3);

    private final SimulatedLuxOs device =
            new SimulatedLuxOs(anyPort(), new FakeComputation(), () -> Instant.parse("2019-01-15T00:00:00Z"));
    private final CgminerClient other = new CgminerClient("another program", device.address(), TIMEOUT);
    private final LuxOsHeater heater = driver(LEVELS);

    private LuxOsHeater driver(List<LuxOsProfile> levels) {
        return new LuxOsHeater("s19k", "Antminer S19k Pro", levels, new Watts(3600), device.address(), TIMEOUT);
    }

    private void pass(int minutes) {
        for (int i = 0; i < minutes; i++) device.advance(Duration.ofMinutes(1), new Celsius(20), true);
    }

    private String config(String key) {
        return other.request("config", "").field("CONFIG", key).orElseThrow();
    }

    @AfterEach
    void stop() {
        device.close();
    }

    @Test
    void whatTheMachineOffersIsReadAscending() {
        pass(10);
        assertEquals(SimulatedLuxOs.PROFILES, LuxOsHeater.profiles("s19k", device.address(), TIMEOUT));
    }

    @Test
    void itsOwnControlByTemperatureIsOffBeforeAProfileIsSet() {
        pass(10);
        assertEquals("true", config("IsAtmEnabled"));
        heater.setLevel(1);
        assertEquals("false", config("IsAtmEnabled"));
        assertEquals(OptionalInt.of(1), heater.read().level());
    }

    @Test
    void aHeldProfileStillLosesTheControlThatWouldMoveIt() {
        pass(10);
        assertEquals(OptionalInt.of(3), heater.read().level(), "its first profile");
        heater.setLevel(3);
        assertEquals("false", config("IsAtmEnabled"));
    }

    @Test
    void theSessionIsGivenBackWhateverHappens() {
        pass(10);
        heater.setLevel(1);
        assertTrue(!other.request("logon", "").refused(), "free again");
        assertMentions(assertFails(Kind.REFUSED, () -> heater.setLevel(0)), "Another session is active");
        pass(2); // it runs out
        heater.setLevel(0);
        device.inject(Fault.REFUSES_COMMANDS);
        assertFails(Kind.REFUSED, () -> heater.setLevel(1));
        device.clear();
        pass(2);
        heater.setLevel(1);
        assertEquals(OptionalInt.of(1), heater.read().level());
    }

    @Test
    void aSessionThatEndsInTheMiddleIsARefusalAndTheNextCommandWorks() {
        pass(10);
        device.inject(Fault.FORGETS_SESSION);
        var failure = assertFails(Kind.REFUSED, () -> heater.setLevel(0));
        assertMentions(failure, "curtail sleep on s19k", "Invalid session id");
        assertTrue(!failure.toString().contains("session1"), "nobody else may use it: " + failure);
        heater.setLevel(0);
        assertEquals(OptionalInt.of(0), heater.read().level());
    }

    @Test
    void sleepIsReadEvenWhenAnotherHandChoseIt() {
        pass(10);
        var session = other.request("logon", "").field("SESSION", "SessionID").orElseThrow();
        other.ask("curtail", session + ",sleep", 335);
        pass(30);
        assertEquals(OptionalInt.of(0), heater.read().level());
        assertEquals(Phase.OFF, heater.read().phase());
    }

    @Test
    void aProfileThatIsGoneOrDrawsOtherWattsIsNotSet() {
        pass(10);
        var gone = driver(List.of(new LuxOsProfile("200MHz", new Watts(800), Hashrate.ofTerahashes(40))));
        assertMentions(
                assertFails(Kind.REFUSED, () -> gone.setLevel(1)), "configured for the profile 200MHz", "190MHz");
        var other = driver(List.of(new LuxOsProfile("190MHz", new Watts(600), Hashrate.ofTerahashes(40))));
        assertMentions(assertFails(Kind.REFUSED, () -> other.setLevel(1)), "now draws 784", "configured as 600");
        assertEquals(OptionalInt.of(3), heater.read().level(), "nothing was changed");
    }

    @Test
    void whenItsBoardsAreTooHotItSaysSo() {
        pass(10);
        heater.setLevel(3);
        device.inject(Fault.FAN_FAILED);
        pass(20);
        assertTrue(
                heater.read().fault().orElseThrow().contains("Overheated"),
                heater.read().toString());
    }

    @Property(tries = 200)
    void aSpreadIsWithinWhatIsAllowedAscendingAndReachesBothEnds(
            @ForAll @IntRange(min = 784, max = 4000) int most, @ForAll @IntRange(min = 1, max = 9) int count) {
        var chosen = LuxOsProfile.spread(SimulatedLuxOs.PROFILES, new Watts(most), count);
        assertTrue(chosen.size() <= count && !chosen.isEmpty());
        assertEquals(SimulatedLuxOs.PROFILES.getFirst(), chosen.getFirst());
        for (int i = 1; i < chosen.size(); i++)
            assertTrue(chosen.get(i).watts().compareTo(chosen.get(i - 1).watts()) > 0);
        assertTrue(chosen.getLast().watts().value() <= most);
        var highest = SimulatedLuxOs.PROFILES.stream()
                .filter(profile -> profile.watts().value() <= most)
                .toList()
                .getLast();
        if (count > 1) assertEquals(highest, chosen.getLast());
    }

    @Test
    void nothingToChooseFromIsTheCallersMistake() {
        assertThrows(
                IllegalArgumentException.class, () -> LuxOsProfile.spread(SimulatedLuxOs.PROFILES, new Watts(500), 3));
        assertThrows(
                IllegalArgumentException.class, () -> LuxOsProfile.spread(SimulatedLuxOs.PROFILES, new Watts(3000), 0));
        assertThrows(IllegalArgumentException.class, () -> driver(LEVELS.reversed()));
        assertThrows(
                IllegalArgumentException.class,
                () -> new LuxOsProfile("a,b", new Watts(800), Hashrate.ofTerahashes(40)));
    }
}
