package org.athanor.network.training;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.util.concurrent.atomic.LongAdder;

/**
 * Bytes of HTTP that went over the workers' lines, heads and bodies; what TLS and TCP add is not counted. Up is towards the
 * coordinator, or to a store outside: then only bodies are known, and an upload that broke off is not.
 */
public final class Traffic {
    private static final int LINE_END = 2;
    private static final int SEPARATOR = 2;

    private final LongAdder up = new LongAdder();
    private final LongAdder down = new LongAdder();
    private final LongAdder datasetDown = new LongAdder();

    /** @param dataset whether the reply holds a part of the dataset, which is counted apart */
    void count(HttpExchange exchange, long sent, boolean dataset) {
        var request = exchange.getRequestMethod().length()
                + exchange.getRequestURI().toString().length()
                + " ".length()
                + " HTTP/1.1".length()
                + LINE_END;
        up.add(request + size(exchange.getRequestHeaders()) + length(exchange.getRequestHeaders()));
        var reply = "HTTP/1.1 200 OK".length() + LINE_END + size(exchange.getResponseHeaders()) + sent;
        (dataset ? datasetDown : down).add(reply);
    }

    /** Bodies that workers move between themselves and a store outside, as far as the coordinator knows of them. */
    void countOutside(long sentUp, long fetched, boolean dataset) {
        up.add(sentUp);
        (dataset ? datasetDown : down).add(fetched);
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

    private static long length(Headers headers) {
        var length = headers.getFirst("Content-Length");
        return length == null ? 0 : Long.parseLong(length);
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
