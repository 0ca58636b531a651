package org.athanor.edge.forecast;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.athanor.comfort.series.Forecast;
import org.athanor.comfort.series.Location;
import org.athanor.comfort.series.OpenMeteo;
import org.athanor.comfort.series.WindowSun;

/**
 * Open-Meteo's {@code /v1/forecast} for a home. A week is asked for, so that a plan of a day is possible until the sixth day of
 * an outage; to the service that is one call of the 10,000 a day that it gives away for non-commercial use.
 * The place is told to a hundredth of a degree: the weather is no finer, and nobody needs to know the house.
 */
record WeatherQuestion(URI base, Location home, WindowSun windows) implements Question<Forecast> {
    private static final String NAME = "Open-Meteo";
    private static final int DAYS = 7;

    /** What a reply that is worth having covers from now on. */
    private static final Duration AHEAD = Duration.ofHours(24);

    @Override
    public String service() {
        return NAME;
    }

    @Override
    public String asked() {
        return String.format(
                Locale.ROOT,
                "/v1/forecast?latitude=%.2f&longitude=%.2f&hourly=%s&timeformat=unixtime&wind_speed_unit=ms&forecast_days=%d",
                home.latitude(),
                home.longitude(),
                String.join(",", OpenMeteo.HOURLY),
                DAYS);
    }

    @Override
    public URI request(Instant now) {
        return Question.below(base, asked());
    }

    @Override
    public Forecast read(String text, Instant fetched) {
        return OpenMeteo.forecast(NAME, text, fetched, home, windows);
    }

    @Override
    public Optional<String> objection(Forecast fresh, Optional<Forecast> held, Instant now) {
        if (fresh.covers(now, now.plus(AHEAD))) return Optional.empty();
        return Optional.of("a forecast from " + fresh.start() + " to " + fresh.end()
                + " when this computer's clock says " + now + " (it must reach a day ahead)");
    }
}
