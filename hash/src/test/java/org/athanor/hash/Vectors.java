package org.athanor.hash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

/** Headers whose hashes the world agrees on; headers.csv names the sources. */
final class Vectors {
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Known(byte[] header, String hash) {}

    private Vectors() {}

    static Stream<Known> headers() {
        try (var in = Vectors.class.getResourceAsStream("headers.csv")) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(",", -1))
                    .map(fields -> new Known(Hex.decode(fields[0]), fields[1]));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
