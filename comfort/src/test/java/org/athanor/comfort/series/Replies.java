package org.athanor.comfort.series;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * Replies in the form in which the services write them, member by member and digit by digit; their values are computed. The
 * week of weather in Brussels begins on 15 January 2026, the three days of prices on the 14th by local time.
 */
final class Replies {
    static final String OPEN_METEO = text("open-meteo.json");
    static final String ENERGY_CHARTS = text("energy-charts.json");

    private Replies() {}

    private static String text(String file) {
        try (var in = Replies.class.getResourceAsStream(file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** With one value of an array written anew. */
    static String with(String reply, String array, int index, String value) {
        return withAll(reply, array, index, index + 1, value);
    }

    static String withAll(String reply, String array, int from, int to, String value) {
        var matcher = Pattern.compile("(\"" + array + "\":\\[)([^]]*)]").matcher(reply);
        if (!matcher.find()) throw new AssertionError("no array " + array);
        var values = matcher.group(2).split(",");
        Arrays.fill(values, from, to, value);
        return reply.substring(0, matcher.end(1)) + String.join(",", values) + reply.substring(matcher.end() - 1);
    }
}
