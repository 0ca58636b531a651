package org.athanor.cli;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;
import picocli.CommandLine.TypeConversionException;

/** Spans of time as people type them: {@code 90s}, {@code 2m}, {@code 1h30m}, {@code 500ms}. */
final class Spans {
    private static final Pattern TEXT =
            Pattern.compile("(?:(\\d+)d)?(?:(\\d+)h)?(?:(\\d+)m(?!s))?(?:(\\d+(?:\\.\\d+)?)s)?(?:(\\d+)ms)?");

    private Spans() {}

    static Duration parse(String text) {
        var matcher = TEXT.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (text.isBlank() || !matcher.matches())
            throw new TypeConversionException("\"" + text + "\" is not a span of time (such as 90s, 2m or 1h30m)");
        double seconds = number(matcher.group(1)) * 86_400
                + number(matcher.group(2)) * 3_600
                + number(matcher.group(3)) * 60
                + number(matcher.group(4))
                + number(matcher.group(5)) / 1e3;
        if (seconds <= 0 || seconds > 365 * 86_400)
            throw new TypeConversionException("\"" + text + "\": a span from 1ms to 365d is accepted");
        return Duration.ofNanos(Math.round(seconds * 1e9));
    }

    private static double number(String digits) {
        return digits == null ? 0 : Double.parseDouble(digits);
    }
}
