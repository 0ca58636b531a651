package org.athanor.devices.files;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.athanor.devices.DeviceException;
import org.athanor.devices.DeviceException.Kind;
import org.athanor.units.Celsius;

/**
 * Files of one sensor, each a few words that the kernel makes up when they are read: which may take long, or for ever on a bus
 * that hangs, and no reading of a file can be broken off. So a thread of its own reads, at most one at a time.
 */
final class SensorFile {
    private static final int LARGEST = 4096;

    private final String id;
    private final Duration timeout;
    private CompletableFuture<String> reading = CompletableFuture.completedFuture("");

    /**
     * @param id of the sensor, for messages
     * @param timeout of one reading
     * @throws IllegalArgumentException for a time-out that is not positive
     */
    SensorFile(String id, Duration timeout) {
        if (timeout.isNegative() || timeout.isZero())
            throw new IllegalArgumentException(id + ": time-out " + timeout + " (must be positive)");
        this.id = id;
        this.timeout = timeout;
    }

    /** @throws DeviceException of kind UNREACHABLE if there is no such file or no answer, REFUSED if we may not read it */
    synchronized String text(Path file) {
        if (!reading.isDone()) throw failure(Kind.UNREACHABLE, file, "an earlier reading hangs still", null);
        var now = new CompletableFuture<String>();
        reading = now;
        Thread.ofPlatform().daemon().name("sensor-" + id).start(() -> {
            try (var input = Files.newInputStream(file)) {
                now.complete(new String(input.readNBytes(LARGEST), StandardCharsets.US_ASCII).strip());
            } catch (IOException | RuntimeException e) {
                now.completeExceptionally(e);
            }
        });
        try {
            return now.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw failure(Kind.UNREACHABLE, file, "no answer within " + timeout, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure(Kind.UNREACHABLE, file, "interrupted", e);
        } catch (ExecutionException e) {
            throw switch (e.getCause()) {
                case NoSuchFileException _ -> failure(Kind.UNREACHABLE, file, "there is none: is it plugged in?", e);
                case AccessDeniedException _ -> failure(Kind.REFUSED, file, "this program may not read it", e);
                default -> failure(Kind.UNREACHABLE, file, e.getCause().toString(), e);
            };
        }
    }

    /**
     * Thousandths of a degree Celsius, in the bounds in which they are believed.
     *
     * @throws DeviceException of kind GARBLED for anything else
     */
    Celsius millidegrees(Path file, String text, double lowest, double highest) {
        if (!text.matches("-?\\d{1,7}"))
            throw failure(Kind.GARBLED, file, "reads " + quote(text) + ", not thousandths of a degree", null);
        double celsius = Integer.parseInt(text) / 1000.0;
        if (celsius < lowest || celsius > highest)
            throw failure(
                    Kind.GARBLED,
                    file,
                    "reads " + celsius + " °C (believed from " + lowest + " to " + highest + ")",
                    null);
        return new Celsius(celsius);
    }

    static String quote(String text) {
        var printable = text.replaceAll("\\p{Cntrl}", "?");
        return "\"" + (printable.length() > 80 ? printable.substring(0, 80) + "…" : printable) + "\"";
    }

    DeviceException failure(Kind kind, Path file, String what, Throwable cause) {
        return new DeviceException(kind, "reading " + file + " of " + id + ": " + what, cause);
    }
}
