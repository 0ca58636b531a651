package org.athanor.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.athanor.units.Celsius;
import org.athanor.units.Watts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HomeSteadyStateTest {
    @Test
    void aBoxSettlesWhereItsResistancesSaySo() {
        // air to wall: convection, and through the furnishings convection then radiation of two surfaces round the star
        double wall = 20;
        double furnishings = 10;
        double direct = 2.5 * wall;
        double star = RoomNetwork.RADIATION * wall * furnishings / (wall + furnishings);
        double round = 1 / (1 / (3 * furnishings) + 1 / star);
        double outside = RoomNetwork.outsideCoefficient(3) * wall;
        double conductance = 1 / (1 / (direct + round) + 2 / wall + 1 / outside);
        var home = new Home(Homes.box(wall, furnishings), Homes.dark(-5, 3), Duration.ZERO, new Celsius(10), 0);
        home.advance(Duration.ofDays(30), new Watts(200));
        assertEquals(-5 + 200 / conductance, home.airCelsius(), 1e-6);
    }

    @Test
    void theFlatLosesWhatItsUValuesAndItsAirExchangeSay() {
        var spec = Homes.withoutGains(HomeSpec.wellInsulatedFlat());
        double surfaces = 0;
        double outside = 1 / RoomNetwork.outsideCoefficient(4);
        double inside = 0.13; // ISO 6946; the network has its own convection and radiation in its place
        for (var wall : spec.walls())
            surfaces += wall.area() / (inside + wall.innerResistance() + wall.outerResistance() + outside);
        for (var window : spec.windows()) surfaces += window.area() / (inside + window.gapResistance() + outside);
        double byHand = (surfaces + spec.airExchange().wattsPerKelvin(20.5, 4)) * 20.5;
        assertEquals(byHand, Homes.settledDemandWatts(spec, Homes.dark(0, 4), 20.5), 0.03 * byHand);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            outdoor | wind | least | most
                -22 |    4 |  1200 | 1500
                -22 |   10 |  1300 | 1700
                  0 |    4 |   600 |  700
                  5 |    4 |   420 |  540
            """)
    void heatersOfADemonstrationCanHoldTheFlat(double outdoor, double wind, double least, double most) {
        var spec = Homes.withoutGains(HomeSpec.wellInsulatedFlat());
        double watts = Homes.settledDemandWatts(spec, Homes.dark(outdoor, wind), 20.5);
        assertTrue(watts >= least && watts <= most, watts + " W");
    }

    @Test
    void theOperativeTemperatureIsBelowTheAirsWhenWallsAreCold() {
        var home = new Home(
                Homes.withoutGains(HomeSpec.wellInsulatedFlat()),
                Homes.dark(-10, 4),
                Duration.ZERO,
                new Celsius(20),
                0);
        home.advance(Duration.ofDays(20), new Watts(1000));
        assertTrue(home.operativeCelsius() < home.airCelsius());
        assertTrue(home.operativeCelsius() > home.airCelsius() - 2);
    }
}
