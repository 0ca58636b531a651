package org.athanor.comfort;

import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.athanor.units.Celsius;
import org.athanor.units.Joules;
import org.athanor.units.Kelvins;
import org.athanor.units.Watts;

/**
 * Something that is told to people, in whichever language they read: what is said, and the values in it.
 *
 * @param values by the name of their place: a quantity, a time of the home's clock, a number such as a price, a name, or
 *     another sentence
 */
public record Sentence(Saying saying, Map<String, Object> values) {
    private static final Pattern PLACE = Pattern.compile("\\{(\\w+)}");
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);

    /** @throws IllegalArgumentException for a place without its value, a value without a place, or one of another kind */
    public Sentence {
        values = Map.copyOf(values);
        var places = PLACE.matcher(saying.english())
                .results()
                .map(place -> place.group(1))
                .toList();
        if (places.size() != values.size() || !values.keySet().containsAll(places))
            throw new IllegalArgumentException(saying + " has places " + places + ", not " + values.keySet());
        for (var value : values.values())
            switch (value) {
                case Celsius _, Kelvins _, Watts _, Joules _, LocalTime _, Double _, String _, Sentence _ -> {}
                default -> throw new IllegalArgumentException(saying + ": no value of the kind " + value.getClass());
            }
    }

    static Sentence of(Saying saying) {
        return new Sentence(saying, Map.of());
    }

    /** In English, as it stands inside another. */
    @Override
    public String toString() {
        return PLACE.matcher(saying.english())
                .replaceAll(place -> Matcher.quoteReplacement(english(values.get(place.group(1)))));
    }

    /** In English, as it stands alone. */
    public String english() {
        var text = toString();
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }

    private static String english(Object value) {
        return switch (value) {
            case LocalTime time -> CLOCK.format(time);
            case Double number -> String.format(Locale.ROOT, Math.abs(number) < 10 ? "%.2f" : "%.1f", number);
            default -> value.toString();
        };
    }
}
