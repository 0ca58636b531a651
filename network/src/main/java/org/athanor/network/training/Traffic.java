package org.athanor.network.training;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;

/**
 * Bytes of HTTP that went over the workers' lines, heads and bodies; what TLS and TCP add is not counted. Up is towards the
 * coordinator, or to a store outside: then only bodies are known, and an upload that broke off is not. It is kept with the job, so
 * that who goes on with it goes on counting: after a crash as of the last mebibyte.
 */
public final class Traffic implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(Traffic.class.getName());
    private static final String FILE = "traffic";
    private static final long BETWEEN_SAVES = 1 << 20;
    private static final int LINE_END = 2;
    private static final int SEPARATOR = 2;

    private final LongAdder up = new LongAdder();
    private final LongAdder down = new LongAdder();
    private final LongAdder datasetDown = new LongAdder();
    private final Path file;
    private long saved;

    private Traffic(Path file) {
        this.file = file;
    }

    /** @throws IOException when the folder cannot be read */
    static Traffic in(Path folder) throws IOException {
        var traffic = new Traffic(folder.resolve(FILE));
        if (Files.exists(traffic.file)) {
            try {
                var counts = Arrays.stream(
                                Files.readString(traffic.file).strip().split(" ", -1))
                        .mapToLong(Long::parseLong)
                        .toArray();
                var dataset = counts[2];
                traffic.up.add(counts[0]);
                traffic.down.add(counts[1]);
                traffic.datasetDown.add(dataset);
            } catch (NumberFormatException | ArrayIndexOutOfBoundsException damaged) {
                LOGGER.log(Level.WARNING, "{0} is damaged: traffic counts from 0", traffic.file);
            }
        }
        traffic.saved = traffic.all();
        return traffic;
    }

    private long all() {
        return up() + down() + datasetDown();
    }

    private synchronized void save(long least) {
        var now = all();
        if (now - saved < least) {
            return;
        }
        try {
            var fresh = file.resolveSibling(FILE + ".new");
            Files.deleteIfExists(fresh);
            Files.writeString(
                    fresh,
                    up() + " " + down() + " " + datasetDown() + "\n",
                    StandardOpenOption.CREATE_NEW,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.DSYNC);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            saved = now;
        } catch (IOException full) {
            LOGGER.log(Level.WARNING, "traffic is not kept: {0}", full.getMessage());
        }
    }

    @Override
    public void close() {
        save(1);
    }

    /**
     * @param came    bytes of the request's body, as read
     * @param dataset whether the reply holds a part of the dataset, which is counted apart
     */
    void count(HttpExchange exchange, long came, long sent, boolean dataset) {
        var request = exchange.getRequestMethod().length()
                + exchange.getRequestURI().toString().length()
                + " ".length()
                + " HTTP/1.1".length()
                + LINE_END;
        up.add(request + size(exchange.getRequestHeaders()) + came);
        var reply = "HTTP/1.1 200 OK".length() + LINE_END + size(exchange.getResponseHeaders()) + sent;
        (dataset ? datasetDown : down).add(reply);
        save(BETWEEN_SAVES);
    }

    /** Bodies that workers move between themselves and a store outside, as far as the coordinator knows of them. */
    void countOutside(long sentUp, long fetched, boolean dataset) {
        up.add(sentUp);
        (dataset ? datasetDown : down).add(fetched);
        save(BETWEEN_SAVES);
    }

    private static long size(Headers headers) {
        long bytes = LINE_END;
        for (var header : headers.entrySet()) {
            for (var value : header.getValue()) {
                bytes += header.getKey().length() + SEPARATOR + (value == null ? 0 : value.length()) + LINE_END;
            }
        }
        return bytes;
    }

    public long up() {
        return up.sum();
    }

    public long down() {
        return down.sum();
    }

    /** Of the dataset alone. */
    public long datasetDown() {
        return datasetDown.sum();
    }
}
