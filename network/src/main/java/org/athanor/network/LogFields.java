package org.athanor.network;

import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.athanor.units.Work;

/** The fields of one line, read from left to right; every method throws IllegalArgumentException or a kind of it. */
final class LogFields {
    private final String[] fields;
    private final Known known;
    private int next;

    LogFields(String payload) {
        this(payload, new Known());
    }

    LogFields(String payload, Known known) {
        fields = payload.split("\t", -1);
        this.known = known;
    }

    /** Names, targets and work repeat from share to share: what was read before is neither parsed nor stored again. */
    static final class Known {
        private static final int MOST = 4096;
        private final Map<String, String> texts = new HashMap<>();
        private final Map<String, BigInteger> targets = new HashMap<>();
        private final Map<String, Work> works = new HashMap<>();

        private static <T> T of(Map<String, T> known, String field, Function<String, T> read) {
            var value = known.get(field);
            if (value != null) return value;
            if (known.size() >= MOST) known.clear();
            value = read.apply(field);
            known.put(field, value);
            return value;
        }
    }

    String next() {
        if (next == fields.length) throw new IllegalArgumentException("field " + (next + 1) + " is missing");
        return fields[next++];
    }

    int left() {
        return fields.length - next;
    }

    void end() {
        if (left() != 0) throw new IllegalArgumentException(left() + " fields too many");
    }

    String text() {
        return Known.of(known.texts, next(), LogLine::unescape);
    }

    long number() {
        var value = Long.parseLong(next());
        if (value < 0) throw new IllegalArgumentException("negative count " + value);
        return value;
    }

    BigInteger integer() {
        return new BigInteger(next());
    }

    BigInteger target() {
        return Known.of(known.targets, next(), LogFields::target);
    }

    private static BigInteger target(String field) {
        var target = new BigInteger(field, 16);
        if (target.signum() < 0 || target.bitLength() > 256)
            throw new IllegalArgumentException("not a 256-bit target: " + target.toString(16));
        return target;
    }

    Work work() {
        return Known.of(known.works, next(), field -> new Work(new BigInteger(field)));
    }

    String hash() {
        var hash = next();
        var digits = 0;
        while (digits < hash.length() && isHex(hash.charAt(digits))) digits++;
        if (digits != 64 || hash.length() != 64) throw new IllegalArgumentException("not a hash: " + hash);
        return hash;
    }

    private static boolean isHex(char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    }

    boolean flag() {
        return number() != 0;
    }

    Instant time() {
        var text = next();
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("not a time: " + text, e);
        }
    }

    Instant micros() {
        return Instant.EPOCH.plus(number(), ChronoUnit.MICROS);
    }
}
