package org.athanor.edge.s2;

import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** One WebSocket to an energy manager: whole texts in, whole texts out. It is used by one thread; what arrives comes on others. */
final class S2Link implements AutoCloseable {
    static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int LARGEST_TEXT = 1 << 20;

    /** The link could not be made, or is no more. */
    static final class LinkException extends Exception {
        private static final long serialVersionUID = 1;

        LinkException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private final HttpClient http;
    private final WebSocket socket;

    private S2Link(HttpClient http, WebSocket socket) {
        this.http = http;
        this.socket = socket;
    }

    /**
     * @param texts takes each text that arrives
     * @param end takes, once, why there will be no more
     */
    static S2Link open(S2Config config, Consumer<String> texts, Consumer<String> end)
            throws LinkException, InterruptedException {
        var http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
        var builder = http.newWebSocketBuilder().connectTimeout(TIMEOUT);
        config.token().ifPresent(token -> builder.header("Authorization", "Bearer " + token));
        try {
            return new S2Link(
                    http, await(builder.buildAsync(config.manager(), new Listener(texts, end)), "no connection"));
        } catch (LinkException | InterruptedException e) {
            http.shutdownNow();
            throw e;
        }
    }

    private static final class Listener implements WebSocket.Listener {
        private final Consumer<String> texts;
        private final Consumer<String> end;
        private final StringBuilder text = new StringBuilder();

        private Listener(Consumer<String> texts, Consumer<String> end) {
            this.texts = texts;
            this.end = end;
        }

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            if (text.length() + data.length() > LARGEST_TEXT) {
                socket.abort();
                end.accept("a message of more than " + LARGEST_TEXT + " characters came");
                return null;
            }
            text.append(data);
            if (last) {
                texts.accept(text.toString());
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }

        /** The specification knows texts alone. */
        @Override
        public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            end.accept("the manager closed it: " + code + " " + reason);
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            end.accept(error.toString());
        }
    }

    void send(String text) throws LinkException, InterruptedException {
        await(socket.sendText(text, true), "not sent");
    }

    private static <T> T await(CompletableFuture<T> future, String what) throws LinkException, InterruptedException {
        try {
            return future.get(TIMEOUT.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw new LinkException(what + ": " + e.getCause(), e);
        } catch (TimeoutException e) {
            future.cancel(true);
            throw new LinkException(what + " within " + TIMEOUT.toSeconds() + " s", e);
        }
    }

    @Override
    public void close() {
        if (!socket.isOutputClosed()) {
            try {
                await(socket.sendClose(WebSocket.NORMAL_CLOSURE, ""), "no farewell");
            } catch (LinkException _) {
                // it is being left anyway
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        socket.abort();
        http.shutdownNow();
    }
}
