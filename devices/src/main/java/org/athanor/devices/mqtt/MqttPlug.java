package org.athanor.devices.mqtt;

import java.time.Duration;
import org.athanor.devices.DeviceException;
import org.athanor.devices.Plug;
import org.athanor.devices.PlugState;
import org.athanor.devices.mqtt.Conversation.Deadline;
import org.athanor.units.Watts;

/**
 * A metering plug behind an MQTT broker. Each operation asks the plug and waits for its own answer. Only the countdown of
 * its firmware protects: a broker, a bridge or a radio that is gone must not keep a heater on.
 */
public final class MqttPlug implements Plug {
    /** Of one operation with all its questions. */
    public static final Duration TIMEOUT = Duration.ofMillis(2_500);

    /** Which countdown of its own a Zigbee plug has: its page at zigbee2mqtt.io says so. */
    public enum ZigbeeCountdown {
        /** {@code on_time}: on with timed off. Some firmwares ignore it: {@link #goesOffByItself} finds out. */
        ON_TIME,
        /** A {@code countdown} property, in seconds. Some plugs take it and toggle, or do nothing, at its end. */
        COUNTDOWN,
        /** None: such a plug protects nothing. */
        NONE
    }

    private final String id;
    private final Watts continuousRating;
    private final PlugLanguage language;
    private final Duration timeout;
    private final boolean believed;

    private MqttPlug(String id, Watts continuousRating, PlugLanguage language, Duration timeout, boolean believed) {
        if (continuousRating.value() <= 0)
            throw new IllegalArgumentException(
                    "plug " + id + ": continuous rating " + continuousRating + " (must be positive)");
        this.id = id;
        this.continuousRating = continuousRating;
        this.language = language;
        this.timeout = timeout;
        this.believed = believed;
    }

    /**
     * A plug of Zigbee2MQTT that meters {@code power} in W and {@code energy} in kWh.
     *
     * @param topic such as {@code zigbee2mqtt/plug}
     */
    public static MqttPlug zigbee2Mqtt(
            String id, MqttBroker broker, String topic, Watts continuousRating, ZigbeeCountdown countdown) {
        return new MqttPlug(id, continuousRating, new ZigbeePlug(id, broker, topic, countdown), TIMEOUT, true);
    }

    /** The same plug, which is waited for less or more long. */
    MqttPlug within(Duration time) {
        return new MqttPlug(id, continuousRating, language, time, believed);
    }

    /** The same plug, whose countdown was never seen to switch it off: it is armed all the same, and counts as none. */
    public MqttPlug untried() {
        return new MqttPlug(id, continuousRating, language, timeout, false);
    }

    /**
     * A plug with Tasmota, whose timer is {@code RuleTimer8} with {@code Rule3}.
     *
     * @param device its {@code Topic}, with topics in the form that Tasmota has by default, {@code %prefix%/%topic%/}
     */
    public static MqttPlug tasmota(String id, MqttBroker broker, String device, Watts continuousRating) {
        return new MqttPlug(id, continuousRating, new TasmotaPlug(id, broker, device), TIMEOUT, true);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public Watts continuousRating() {
        return continuousRating;
    }

    @Override
    public boolean countsDown() {
        return believed && language.countsDown();
    }

    @Override
    public PlugState read() {
        return language.read(new Deadline(timeout));
    }

    @Override
    public void on(Duration countdown) {
        if (countdown.compareTo(Duration.ofSeconds(1)) < 0)
            throw new IllegalArgumentException("plug " + id + ": countdown " + countdown + " (at least a second)");
        language.on(countdown, new Deadline(timeout));
    }

    @Override
    public void off() {
        language.off(new Deadline(timeout));
    }

    /**
     * Switches on for {@code countdown} and sees whether the plug goes off by itself: for the day on which it is installed, since
     * firmwares that do not know a countdown take the command all the same.
     *
     * @throws DeviceException if the plug does not answer, or refuses
     */
    public boolean goesOffByItself(Duration countdown) throws InterruptedException {
        on(countdown);
        if (!read().on()) return false; // it was never on
        Thread.sleep(countdown.plus(timeout));
        boolean on = read().on();
        if (on) off();
        return !on;
    }

    /** The broker's connection stays its maker's. */
    @Override
    public void close() {
        language.close();
    }
}
