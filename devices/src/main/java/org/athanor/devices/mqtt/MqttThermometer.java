package org.athanor.devices.mqtt;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.athanor.devices.DeviceException;
import org.athanor.devices.DeviceException.Kind;
import org.athanor.devices.Thermometer;
import org.athanor.devices.mqtt.TemperatureReader.Told;
import org.athanor.units.Celsius;

/**
 * A sensor that tells its temperature by MQTT when it likes. {@link #read} gives what it told last, until that is too old; a retained
 * message is of unknown age and so no reading, unless it says when its device was heard.
 */
public final class MqttThermometer implements Thermometer {
    /** Battery sensors report when it changes, and once in 5 to 60 minutes otherwise. */
    public static final Duration STALE = Duration.ofMinutes(30);
    /** By which clocks of two computers may differ. */
    private static final Duration SAME_TIME = Duration.ofMinutes(2);

    /**
     * @param availability topic that tells whether the device is there ({@code online} or {@code offline}, alone or as
     *     {@code {"state":"online"}})
     * @param stale after this time without a reading there is none
     */
    public record Config(String topic, TemperatureShape shape, Optional<String> availability, Duration stale) {
        public Config {
            MqttBroker.topic(topic);
            if (!stale.isPositive())
                throw new IllegalArgumentException("thermometer on " + topic + ": stale " + stale + " (above 0)");
        }

        /** @param topic such as {@code zigbee2mqtt/living} */
        public static Config zigbee2Mqtt(String topic) {
            return new Config(
                    topic,
                    new TemperatureShape.Zigbee2Mqtt("temperature"),
                    Optional.of(topic + "/availability"),
                    STALE);
        }

        /**
         * @param device its {@code Topic}
         * @param sensor such as {@code DS18B20}
         */
        public static Config tasmota(String device, String sensor) {
            return new Config(
                    "tele/" + device + "/SENSOR",
                    new TemperatureShape.Tasmota(sensor),
                    Optional.of("tele/" + device + "/LWT"),
                    STALE);
        }

        /** @param topic such as ESPHome's {@code living/sensor/temperature/state}, whose availability is {@code living/status} */
        public static Config bare(String topic, TemperatureShape.Unit unit) {
            return new Config(topic, new TemperatureShape.Bare(unit), Optional.empty(), STALE);
        }

        public Config withStale(Duration time) {
            return new Config(topic, shape, availability, time);
        }

        public Config withAvailability(String where) {
            return new Config(topic, shape, Optional.of(where), stale);
        }
    }

    private final String id;
    private final MqttBroker broker;
    private final Config config;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final MqttBroker.Subscription readings;
    private final Optional<MqttBroker.Subscription> availability;
    private volatile Optional<Last> last = Optional.empty();
    private volatile boolean offline;
    private volatile boolean setAside;

    /** @param nanos when it was measured, by the monotonic clock */
    private record Last(Told told, long nanos) {}

    /** @param clock that {@code last_seen} is compared with */
    public MqttThermometer(String id, MqttBroker broker, Config config, InstantSource clock) {
        this(id, broker, config, clock, System::nanoTime);
    }

    MqttThermometer(String id, MqttBroker broker, Config config, InstantSource clock, LongSupplier nanos) {
        this.id = id;
        this.broker = broker;
        this.config = config;
        this.clock = clock;
        this.nanos = nanos;
        this.readings = broker.subscribe(config.topic(), this::heard);
        this.availability = config.availability().map(topic -> broker.subscribe(topic, this::heardOfAvailability));
    }

    void heard(MqttMessage message) {
        var told = TemperatureReader.read(config.shape(), message.text());
        switch (told) {
            case Told.SomethingElse() -> {}
            case Told.Unreadable(var _) -> {
                if (!message.retained()) last = Optional.of(new Last(told, nanos.getAsLong()));
            }
            case Told.Reading(var _, var seen) -> {
                // Zigbee2MQTT repeats what it remembers when it starts: only last_seen tells that from a new reading
                var age = seen.map(time -> Duration.between(time, clock.instant()))
                        .filter(time -> time.compareTo(SAME_TIME.negated()) > 0);
                if (age.isEmpty() && message.retained()) {
                    setAside = true;
                    return;
                }
                long measured = nanos.getAsLong()
                        - age.filter(Duration::isPositive)
                                .map(Duration::toNanos)
                                .orElse(0L);
                if (last.isPresent() && last.get().told instanceof Told.Reading && last.get().nanos - measured > 0)
                    return;
                last = Optional.of(new Last(told, measured));
            }
        }
    }

    private void heardOfAvailability(MqttMessage message) {
        offline = message.text().toLowerCase(Locale.ROOT).contains("offline");
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public Celsius read() {
        if (offline)
            throw failure(
                    Kind.UNREACHABLE,
                    "it is offline, says " + config.availability().orElseThrow());
        var held = last;
        if (held.isEmpty())
            throw failure(
                    Kind.UNREACHABLE,
                    "no reading yet"
                            + (setAside ? "; a retained one of unknown age was set aside" : "")
                            + broker.trouble().map(why -> "; broker: " + why).orElse(""));
        return switch (held.get().told) {
            case Told.Unreadable(var why) -> throw failure(Kind.GARBLED, why);
            case Told.SomethingElse() -> throw new AssertionError("is never kept");
            case Told.Reading(var celsius, var _) -> {
                var age = Duration.ofNanos(nanos.getAsLong() - held.get().nanos);
                if (age.compareTo(config.stale()) > 0)
                    throw failure(
                            Kind.UNREACHABLE,
                            "last reading " + age.toMinutes() + " min ago (believed for "
                                    + config.stale().toMinutes() + " min)"
                                    + broker.trouble()
                                            .map(why -> "; broker: " + why)
                                            .orElse(""));
                yield new Celsius(celsius);
            }
        };
    }

    private DeviceException failure(Kind kind, String what) {
        return new DeviceException(kind, "thermometer " + id + " on MQTT topic " + config.topic() + ": " + what);
    }

    /** The broker's connection stays its maker's. */
    @Override
    public void close() {
        readings.close();
        availability.ifPresent(MqttBroker.Subscription::close);
    }
}
