package org.athanor.cli.heater;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.athanor.cli.heater.HomeSetup.ClimateEntity;
import org.athanor.cli.heater.HomeSetup.EntitySensor;
import org.athanor.cli.heater.HomeSetup.Gateway;
import org.athanor.cli.heater.HomeSetup.HwmonSensor;
import org.athanor.cli.heater.HomeSetup.NumberSensor;
import org.athanor.cli.heater.HomeSetup.OneWireSensor;
import org.athanor.cli.heater.HomeSetup.PlugEntry;
import org.athanor.cli.heater.HomeSetup.PrimaryEntry;
import org.athanor.cli.heater.HomeSetup.Room;
import org.athanor.cli.heater.HomeSetup.Sensor;
import org.athanor.cli.heater.HomeSetup.ShellyPlugEntry;
import org.athanor.cli.heater.HomeSetup.ShellySensor;
import org.athanor.cli.heater.HomeSetup.TasmotaPlugEntry;
import org.athanor.cli.heater.HomeSetup.TasmotaSensor;
import org.athanor.cli.heater.HomeSetup.TasmotaTopicEntry;
import org.athanor.cli.heater.HomeSetup.ZigbeePlugEntry;
import org.athanor.cli.heater.HomeSetup.ZigbeeSensor;
import org.athanor.devices.Plug;
import org.athanor.devices.Thermometer;
import org.athanor.devices.files.HwmonThermometer;
import org.athanor.devices.files.OneWireThermometer;
import org.athanor.devices.homeassistant.HomeAssistantAccess;
import org.athanor.devices.homeassistant.HomeAssistantClimate;
import org.athanor.devices.homeassistant.HomeAssistantPower;
import org.athanor.devices.homeassistant.HomeAssistantThermometer;
import org.athanor.devices.mqtt.MqttBroker;
import org.athanor.devices.mqtt.MqttPlug;
import org.athanor.devices.mqtt.MqttThermometer;
import org.athanor.devices.mqtt.TemperatureShape;
import org.athanor.devices.opentherm.OpenThermGateway;
import org.athanor.devices.shelly.ShellyPlug;
import org.athanor.devices.shelly.ShellyThermometer;
import org.athanor.devices.tasmota.TasmotaPlug;
import org.athanor.edge.EdgeConfig;
import org.athanor.edge.PrimaryHeating;
import org.athanor.edge.homeassistant.ClimateHeating;
import org.athanor.edge.opentherm.GatewayHeating;

/** Makes the drivers of a home's thermometers, plugs and other heating; each is its asker's to close. */
final class HomeLinks {
    private static final Duration TIMEOUT = EdgeConfig.DEVICE_TIMEOUT;

    /** A thermostat reads back what it was told; one that sleeps longer is told again in the next cycle. */
    private static final Duration OBEYS = Duration.ofSeconds(2);

    private final HomeSetup setup;
    private final Optional<MqttBroker> broker;
    private final InstantSource clock;

    /** @param broker that of the home, where it has one; remains its giver's to close */
    HomeLinks(HomeSetup setup, Optional<MqttBroker> broker, InstantSource clock) {
        this.setup = setup;
        this.broker = broker;
        this.clock = clock;
    }

    Thermometer thermometer(String id, Sensor sensor) {
        return switch (sensor) {
            case ShellySensor(var address, var password) -> new ShellyThermometer(id, address, password, TIMEOUT);
            case ZigbeeSensor(var topic) -> mqtt(id, MqttThermometer.Config.zigbee2Mqtt(topic));
            case TasmotaSensor(var topic, var probe) -> mqtt(id, MqttThermometer.Config.tasmota(topic, probe));
            case NumberSensor(var topic, var fahrenheit) ->
                mqtt(
                        id,
                        MqttThermometer.Config.bare(
                                topic, fahrenheit ? TemperatureShape.Unit.FAHRENHEIT : TemperatureShape.Unit.CELSIUS));
            case OneWireSensor(var probe) -> new OneWireThermometer(id, probe);
            case HwmonSensor(var chip, var probe) -> new HwmonThermometer(id, chip, probe);
            case EntitySensor(var entity) -> new HomeAssistantThermometer(id, homeAssistant(), entity, clock);
        };
    }

    private Thermometer mqtt(String id, MqttThermometer.Config config) {
        return new MqttThermometer(id, broker.orElseThrow(), config, clock);
    }

    Plug plug(String id, PlugEntry entry) {
        return switch (entry) {
            case ShellyPlugEntry it -> new ShellyPlug(id, it.address(), it.password(), it.rating(), TIMEOUT);
            case TasmotaPlugEntry it -> new TasmotaPlug(id, it.address(), it.login(), it.rating(), TIMEOUT);
            case TasmotaTopicEntry it -> MqttPlug.tasmota(id, broker.orElseThrow(), it.device(), it.rating());
            case ZigbeePlugEntry it -> {
                var plug = zigbee(id, broker.orElseThrow(), it);
                yield new TriedPlugs(setup.state()).seen(it) ? plug : plug.untried();
            }
        };
    }

    static MqttPlug zigbee(String id, MqttBroker broker, ZigbeePlugEntry entry) {
        return MqttPlug.zigbee2Mqtt(
                id, broker, entry.topic(), entry.rating(), MqttPlug.ZigbeeCountdown.valueOf(entry.countdown()));
    }

    PrimaryHeating primary(Room room, PrimaryEntry entry) {
        var id = room.id() + "-" + entry.source().title().replace(' ', '-');
        return switch (entry.thermostat()) {
            case ClimateEntity(var entity, var heat) -> climate(id, entry, entity, heat);
            case Gateway(var address) ->
                new GatewayHeating(
                        entry.source(),
                        new OpenThermGateway(id, address, entry.source().commanded(), TIMEOUT),
                        entry.setback());
        };
    }

    private PrimaryHeating climate(String id, PrimaryEntry entry, String entity, Optional<String> heat) {
        var access = homeAssistant();
        return new ClimateHeating(
                entry.source(),
                new HomeAssistantClimate(
                        id, access, entity, entry.source().commanded(), Optional.empty(), OBEYS, clock),
                heat.map(sensor -> new HomeAssistantPower(id + "-heat", access, sensor, clock)),
                entry.setback());
    }

    private HomeAssistantAccess homeAssistant() {
        return setup.homeAssistantRest()
                .map(access -> HomeAssistantAccess.of(access.address(), access.token()))
                .orElseThrow();
    }
}
