package org.athanor.edge.forecast;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.athanor.comfort.series.Location;
import org.athanor.comfort.series.WindowSun;

/**
 * Where the home is and whom to ask.
 *
 * @param home its latitude and longitude in degrees; its offset from UTC is not looked at
 * @param windows of the room
 * @param weather of Open-Meteo or a server of one's own that speaks as it does
 * @param market of energy-charts.info; not asked under a fixed price
 * @param folder in which the last good replies are kept
 * @param timeout of a whole request, from the connection to the last byte
 */
public record ForecastConfig(
        Location home, WindowSun windows, PriceTerms prices, URI weather, URI market, Path folder, Duration timeout) {
    public static final URI OPEN_METEO = URI.create("https://api.open-meteo.com");
    public static final URI ENERGY_CHARTS = URI.create("https://api.energy-charts.info");

    private static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(5);

    /** @throws IllegalArgumentException naming the field, its value and what is accepted */
    public ForecastConfig {
        if (!(Math.abs(home.latitude()) <= 90))
            throw new IllegalArgumentException("latitude of the home " + home.latitude() + " (-90 to 90)");
        if (!(Math.abs(home.longitude()) <= 180))
            throw new IllegalArgumentException("longitude of the home " + home.longitude() + " (-180 to 180)");
        http("address of the weather service", weather);
        http("address of the price service", market);
        if (!timeout.isPositive() || timeout.compareTo(LONGEST_TIMEOUT) > 0)
            throw new IllegalArgumentException(
                    "time-out of weather and prices " + timeout + " (above 0, at most " + LONGEST_TIMEOUT + ")");
    }

    /** The public services, 20 s each. */
    public ForecastConfig(Location home, WindowSun windows, PriceTerms prices, Path folder) {
        this(home, windows, prices, OPEN_METEO, ENERGY_CHARTS, folder, Duration.ofSeconds(20));
    }

    private static void http(String name, URI uri) {
        boolean known = uri.getScheme() != null && Set.of("http", "https").contains(uri.getScheme());
        if (!known || uri.getHost() == null || uri.getRawQuery() != null || uri.getRawFragment() != null)
            throw new IllegalArgumentException(name + " " + uri + " (http or https with a host, without a query)");
    }
}
