package org.athanor.simulation;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Currency;
import java.util.function.Supplier;
import java.util.zip.GZIPInputStream;
import org.athanor.comfort.series.PriceSeries;
import org.athanor.comfort.series.Weather;

/** Weather and prices that may be passed on; origins and licences stand in NOTICE.md beside them. Read at first use. */
public final class ShippedData {
    private static final Supplier<Weather> CHICAGO =
            once(() -> Weather.readEpw("USA_IL_Chicago_TMY3.epw", text("USA_IL_Chicago_TMY3.epw")));
    private static final Supplier<Weather> DENVER =
            once(() -> Weather.readMos("DRYCOLD_Denver_TMY.mos", text("DRYCOLD_Denver_TMY.mos")));
    private static final Supplier<PriceSeries> BELGIUM_2019 = once(() -> prices("PriceElectricPowerHighlyDynamic"));
    private static final Supplier<PriceSeries> BELGIUM_2019_GAS = once(() -> prices("PriceGasPower"));

    private ShippedData() {}

    /** Typical meteorological year 3 of Chicago O'Hare: a cold winter, -22.8 °C on 7 January. */
    public static Weather chicago() {
        return CHICAGO.get();
    }

    /** Typical meteorological year of Denver-Stapleton: cold and sunny. */
    public static Weather denver() {
        return DENVER.get();
    }

    /** Day-ahead prices of 2019 in Belgium with 0.20 EUR/kWh of network and tax, hourly. */
    public static PriceSeries belgium2019() {
        return BELGIUM_2019.get();
    }

    /** Price of natural gas with 0.03 EUR/kWh of network and tax: the same all year. */
    public static PriceSeries belgium2019Gas() {
        return BELGIUM_2019_GAS.get();
    }

    private static PriceSeries prices(String column) {
        var file = "be_2019_prices_hourly.csv";
        return PriceSeries.readCsv(file, text(file), column, Currency.getInstance("EUR"));
    }

    private static String text(String name) {
        try (var raw = ShippedData.class.getResourceAsStream(name + ".gz")) {
            if (raw == null) throw new FileNotFoundException(name + ".gz is missing from the program");
            try (var inflated = new GZIPInputStream(raw, 1 << 16)) {
                return new String(inflated.readAllBytes(), StandardCharsets.UTF_8);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("shipped data " + name + " cannot be read", e);
        }
    }

    private static <T> Supplier<T> once(Supplier<T> source) {
        return new Supplier<>() {
            private T value;

            @Override
            public synchronized T get() {
                if (value == null) value = source.get();
                return value;
            }
        };
    }
}
