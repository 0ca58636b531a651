package org.athanor.devices.mqtt;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.athanor.devices.DeviceException;
import org.athanor.devices.DeviceException.Kind;

/** Questions to one device and its answers, which MQTT itself does not join. */
final class Conversation implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String device;
    private final MqttBroker broker;
    private final MqttBroker.Subscription subscription;
    private final List<Waiting<?>> waiting = new CopyOnWriteArrayList<>();

    private record Waiting<T>(Function<MqttMessage, Optional<T>> answer, CompletableFuture<T> future) {
        void hear(MqttMessage message) {
            try {
                answer.apply(message).ifPresent(future::complete);
            } catch (DeviceException e) {
                future.completeExceptionally(e);
            }
        }
    }

    /** How long one operation may take with all its questions. */
    static final class Deadline {
        private final long end;

        Deadline(Duration time) {
            end = System.nanoTime() + time.toNanos();
        }

        private long left() {
            return Math.max(0, end - System.nanoTime());
        }
    }

    /** @param filter of the topics on which the device answers */
    Conversation(String device, MqttBroker broker, String filter) {
        this.device = device;
        this.broker = broker;
        this.subscription = broker.subscribe(filter, this::heard);
    }

    private void heard(MqttMessage message) {
        if (message.retained()) return; // said before anybody asked
        for (var each : waiting) each.hear(message);
    }

    /**
     * Sends {@code text} and waits for the first message in which {@code answer} finds something.
     *
     * @throws DeviceException if none comes in time, or what {@code answer} throws
     */
    <T> T ask(Deadline deadline, String topic, String text, Function<MqttMessage, Optional<T>> answer) {
        var asked = new Waiting<>(answer, new CompletableFuture<T>());
        waiting.add(asked);
        try {
            if (!broker.publish(topic, text, false))
                throw failure(
                        Kind.UNREACHABLE,
                        topic,
                        text,
                        "not sent: " + broker.trouble().orElse("too much waits to be sent"));
            return asked.future.get(deadline.left(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw failure(Kind.UNREACHABLE, topic, text, "no answer in time");
        } catch (ExecutionException e) {
            throw (DeviceException) e.getCause();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure(Kind.UNREACHABLE, topic, text, "interrupted");
        } finally {
            waiting.remove(asked);
        }
    }

    DeviceException failure(Kind kind, String topic, String text, String what) {
        return new DeviceException(kind, device + ": MQTT " + topic + (text.isEmpty() ? "" : " " + text) + ": " + what);
    }

    /** Empty if the message is no JSON object. */
    static Optional<JsonNode> object(MqttMessage message) {
        try {
            return Optional.ofNullable(JSON.readTree(message.text())).filter(JsonNode::isObject);
        } catch (JsonProcessingException _) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        subscription.close();
    }
}
