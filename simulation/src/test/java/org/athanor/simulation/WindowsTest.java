package org.athanor.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Collections;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.athanor.comfort.series.WeatherSample;
import org.athanor.units.Celsius;
import org.athanor.units.Watts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WindowsTest {
    private static final Celsius LIMIT = new Celsius(22);

    private static HomeSpec livedIn(double person) {
        var spec = HomeSpec.wellInsulatedFlat();
        var gains = new HomeSpec.Gains(Collections.nCopies(24, person), Collections.nCopies(24, 0.0), 0.5);
        return new HomeSpec(
                spec.name(),
                spec.floorArea(),
                spec.airCapacity(),
                spec.furnishings(),
                spec.walls(),
                spec.windows(),
                spec.masses(),
                spec.airExchange(),
                gains,
                spec.sensor(),
                spec.deviceConvectiveShare());
    }

    private static Home home(double person, double outdoorCelsius, Pace pace) {
        var home = new Home(livedIn(person), Homes.dark(outdoorCelsius, 3), Duration.ZERO, new Celsius(21), 1, pace);
        home.openWindowsAbove(LIMIT);
        return home;
    }

    @ParameterizedTest
    @EnumSource(Pace.class)
    void windowsAreOpenAsFarAsItTakesAndTheBooksClose(Pace pace) {
        var home = home(80, 5, pace);
        for (int quarter = 0; quarter < 5 * 96; quarter++) {
            home.advance(Duration.ofMinutes(15), new Watts(1500));
            assertTrue(home.airCelsius() <= LIMIT.value() + 0.01, home.airCelsius() + " °C");
        }
        assertEquals(LIMIT.value(), home.airCelsius(), 0.01);
        assertTrue(home.letOut().kilowattHours() > 60, home.letOut().toString());
        assertTrue(home.letOut().value() < home.balance().airExchange().value());
        assertTrue(home.balance().relativeError() < 1e-9);
    }

    @Test
    void aRoomThatIsNotTooWarmKeepsItsWindowsShut() {
        var home = home(80, 5, Pace.COARSE);
        home.advance(Duration.ofDays(2), new Watts(300));
        assertTrue(home.airCelsius() < LIMIT.value());
        assertEquals(0, home.letOut().value());
    }

    @Test
    void nobodyIsThereToOpenThem() {
        var home = home(0, 5, Pace.COARSE);
        home.advance(Duration.ofDays(3), new Watts(1500));
        assertTrue(home.airCelsius() > 25, home.airCelsius() + " °C");
        assertEquals(0, home.letOut().value());
    }

    @Test
    void warmerAirIsNotLetIn() {
        var home = home(80, 35, Pace.COARSE);
        home.advance(Duration.ofDays(5), Watts.ZERO);
        assertTrue(home.airCelsius() > LIMIT.value() + 2, home.airCelsius() + " °C");
        assertTrue(home.letOut().value() >= 0);
        assertTrue(home.airCelsius() < 35 + 2);
    }

    @Test
    void untilAskedNobodyOpensOne() {
        var home = new Home(livedIn(80), Homes.dark(5, 3), Duration.ZERO, new Celsius(21), 1, Pace.COARSE);
        home.advance(Duration.ofDays(3), new Watts(1500));
        assertEquals(0, home.letOut().value());
        assertThrows(
                IllegalArgumentException.class,
                () -> new Windows(new RoomNetwork(home.spec()), Pace.COARSE).openAbove(Double.NaN));
    }

    /** Wherever the weather goes, both runs close their books, and the reference never gets colder than its setpoint by them. */
    @Property(tries = 20)
    void theReferenceRunHasTheSamePeople(@ForAll long seed) {
        var home = new Home(
                HomeSpec.wellInsulatedFlat(),
                Homes.random(seed),
                Duration.ofDays(150),
                new Celsius(21),
                seed,
                Pace.COARSE);
        home.openWindowsAbove(LIMIT);
        var reference = new ReferenceRun(home);
        for (int i = 0; i < 300; i++) {
            home.advance(Duration.ofMinutes(15), new Watts(i % 5 == 0 ? 2000 : 0));
            reference.advance(Duration.ofMinutes(15), new Celsius(20));
            assertTrue(reference.airCelsius() > 20 - 1e-8, reference.airCelsius() + " °C");
        }
        assertTrue(home.balance().relativeError() < 1e-9);
        assertTrue(reference.balance().relativeError() < 1e-9);
        var copy = home.copy();
        assertEquals(home.letOut(), copy.letOut());
    }

    /** A square metre in a wind of 2 m/s and 10 K: half of √(0.004 + 0.042 + 0.01) is 0.118 m³/s. */
    @Test
    void theFlowIsThatOfDeGidsAndPhaff() {
        assertEquals(0.5 * Math.sqrt(0.056) * 1.2 * 1006, Windows.wattsPerKelvin(1, 10, 2), 1e-9);
    }

    @Test
    void sunIsLetOutOnASummerEvening() {
        var sunny = Climate.constant(Homes.CHICAGO, new WeatherSample(18, 3, 600, 700, 150));
        var home = new Home(livedIn(80), sunny, Duration.ofDays(180).plusHours(12), new Celsius(22), 1, Pace.COARSE);
        home.openWindowsAbove(LIMIT);
        var shut = new Home(livedIn(80), sunny, Duration.ofDays(180).plusHours(12), new Celsius(22), 1, Pace.COARSE);
        home.advance(Duration.ofHours(5), Watts.ZERO);
        shut.advance(Duration.ofHours(5), Watts.ZERO);
        assertTrue(home.airCelsius() < shut.airCelsius() - 0.5, home.airCelsius() + " beside " + shut.airCelsius());
        assertTrue(home.balance().relativeError() < 1e-9);
    }
}
