package org.athanor.devices;

import static org.athanor.devices.testing.Failures.anyPort;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.athanor.devices.axeos.AxeOsHeater;
import org.athanor.devices.axeos.AxeOsModel;
import org.athanor.devices.braiins.BraiinsHeater;
import org.athanor.devices.homeassistant.HomeAssistantAccess;
import org.athanor.devices.homeassistant.HomeAssistantClimate;
import org.athanor.devices.homeassistant.HomeAssistantThermometer;
import org.athanor.devices.shelly.ShellyPlug;
import org.athanor.devices.shelly.ShellyThermometer;
import org.athanor.devices.simulated.SimulatedAxeOs;
import org.athanor.devices.simulated.SimulatedBraiins;
import org.athanor.devices.simulated.SimulatedElement;
import org.athanor.devices.simulated.SimulatedHomeAssistant;
import org.athanor.devices.simulated.SimulatedLoad;
import org.athanor.devices.simulated.SimulatedShellyPlug;
import org.athanor.devices.simulated.SimulatedShellyThermometer;
import org.athanor.devices.simulated.SimulatedTasmotaPlug;
import org.athanor.devices.simulated.SimulatedVnish;
import org.athanor.devices.tasmota.TasmotaPlug;
import org.athanor.devices.testing.FakeComputation;
import org.athanor.devices.testing.MutatingProxy;
import org.athanor.devices.testing.Mutation;
import org.athanor.devices.vnish.VnishHeater;
import org.athanor.devices.vnish.VnishLevel;
import org.athanor.units.Celsius;
import org.athanor.units.Watts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/**
 * Good replies of HTTP APIs with a few characters changed, dropped, doubled or cut: whatever comes, a driver says a plausible
 * state or a {@link DeviceException}, and nothing else.
 */
class MutatedHttpRepliesTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Celsius ROOM = new Celsius(20);
    private static final int TRIES = 150;
    private static final InstantSource CLOCK = () -> Instant.parse("2025-01-15T06:00:00Z");

    /** @param calls of a driver */
    private record Driven(List<Executable> calls, Runnable closing) {}

    /** @param driver made anew for each try, as a login that was understood once would hide the others */
    private static void survives(InetSocketAddress device, Function<InetSocketAddress, Driven> driver) {
        try (var proxy = new MutatingProxy(device)) {
            int understood = 0;
            for (int seed = 0; seed < TRIES; seed++) {
                // first numbers of neighbouring seeds are alike
                var random = new Random(new SplittableRandom(seed).nextLong());
                proxy.change(body -> Mutation.of(body, random));
                understood += answered(driver.apply(proxy.address()), seed);
            }
            assertTrue(understood > TRIES / 10, "nearly nothing was understood: " + understood);
            proxy.change(body -> body);
            var good = driver.apply(proxy.address());
            assertEquals(good.calls().size(), answered(good, -1), "replies that are unchanged");
        }
    }

    private static int answered(Driven driven, int seed) {
        int answered = 0;
        for (var call : driven.calls()) if (answered(call, seed)) answered++;
        driven.closing().run();
        return answered;
    }

    private static boolean answered(Executable call, int seed) {
        try {
            call.execute();
            return true;
        } catch (DeviceException expected) {
            return false;
        } catch (Throwable surprise) {
            return fail("seed " + seed, surprise);
        }
    }

    private static void plausible(HeaterState state) {
        double watts = state.power().orElseThrow().value();
        assertTrue(watts >= 0 && watts <= 100_000, state.toString());
        state.chip().ifPresent(chip -> assertTrue(chip.value() > -61 && chip.value() <= 250, state.toString()));
    }

    private static void warmUp(SimulatedLoad load) {
        for (int i = 0; i < 20; i++) load.advance(Duration.ofMinutes(1), ROOM, true);
    }

    private static <H extends Heater & PoolReader> Driven driven(H heater) {
        return new Driven(
                List.of(
                        () -> plausible(heater.read()),
                        heater::pool,
                        () -> heater.setLevel(1),
                        () -> heater.setLevel(0)),
                heater::close);
    }

    private static Driven driven(Plug plug) {
        return new Driven(List.of(plug::read, () -> plug.on(Duration.ofMinutes(1)), plug::off), plug::close);
    }

    private static Driven driven(Thermometer thermometer) {
        return new Driven(List.of(thermometer::read), thermometer::close);
    }

    @Test
    void axeOs() {
        try (var device = new SimulatedAxeOs(AxeOsModel.GAMMA, anyPort(), new FakeComputation())) {
            warmUp(device);
            survives(
                    device.address(),
                    address -> driven(new AxeOsHeater("h", AxeOsModel.GAMMA, true, address, TIMEOUT)));
        }
    }

    @Test
    void braiinsOs() {
        try (var device = new SimulatedBraiins(Credentials.DEFAULT, anyPort(), new FakeComputation())) {
            warmUp(device);
            survives(
                    device.address(),
                    address -> driven(new BraiinsHeater(
                            "h", "S19", List.of(1000, 2000), new Watts(3600), Credentials.DEFAULT, address, TIMEOUT)));
        }
    }

    @Test
    void vnish() {
        try (var device = new SimulatedVnish("admin", anyPort(), new FakeComputation())) {
            warmUp(device);
            var levels = List.of(VnishLevel.throttled(50, new Watts(1500)), VnishLevel.preset("3050", new Watts(3050)));
            survives(
                    device.address(),
                    address -> driven(new VnishHeater("h", "S19", levels, new Watts(3600), "admin", address, TIMEOUT)));
        }
    }

    @Test
    void tasmota() {
        try (var device = new SimulatedTasmotaPlug(
                anyPort(), Optional.empty(), new SimulatedElement(new Watts(1000), 2000), new Watts(2500))) {
            survives(
                    device.address(),
                    address -> driven(new TasmotaPlug("p", address, Optional.empty(), new Watts(2300), TIMEOUT)));
        }
    }

    @Test
    void shelly() {
        try (var device = new SimulatedShellyPlug(
                        anyPort(), new SimulatedElement(new Watts(1000), 2000), new Watts(2500));
                var thermometer = new SimulatedShellyThermometer(anyPort(), () -> ROOM)) {
            survives(device.address(), address -> driven(new ShellyPlug("p", address, new Watts(2300), TIMEOUT)));
            survives(thermometer.address(), address -> driven(new ShellyThermometer("t", address, TIMEOUT)));
        }
    }

    @Test
    void homeAssistant() {
        try (var home = new SimulatedHomeAssistant(anyPort(), "token", false, CLOCK)) {
            home.addSensor("sensor.room", () -> ROOM);
            home.addClimate("climate.room", () -> ROOM, ROOM);
            survives(
                    home.address(),
                    address -> driven(new HomeAssistantThermometer("t", access(address), "sensor.room", CLOCK)));
            survives(home.address(), address -> {
                var climate = new HomeAssistantClimate(
                        "c", access(address), "climate.room", true, Optional.empty(), Duration.ofMillis(1), CLOCK);
                return new Driven(List.of(climate::state, () -> climate.setSetpoint(new Celsius(19))), climate::close);
            });
        }
    }

    private static HomeAssistantAccess access(InetSocketAddress address) {
        return new HomeAssistantAccess(address, "", "token", TIMEOUT);
    }
}
