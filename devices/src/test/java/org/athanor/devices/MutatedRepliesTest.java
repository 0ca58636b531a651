package org.athanor.devices;

import static org.athanor.devices.testing.Failures.anyPort;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.athanor.devices.avalon.AvalonHeater;
import org.athanor.devices.avalon.AvalonModel;
import org.athanor.devices.cgminer.CgminerClient;
import org.athanor.devices.luxos.LuxOsHeater;
import org.athanor.devices.simulated.SimulatedAvalon;
import org.athanor.devices.simulated.SimulatedLoad;
import org.athanor.devices.simulated.SimulatedLuxOs;
import org.athanor.devices.simulated.SimulatedWhatsminerV2;
import org.athanor.devices.simulated.SimulatedWhatsminerV3;
import org.athanor.devices.testing.FakeComputation;
import org.athanor.devices.testing.Mutation;
import org.athanor.devices.testing.ReplayedDevice;
import org.athanor.devices.whatsminer.WhatsminerHeater;
import org.athanor.devices.whatsminer.WhatsminerLevel;
import org.athanor.units.Celsius;
import org.athanor.units.Watts;

/**
 * Good replies with a few characters changed, dropped, doubled or cut: whatever comes, a driver says a plausible state or a {@link
 * DeviceException}, and nothing else.
 */
class MutatedRepliesTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final InstantSource CLOCK = () -> Instant.parse("2019-01-15T00:00:00Z");

    private static void warmUp(SimulatedLoad load) {
        for (int i = 0; i < 40; i++) load.advance(Duration.ofMinutes(1), new Celsius(20), true);
    }

    private static Map<String, String> cgminer(InetSocketAddress address, String... commands) {
        var client = new CgminerClient("good", address, TIMEOUT);
        var replies = new TreeMap<String, String>();
        for (var command : commands)
            replies.put(command, client.exchange(command, "", "{\"command\":\"" + command + "\"}"));
        return replies;
    }

    private interface Driver {
        Heater at(InetSocketAddress address);
    }

    private static void holds(boolean framed, Map<String, String> good, long seed, Driver driver) throws IOException {
        var random = new Random(seed);
        var replies = new HashMap<String, String>();
        good.forEach((command, reply) -> replies.put(command, Mutation.of(reply, random)));
        try (var device = new ReplayedDevice(framed, replies);
                var heater = driver.at(device.address())) {
            plausible(heater);
            try {
                heater.setLevel(0);
            } catch (DeviceException e) {
                assertTrue(e.getMessage().contains("miner"), e.getMessage());
            }
            try {
                var _ = ((PoolReader) heater).pool();
            } catch (DeviceException e) {
                assertTrue(e.getMessage().contains("miner"), e.getMessage());
            }
        }
    }

    private static void plausible(Heater heater) {
        HeaterState state;
        try {
            state = heater.read();
        } catch (DeviceException e) {
            assertTrue(e.getMessage().contains("miner"), e.getMessage());
            return;
        }
        state.level().ifPresent(level -> heater.capabilities().level(level));
        state.power().ifPresent(watts -> assertTrue(watts.value() >= 0 && watts.value() <= 100_000, state.toString()));
        for (var temperature : List.of(state.chip(), state.inlet()))
            temperature.ifPresent(t -> assertTrue(t.value() > -274 && t.value() <= 250, state.toString()));
        state.hashrate()
                .ifPresent(rate -> assertTrue(Double.isFinite(rate.value()) && rate.value() >= 0, state.toString()));
    }

    private static final Map<String, String> AVALON = avalonReplies();

    private static Map<String, String> avalonReplies() {
        try (var device = new SimulatedAvalon(AvalonModel.Q, anyPort(), new FakeComputation(), CLOCK)) {
            warmUp(device);
            return cgminer(device.address(), "estats", "version", "pools");
        }
    }

    @Property(tries = 300)
    void anAvalon(@ForAll long seed) throws IOException {
        holds(false, AVALON, seed, address -> new AvalonHeater("miner", AvalonModel.Q, address, TIMEOUT));
    }

    private static final Map<String, String> LUXOS = luxosReplies();

    private static Map<String, String> luxosReplies() {
        try (var device = new SimulatedLuxOs(anyPort(), new FakeComputation(), CLOCK)) {
            warmUp(device);
            return cgminer(
                    device.address(), "config", "power", "fans", "temps", "summary", "pools", "profiles", "logon");
        }
    }

    @Property(tries = 300)
    void aLuxOs(@ForAll long seed) throws IOException {
        holds(
                false,
                LUXOS,
                seed,
                address ->
                        new LuxOsHeater("miner", "S19k", SimulatedLuxOs.PROFILES, new Watts(4000), address, TIMEOUT));
    }

    private static final Map<String, String> WHATSMINER_V2 = whatsminerV2Replies();

    private static Map<String, String> whatsminerV2Replies() {
        try (var device = new SimulatedWhatsminerV2("x", anyPort(), new FakeComputation(), CLOCK)) {
            warmUp(device);
            var replies = cgminer(device.address(), "status", "summary", "get_error_code", "pools", "get_token");
            // what no token of this driver's can decrypt
            replies.put("enc", "{\"enc\":\"p/QzYk8jszmQrR9dnOEVtbWdixCEXv1S64Ig5n+7d/wAemWrnNim9Sh/ybbgrzgY\"}");
            return replies;
        }
    }

    @Property(tries = 300)
    void aWhatsminerOfVersion2(@ForAll long seed) throws IOException {
        holds(
                false,
                WHATSMINER_V2,
                seed,
                address -> WhatsminerHeater.v2(
                        "miner",
                        "M30S",
                        WhatsminerLevel.percents(3400, 60, 100),
                        new Watts(3500),
                        "x",
                        address,
                        TIMEOUT));
    }

    private static final Map<String, String> WHATSMINER_V3 = whatsminerV3Replies();

    private static Map<String, String> whatsminerV3Replies() {
        try (var device =
                new SimulatedWhatsminerV3(new Credentials("super", "x"), anyPort(), new FakeComputation(), CLOCK)) {
            warmUp(device);
            var replies = new TreeMap<String, String>();
            replies.put("get.device.info", framed(device.address(), "get.device.info", ""));
            replies.put("summary", framed(device.address(), "get.miner.status", "summary"));
            replies.put("pools", framed(device.address(), "get.miner.status", "pools"));
            replies.put("set.miner.service", "{\"code\":0,\"when\":1,\"msg\":\"ok\",\"desc\":\"set.miner.service\"}");
            return replies;
        }
    }

    private static String framed(InetSocketAddress address, String command, String parameter) {
        try (var socket = new Socket(address.getAddress(), address.getPort())) {
            var request = JsonNodeFactory.instance
                    .objectNode()
                    .put("cmd", command)
                    .put("param", parameter)
                    .toString()
                    .getBytes(StandardCharsets.UTF_8);
            socket.getOutputStream()
                    .write(ByteBuffer.allocate(4 + request.length)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putInt(request.length)
                            .put(request)
                            .array());
            var in = new DataInputStream(socket.getInputStream());
            return new String(in.readNBytes(Integer.reverseBytes(in.readInt())), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(command, e);
        }
    }

    @Property(tries = 300)
    void aWhatsminerOfVersion3(@ForAll long seed) throws IOException {
        holds(
                true,
                WHATSMINER_V3,
                seed,
                address -> WhatsminerHeater.v3(
                        "miner",
                        "M60S",
                        WhatsminerLevel.percents(3400, 60, 100),
                        new Watts(3500),
                        new Credentials("super", "x"),
                        address,
                        TIMEOUT));
    }
}
