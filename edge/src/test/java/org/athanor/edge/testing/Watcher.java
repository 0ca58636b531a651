package org.athanor.edge.testing;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.athanor.devices.mqtt.MqttBroker;
import org.athanor.devices.mqtt.MqttConfig;
import org.athanor.devices.mqtt.MqttMessage;
import org.athanor.devices.testing.Mosquitto;

/** Hears everything that a broker carries, and can speak too. */
public final class Watcher implements AutoCloseable {
    private final MqttBroker broker;
    private final List<MqttMessage> heard = new CopyOnWriteArrayList<>();

    public Watcher(Mosquitto server, String name) {
        this(MqttConfig.plain("127.0.0.1", server.port(), name));
    }

    public Watcher(MqttConfig config) {
        broker = MqttBroker.open(config, _ -> {});
        broker.subscribe("#", heard::add);
        Mosquitto.await("the watcher's connection", broker::connected);
        Mosquitto.await("the watcher's subscription", () -> {
            broker.publish("watcher", "here", false);
            return last("watcher").isPresent();
        });
    }

    public void say(String topic, String text) {
        if (!broker.publish(topic, text, false)) throw new IllegalStateException("not sent");
    }

    public void sayRetained(String topic, String text) {
        if (!broker.publish(topic, text, true)) throw new IllegalStateException("not sent");
    }

    public List<MqttMessage> all(String topic) {
        return heard.stream().filter(message -> message.topic().equals(topic)).toList();
    }

    public List<MqttMessage> all() {
        return List.copyOf(heard);
    }

    public Optional<String> last(String topic) {
        return all(topic).reversed().stream().findFirst().map(MqttMessage::text);
    }

    /** Waits for a message on {@code topic} with exactly this text. */
    public void await(String topic, String text) {
        Mosquitto.await(
                topic + " " + text + ", last was " + last(topic),
                () -> last(topic).equals(Optional.of(text)));
    }

    public void forget() {
        heard.clear();
    }

    @Override
    public void close() {
        broker.close();
    }
}
