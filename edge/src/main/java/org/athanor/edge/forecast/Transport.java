package org.athanor.edge.forecast;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One request and its reply over HTTP, bounded in size and time from the first packet to the last. */
final class Transport implements AutoCloseable {
    /** A week of weather is 6 kB, three days of prices too. */
    static final long LARGEST_REPLY = 1_000_000;

    private static final int EXCERPT = 200;

    private final Duration bound;
    private final HttpClient client;

    sealed interface Answer {
        record Body(String text) implements Answer {}

        /**
         * @param retry when the service says that it may be asked again; or, for a refusal that the same request would meet
         *     again, what {@link #LATER} says
         */
        record Refused(String why, Optional<Duration> retry) implements Answer {}
    }

    /** For refusals that asking again soon does not cure. */
    static final Duration LATER = Duration.ofHours(1);

    /** @param bound of the whole exchange */
    Transport(Duration bound) {
        this.bound = bound;
        client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(bound)
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build();
    }

    /** @param now for a time to wait that is given as a date */
    Answer get(URI uri, Instant now) throws InterruptedException {
        var request = HttpRequest.newBuilder(uri)
                .header("Accept", "application/json")
                .header("User-Agent", "athanor")
                .GET()
                .build();
        // a request's own time-out ends with the headers
        var pending = client.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), LARGEST_REPLY));
        try {
            return answer(pending.get(bound.toNanos(), TimeUnit.NANOSECONDS), now);
        } catch (TimeoutException e) {
            pending.cancel(true);
            return refused("no answer within " + bound.toSeconds() + " s");
        } catch (ExecutionException e) {
            return refused(why(e.getCause()));
        } catch (InterruptedException e) {
            pending.cancel(true);
            throw e;
        }
    }

    private static Answer answer(HttpResponse<byte[]> response, Instant now) {
        int status = response.statusCode();
        if (status == 200) {
            try {
                var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(response.body()));
                return new Answer.Body(text.toString());
            } catch (CharacterCodingException e) {
                return refused("an answer that is not in UTF-8 (" + e.getMessage() + ")");
            }
        }
        var retry = response.headers().firstValue("Retry-After").flatMap(value -> retryAfter(value, now));
        boolean lasting = status >= 300 && status < 500 && status != 408;
        return new Answer.Refused(
                "HTTP " + status + excerpt(response.body()), retry.isEmpty() && lasting ? Optional.of(LATER) : retry);
    }

    /** RFC 9110, 10.2.3: seconds, or a date. What is neither says nothing. */
    static Optional<Duration> retryAfter(String value, Instant now) {
        var text = value.strip();
        if (text.matches("[0-9]{1,9}")) return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
        try {
            var date = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return Optional.of(date.isAfter(now) ? Duration.between(now, date) : Duration.ZERO);
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }

    private static String excerpt(byte[] body) {
        var text = new String(body, StandardCharsets.UTF_8)
                .replaceAll("[\\s\\p{Cntrl}]+", " ")
                .strip();
        if (text.isEmpty()) return "";
        return ": " + (text.length() > EXCERPT ? text.substring(0, EXCERPT) + "…" : text);
    }

    private static Answer refused(String why) {
        return new Answer.Refused(why, Optional.empty());
    }

    private static String why(Throwable cause) {
        if (cause instanceof ConnectException && cause.getMessage() == null) return "it cannot be reached";
        return cause instanceof IOException && cause.getMessage() != null ? cause.getMessage() : cause.toString();
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
