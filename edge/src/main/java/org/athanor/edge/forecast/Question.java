package org.athanor.edge.forecast;

import java.net.URI;
import java.time.Instant;
import java.util.Optional;
import org.athanor.comfort.series.SeriesException;

/** What a service is asked, and what is made of its reply. */
interface Question<T> {
    /** Of the service, for messages. */
    String service();

    /** What is asked, dates aside, on one line: a reply kept for another question is none to this one. */
    String asked();

    URI request(Instant now);

    /** @throws SeriesException for a reply that cannot be used */
    T read(String text, Instant fetched);

    /**
     * Why this reply, read without complaint, must not take the place of what is held; empty if it may.
     *
     * @param held the last good one
     */
    Optional<String> objection(T fresh, Optional<T> held, Instant now);

    /** @param path with its query, beginning with a slash */
    static URI below(URI base, String path) {
        var text = base.toString();
        return URI.create((text.endsWith("/") ? text.substring(0, text.length() - 1) : text) + path);
    }
}
