package org.athanor.training.engine;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongConsumer;

/**
 * A file that comes over a line that may break or fall silent: what has come is kept, also for the next program, and the rest is
 * asked for again.
 *
 * @param address  of the file
 * @param bytes    of the whole
 * @param silence  after which a line that brings nothing is given up
 * @param pause    before it is tried again, twice as long each time that nothing came
 */
record Download(URI address, long bytes, Duration silence, Duration pause) {
    private static final Duration CONNECT = Duration.ofSeconds(20);
    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final Duration SILENCE = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int BUFFER = 1 << 16;
    /** In a row that brought nothing. */
    private static final int MOST_TRIES = 5;

    Download(URI address, long bytes) {
        this(address, bytes, SILENCE, PAUSE);
    }

    /**
     * Fills {@code part}, from where an earlier download ended.
     *
     * @param progress hears how many bytes are there
     * @throws IOException when five tries in a row brought nothing, or the server refuses
     */
    void into(Path part, LongConsumer progress) throws IOException, InterruptedException {
        if (Files.exists(part) && Files.size(part) >= bytes) {
            Files.delete(part); // of an unlucky end: longer than or as long as the whole, and not it
        }
        try (var client = HttpClient.newBuilder()
                .connectTimeout(CONNECT)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build()) {
            var wait = pause;
            for (var tries = 1; size(part) < bytes; tries++) {
                var before = size(part);
                try {
                    once(client, part, progress);
                } catch (RefusedException refused) {
                    throw refused;
                } catch (IOException broke) {
                    if (size(part) > before) {
                        tries = 0;
                        wait = pause;
                    } else if (tries >= MOST_TRIES) {
                        throw broke;
                    }
                    Thread.sleep(wait);
                    wait = wait.multipliedBy(2);
                }
            }
        }
    }

    private static long size(Path part) throws IOException {
        return Files.exists(part) ? Files.size(part) : 0;
    }

    private void once(HttpClient client, Path part, LongConsumer progress) throws IOException, InterruptedException {
        var have = size(part);
        var request = HttpRequest.newBuilder(address).timeout(ANSWER);
        if (have > 0) {
            request.header("Range", "bytes=" + have + "-");
        }
        var response = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        try (var body = new Watched(response.body(), silence)) {
            if (response.statusCode() == 200) {
                have = 0;
            } else if (response.statusCode() != 206) {
                var said = address + " answers with status " + response.statusCode();
                throw response.statusCode() < 500 ? new RefusedException(said) : new IOException(said);
            }
            try (var file = FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                file.truncate(have);
                file.position(have);
                var buffer = ByteBuffer.allocate(BUFFER);
                while (have < bytes && body.read(buffer) >= 0) {
                    buffer.flip();
                    have += file.write(buffer);
                    buffer.clear();
                    progress.accept(have);
                }
            }
        }
        if (have != bytes) {
            throw new IOException(address + " has " + have + " bytes, where " + bytes + " are expected");
        }
    }

    /** Asking again does not help. */
    private static final class RefusedException extends IOException {
        private static final long serialVersionUID = 1;

        RefusedException(String message) {
            super(message);
        }
    }

    /** A body that is closed when nothing of it comes: a line may die without saying so, and a client waits for ever then. */
    private static final class Watched implements AutoCloseable {
        private final InputStream body;
        private final java.nio.channels.ReadableByteChannel input;
        private final AtomicBoolean moved = new AtomicBoolean(true);
        private final Thread watch;
        private volatile boolean silent;

        Watched(InputStream body, Duration silence) {
            this.body = body;
            input = Channels.newChannel(body);
            watch = Thread.ofVirtual().name("download").start(() -> watch(silence));
        }

        private void watch(Duration silence) {
            try {
                while (moved.getAndSet(false)) {
                    Thread.sleep(silence);
                }
                silent = true;
                body.close();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            } catch (IOException _) {
                // it is closed all the same
            }
        }

        int read(ByteBuffer into) throws IOException {
            try {
                var read = input.read(into);
                moved.set(true);
                if (read < 0 && silent) {
                    throw new IOException("closed");
                }
                return read;
            } catch (IOException broke) {
                throw silent ? new IOException("the line has fallen silent", broke) : broke;
            }
        }

        @Override
        public void close() throws IOException {
            watch.interrupt();
            body.close();
        }
    }
}
