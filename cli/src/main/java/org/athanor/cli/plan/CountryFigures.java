package org.athanor.cli.plan;

import java.util.Arrays;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * What is known of energy in a country, each figure with its source and date. Few are: a figure without a source is no
 * default, and the home file has to give it.
 *
 * @param electricity and {@code gas}: price per kWh at homes, in {@code currency}
 * @param electricityKg kg CO2e per kWh
 */
record CountryFigures(
        String name,
        Optional<Currency> currency,
        Optional<Sourced> electricity,
        Optional<Sourced> gas,
        Optional<Sourced> electricityKg) {
    record Sourced(double value, String source) {}

    static final String OTHER = "other";

    private static final Currency EUR = Currency.getInstance("EUR");
    private static final String BOPTEST = "BOPTEST's Belgian test cases, read in July 2026";

    private static final Map<String, CountryFigures> KNOWN = new TreeMap<>(Map.of(
            "be",
            new CountryFigures(
                    "Belgium",
                    Optional.of(EUR),
                    Optional.of(new Sourced(0.2535, BOPTEST)),
                    Optional.of(new Sourced(0.0498, BOPTEST)),
                    Optional.of(new Sourced(0.167, BOPTEST))),
            "de",
            new CountryFigures(
                    "Germany",
                    Optional.of(EUR),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(new Sourced(0.315, "mean of 2020, from ENTSO-E's production by lets-wait-awhile")))));

    /**
     * @param code two letters (ISO 3166), or {@code other}
     * @throws IllegalArgumentException if there is no such country
     */
    static CountryFigures of(String code) {
        var lower = code.toLowerCase(Locale.ROOT);
        var known = KNOWN.get(lower);
        if (known != null) return known;
        if (lower.equals(OTHER)) return unknown("another country");
        if (Arrays.stream(Locale.getISOCountries()).noneMatch(lower::equalsIgnoreCase))
            throw new IllegalArgumentException(code);
        return unknown(Locale.of("", lower.toUpperCase(Locale.ROOT)).getDisplayCountry(Locale.ENGLISH));
    }

    private static CountryFigures unknown(String name) {
        return new CountryFigures(name, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** Those that have a figure of this kind, for people to read. */
    static String having(Function<CountryFigures, Optional<Sourced>> figure) {
        List<String> names = KNOWN.values().stream()
                .filter(country -> figure.apply(country).isPresent())
                .map(CountryFigures::name)
                .toList();
        return String.join(" and ", names);
    }

    Optional<Sourced> electricityIn(Currency wanted) {
        return currency.filter(wanted::equals).flatMap(_ -> electricity);
    }

    Optional<Sourced> gasIn(Currency wanted) {
        return currency.filter(wanted::equals).flatMap(_ -> gas);
    }
}
