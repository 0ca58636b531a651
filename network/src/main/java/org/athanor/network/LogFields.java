package org.athanor.network;

import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.athanor.units.Work;

/** The fields of one line, read from left to right; every method throws IllegalArgumentException or a kind of it. */
final class LogFields {
    private final String[] fields;
    private int next;

    LogFields(String payload) {
        fields = payload.split("\t", -1);
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
        return LogLine.unescape(next());
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
        var target = new BigInteger(next(), 16);
        if (target.signum() < 0 || target.bitLength() > 256)
            throw new IllegalArgumentException("not a 256-bit target: " + target.toString(16));
        return target;
    }

    Work work() {
        return new Work(integer());
    }

    String hash() {
        var hash = next();
        if (hash.length() != 64) throw new IllegalArgumentException("not a hash: " + hash);
        return hash;
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
