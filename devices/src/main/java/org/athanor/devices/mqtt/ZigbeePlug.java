package org.athanor.devices.mqtt;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import org.athanor.devices.DeviceException.Kind;
import org.athanor.devices.PlugState;
import org.athanor.devices.http.JsonHttp;
import org.athanor.devices.mqtt.Conversation.Deadline;
import org.athanor.devices.mqtt.MqttPlug.ZigbeeCountdown;
import org.athanor.units.Joules;
import org.athanor.units.Watts;

/**
 * Through Zigbee2MQTT, which tells a plug's new state when a command was acknowledged by radio, and nothing when it was not. The
 * watts that it tells are those that the plug reported last.
 */
final class ZigbeePlug implements PlugLanguage {
    private static final String GET = "{\"state\":\"\"}";
    private static final double MOST_WATTS = 100_000;
    private static final double MOST_KILOWATT_HOURS = 1e9;

    private final String topic;
    private final ZigbeeCountdown countdown;
    private final Conversation conversation;

    ZigbeePlug(String id, MqttBroker broker, String topic, ZigbeeCountdown countdown) {
        this.topic = MqttBroker.topic(topic);
        this.countdown = countdown;
        this.conversation = new Conversation("plug " + id, broker, topic);
    }

    @Override
    public boolean countsDown() {
        return countdown != ZigbeeCountdown.NONE;
    }

    @Override
    public PlugState read(Deadline deadline) {
        var state = conversation.ask(
                deadline,
                topic + "/get",
                GET,
                message -> Conversation.object(message).filter(ZigbeePlug::tellsState));
        return new PlugState(
                isOn(state),
                new Watts(number(state, "power", -MOST_WATTS, MOST_WATTS)),
                Joules.ofKilowattHours(number(state, "energy", 0, MOST_KILOWATT_HOURS)),
                Optional.empty()); // what it says of its countdown is what was set, not what is left
    }

    private static boolean tellsState(JsonNode message) {
        var state = message.path("state").asText();
        return state.equals("ON") || state.equals("OFF");
    }

    private static boolean isOn(JsonNode message) {
        return message.path("state").asText().equals("ON");
    }

    private double number(JsonNode state, String field, double lowest, double highest) {
        var node = state.path(field);
        if (node.isNumber() && node.doubleValue() >= lowest && node.doubleValue() <= highest) return node.doubleValue();
        throw conversation.failure(
                Kind.GARBLED,
                topic,
                "",
                "no \"" + field + "\" from " + lowest + " to " + highest + ", which a metering plug tells: "
                        + JsonHttp.quote(state.toString()));
    }

    @Override
    public void on(Duration time, Deadline deadline) {
        long seconds = time.toSeconds();
        switch (countdown) {
            case NONE -> set("{\"state\":\"ON\"}", ZigbeePlug::isOn, deadline);
            case ON_TIME -> set("{\"state\":\"ON\",\"on_time\":" + seconds + "}", ZigbeePlug::isOn, deadline);
            case COUNTDOWN -> {
                set("{\"state\":\"ON\"}", ZigbeePlug::isOn, deadline);
                setCountdown(seconds, deadline);
            }
        }
    }

    @Override
    public void off(Deadline deadline) {
        set("{\"state\":\"OFF\"}", message -> tellsState(message) && !isOn(message), deadline);
        if (countdown == ZigbeeCountdown.COUNTDOWN) setCountdown(0, deadline); // some toggle at its end
    }

    private void setCountdown(long seconds, Deadline deadline) {
        set(
                "{\"countdown\":" + seconds + "}",
                message -> message.path("countdown").isNumber()
                        && message.path("countdown").longValue() <= seconds
                        && (seconds == 0 || message.path("countdown").longValue() > 0),
                deadline);
    }

    private void set(String command, Predicate<JsonNode> done, Deadline deadline) {
        conversation.ask(
                deadline,
                topic + "/set",
                command,
                message -> Conversation.object(message).filter(done));
    }

    @Override
    public void close() {
        conversation.close();
    }
}
