package org.athanor.cli.heater;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.athanor.comfort.ComfortBand;
import org.athanor.comfort.PrimarySource;
import org.athanor.comfort.SafetyLimits;
import org.athanor.comfort.Schedule;
import org.athanor.comfort.TankSpec;
import org.athanor.comfort.learning.RoomPrior;
import org.athanor.devices.Credentials;
import org.athanor.devices.PoolSetting;
import org.athanor.devices.drivers.HeaterKind;
import org.athanor.devices.drivers.HeaterSettings;
import org.athanor.devices.mqtt.MqttConfig;
import org.athanor.edge.forecast.PriceTerms;
import org.athanor.edge.homeassistant.HomeAssistantConfig;
import org.athanor.edge.s2.S2Config;
import org.athanor.ledger.MiningScenario;
import org.athanor.stratum.PoolAddress;
import org.athanor.training.engine.EngineLimits;
import org.athanor.training.mailbox.JoinToken;
import org.athanor.units.Celsius;
import org.athanor.units.PricePerKwh;
import org.athanor.units.Watts;

/**
 * What a heater file says, checked.
 *
 * @param state folder that everything is kept in
 * @param circuits fuses by name, with what they carry
 * @param rooms in order of priority
 * @param manager an energy manager that the rooms are offered to
 * @param watching its pool for the chips that are this computer's own; empty where they only heat
 * @param files that were read beside the heater file
 */
record HomeSetup(
        String name,
        ZoneId zone,
        Path state,
        InetSocketAddress page,
        Tariff tariff,
        Optional<Place> place,
        Map<String, Watts> circuits,
        List<Sink> rooms,
        List<HeaterEntry> heaters,
        Optional<Sensor> outdoor,
        Optional<MqttConfig> broker,
        Optional<HomeAssistantEntry> homeAssistant,
        Optional<Access> homeAssistantRest,
        Optional<S2Config> manager,
        MiningScenario scenario,
        Optional<Pool> watching,
        List<NamedFile> files) {
    /** How the home appears in Home Assistant; empty where it does not. */
    Optional<HomeAssistantConfig> announced() {
        return homeAssistant.map(entry -> {
            var at = broker.orElseThrow();
            return new HomeAssistantConfig(
                    at.host(),
                    at.port(),
                    at.tls(),
                    at.authority(),
                    at.user(),
                    at.password(),
                    entry.discoveryPrefix(),
                    HomeAssistantConfig.BASE_TOPIC,
                    entry.homeId());
        });
    }

    /** Of machines, plugs and thermometers that are asked by their address. */
    Stream<InetSocketAddress> hosts() {
        var machines = heaters.stream()
                .map(HeaterEntry::source)
                .filter(Network.class::isInstance)
                .map(source -> ((Network) source).settings().address());
        var plugs = heaters.stream().flatMap(heater -> heater.plug().stream()).flatMap(plug -> switch (plug) {
            case ShellyPlugEntry it -> Stream.of(it.address());
            case TasmotaPlugEntry it -> Stream.of(it.address());
            case TasmotaTopicEntry _, ZigbeePlugEntry _ -> Stream.<InetSocketAddress>empty();
        });
        var sensors = Stream.concat(rooms.stream().map(Sink::sensor), outdoor.stream())
                .filter(ShellySensor.class::isInstance)
                .map(sensor -> ((ShellySensor) sensor).address());
        return Stream.concat(Stream.concat(machines, plugs), sensors).distinct();
    }

    HomeSetup {
        circuits = Map.copyOf(circuits);
        rooms = List.copyOf(rooms);
        heaters = List.copyOf(heaters);
        files = List.copyOf(files);
    }

    /** @param field where it is named, such as heaters[0].passwordFile */
    record NamedFile(String field, Path file) {}

    /** Whom this computer's own chips mine for. */
    record Pool(PoolAddress address, String user) {}

    /** The contract for electricity. */
    sealed interface Tariff {}

    record Flat(PricePerKwh price) implements Tariff {}

    record DayNight(PricePerKwh day, PricePerKwh night, LocalTime dayFrom, LocalTime dayUntil) implements Tariff {}

    record Market(PriceTerms.DayAhead terms) implements Tariff {}

    /**
     * Where the home is, for its weather.
     *
     * @param windows azimuths of the walls that have windows, degrees from north
     */
    record Place(double latitude, double longitude, List<Double> windows) {}

    /** Something that takes heat and has a thermometer. */
    sealed interface Sink {
        String id();

        String name();

        Sensor sensor();

        Schedule schedule();

        ComfortBand band();
    }

    /**
     * @param ownCircuit what the heaters that share no named circuit may draw together
     */
    record Room(
            String id,
            String name,
            RoomPrior prior,
            Schedule schedule,
            ComfortBand band,
            double maximumCelsius,
            double frostCelsius,
            Watts ownCircuit,
            Sensor sensor,
            Optional<Sensor> second,
            Optional<PrimaryEntry> primary)
            implements Sink {}

    /**
     * The heating that a room has anyway, with its thermostat.
     *
     * @param fuelPerKwh price of a boiler's fuel
     * @param setback what its thermostat is set to while it is held back
     */
    record PrimaryEntry(PrimarySource source, Thermostat thermostat, OptionalDouble fuelPerKwh, Celsius setback) {}

    /** How a thermostat is reached. */
    sealed interface Thermostat {}

    /**
     * One that Home Assistant knows.
     *
     * @param heat a sensor of the heat that it gives; without one it gives its capacity while it heats
     */
    record ClimateEntity(String entity, Optional<String> heat) implements Thermostat {}

    /** One behind an OpenTherm gateway. */
    record Gateway(InetSocketAddress address) implements Thermostat {}

    /**
     * @param people who draw from it
     * @param second a thermometer higher up
     */
    record Tank(
            String id,
            String name,
            TankSpec spec,
            int people,
            Schedule schedule,
            ComfortBand band,
            double maximumCelsius,
            Watts ownCircuit,
            Sensor sensor,
            Optional<Sensor> second)
            implements Sink {}

    /** A thermometer and how it is reached. */
    sealed interface Sensor {}

    /** @param password of its user admin; kept out of messages */
    record ShellySensor(InetSocketAddress address, Optional<String> password) implements Sensor {
        @Override
        public String toString() {
            return "shelly at " + address;
        }
    }

    record ZigbeeSensor(String topic) implements Sensor {}

    record TasmotaSensor(String topic, String probe) implements Sensor {}

    /** A number alone on a topic. */
    record NumberSensor(String topic, boolean fahrenheit) implements Sensor {}

    record OneWireSensor(String probe) implements Sensor {}

    record HwmonSensor(String chip, String probe) implements Sensor {}

    record EntitySensor(String entity) implements Sensor {}

    /** A plug and how it is reached. */
    sealed interface PlugEntry {
        Watts rating();
    }

    /** @param password of its user admin; kept out of messages */
    record ShellyPlugEntry(InetSocketAddress address, Optional<String> password, Watts rating) implements PlugEntry {
        @Override
        public String toString() {
            return "shelly at " + address;
        }
    }

    record TasmotaPlugEntry(InetSocketAddress address, Optional<Credentials> login, Watts rating)
            implements PlugEntry {}

    /** @param device its {@code Topic}, with topics in Tasmota's default form */
    record TasmotaTopicEntry(String device, Watts rating) implements PlugEntry {}

    record ZigbeePlugEntry(String topic, String countdown, Watts rating) implements PlugEntry {}

    /** What heats. */
    sealed interface Source {
        /** A job that it may help to train. */
        default Optional<Training> training() {
            return Optional.empty();
        }
    }

    /** @param terahashesPerWatt for what it is expected to earn; empty earns nothing in plans */
    record Network(HeaterKind kind, HeaterSettings settings, OptionalDouble terahashesPerWatt) implements Source {}

    record Element(Watts watts) implements Source {}

    /**
     * This computer's cores.
     *
     * @param terahashesPerWatt for what mining is expected to earn; empty earns nothing in plans
     * @param training that they may do; empty of one that only mines
     */
    record Computer(int threads, Watts wattsPerThread, OptionalDouble terahashesPerWatt, Optional<Training> training)
            implements Source {
        /** One that mines. */
        Computer(int threads, Watts wattsPerThread) {
            this(threads, wattsPerThread, OptionalDouble.empty(), Optional.empty());
        }
    }

    /**
     * A job that a computer or its GPU helps to train.
     *
     * @param coordinator {@code https://HOST:PORT}
     * @param token to join with, for the first time
     * @param limits of its engine
     * @param upBytes a second at most that it sends; 0 for no limit
     * @param downBytes the same of what it fetches
     * @param paysPerKwh of electricity, in the home's currency
     * @param always whether it trains even where mining pays more
     */
    record Training(
            URI coordinator,
            JoinToken token,
            EngineLimits limits,
            double upBytes,
            double downBytes,
            double paysPerKwh,
            boolean always) {
        /** Never shows the token. */
        @Override
        public String toString() {
            return "training for " + coordinator;
        }
    }

    /**
     * A GPU of this computer.
     *
     * @param card its index or UUID
     * @param limits of its levels; empty takes what the card says
     * @param training what it computes; empty where something else computes on it
     */
    record Gpu(String card, List<Watts> limits, Optional<Training> training) implements Source {
        Gpu {
            limits = List.copyOf(limits);
        }

        /** One on which something else computes. */
        Gpu(String card, List<Watts> limits) {
            this(card, limits, Optional.empty());
        }
    }

    /**
     * @param sink id of the room or tank that it heats
     * @param preference those with lower numbers are used first
     * @param ours pool and user that it must mine for; another one is an alarm
     * @param waterCelsius that its heat has, where a tank takes it; empty for what blows air
     */
    record HeaterEntry(
            String id,
            String name,
            String sink,
            Source source,
            Optional<PlugEntry> plug,
            Optional<String> circuit,
            int preference,
            boolean unprotectedAccepted,
            Optional<PoolSetting> ours,
            OptionalDouble waterCelsius) {}

    /** @param homeId that tells homes at one broker apart */
    record HomeAssistantEntry(String discoveryPrefix, String homeId) {}

    /** Home Assistant's own API. */
    record Access(InetSocketAddress address, String token) {
        @Override
        public String toString() {
            return address.toString(); // the token stays out of all messages
        }
    }

    /** Limits of a sink that follow from its own. */
    static SafetyLimits limits(Sink sink) {
        return SinkLimits.of(sink);
    }
}
