package org.athanor.edge;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Why something is not taken, to be said in whichever language its reader has.
 *
 * @param values by the name of their place: a text, a number, or another reason
 */
public record RefusalReason(RefusalWords words, Map<String, Object> values) {
    private static final Pattern PLACE = Pattern.compile("\\{(\\w+)}");

    /** @throws IllegalArgumentException for a place without its value, a value without a place, or one of another kind */
    public RefusalReason {
        values = Map.copyOf(values);
        var places = PLACE.matcher(words.english())
                .results()
                .map(place -> place.group(1))
                .toList();
        if (places.size() != values.size() || !values.keySet().containsAll(places))
            throw new IllegalArgumentException(words + " has places " + places + ", not " + values.keySet());
        for (var value : values.values())
            switch (value) {
                case String _, Integer _, Long _, Double _, RefusalReason _ -> {}
                default -> throw new IllegalArgumentException(words + ": no value of the kind " + value.getClass());
            }
    }

    /** In English. */
    @Override
    public String toString() {
        return PLACE.matcher(words.english())
                .replaceAll(place ->
                        Matcher.quoteReplacement(values.get(place.group(1)).toString()));
    }
}
