package org.athanor.devices;

import static org.athanor.devices.testing.Failures.anyPort;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.athanor.devices.HeaterState.Phase;
import org.athanor.devices.HeaterState.PowerSource;
import org.athanor.devices.antminer.AntminerHeater;
import org.athanor.devices.antminer.AntminerMode;
import org.athanor.devices.avalon.AvalonHeater;
import org.athanor.devices.avalon.AvalonModel;
import org.athanor.devices.luxos.LuxOsHeater;
import org.athanor.devices.luxos.LuxOsProfile;
import org.athanor.devices.testing.ReplayedDevice;
import org.athanor.devices.whatsminer.WhatsminerHeater;
import org.athanor.devices.whatsminer.WhatsminerLevel;
import org.athanor.units.Celsius;
import org.athanor.units.Watts;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The drivers on replies that were seen on real devices, replayed on a socket. They are not ours to ship: the folder that holds
 * them is given by the environment variable ATHANOR_SAMPLES, and without it these tests are left out.
 */
class SampleRepliesTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static Path samples;

    @BeforeAll
    static void find() {
        var folder = Optional.ofNullable(System.getenv("ATHANOR_SAMPLES")).map(Path::of);
        assumeTrue(
                folder.isPresent() && Files.isDirectory(folder.get()),
                "left out: ATHANOR_SAMPLES names no folder with replies of real devices");
        samples = folder.get();
    }

    private static String sample(String name) {
        try {
            return Files.readString(samples.resolve(name));
        } catch (IOException e) {
            throw new IllegalStateException("no sample " + name, e);
        }
    }

    private static String estats(String mm) {
        return "{\"STATUS\":[{\"STATUS\":\"S\",\"When\":1,\"Code\":70,\"Msg\":\"CGMiner stats\"}],\"STATS\":[{\"MM ID0\":\""
                + mm.strip() + "\"}],\"id\":1}";
    }

    private static AvalonHeater avalon(AvalonModel model, ReplayedDevice replay) {
        return new AvalonHeater("sample", model, replay.address(), TIMEOUT);
    }

    @Test
    void anAvalonNano3s() throws IOException {
        try (var replay =
                new ReplayedDevice(false, Map.of("estats", estats(sample("avalon_nano3s__estats_mm_id0.txt"))))) {
            var state = avalon(AvalonModel.NANO_3S, replay).read();
            assertEquals(Phase.WORKING, state.phase());
            assertEquals(Optional.of(new Watts(133)), state.power());
            assertEquals(Optional.of(new Celsius(95)), state.chip());
            assertEquals(Optional.empty(), state.inlet());
            assertEquals(6.6, state.hashrate().orElseThrow().terahashes(), 0.01);
        }
    }

    @Test
    void anAvalonQJustAfterItsSoftStopAndInStandby() throws IOException {
        try (var replay = new ReplayedDevice(
                false, Map.of("estats", sample("avalon_q__stats.json"), "pools", sample("avalon_q__pools.json")))) {
            var heater = avalon(AvalonModel.Q, replay);
            var state = heater.read();
            assertEquals(OptionalInt.of(0), state.level());
            assertEquals(Phase.OFF, state.phase());
            assertEquals(0, state.hashrate().orElseThrow().value(), "whatever its average says");
            assertEquals(Optional.of(new Celsius(26)), state.inlet());
            assertEquals(Optional.of(new PoolSetting("stratum+tcp://pool.example.com:4444", "worker1")), heater.pool());
        }
        try (var replay = new ReplayedDevice(false, Map.of("estats", estats(sample("avalon_q__standby_mm.txt"))))) {
            assertEquals(
                    Optional.of(new Watts(17)),
                    avalon(AvalonModel.Q, replay).read().power());
        }
    }

    @Test
    void anAvalonA1566() throws IOException {
        try (var replay = new ReplayedDevice(
                false,
                Map.of("estats", sample("avalon_a1566__estats.json"), "pools", sample("avalon_a1566__pools.json")))) {
            var heater = avalon(AvalonModel.A15, replay);
            var state = heater.read();
            assertEquals(OptionalInt.of(1), state.level());
            assertEquals(Phase.WORKING, state.phase());
            assertEquals(Optional.of(new Watts(3731)), state.power());
            assertEquals(Optional.of(new Celsius(31)), state.inlet());
            assertEquals(
                    new PoolSetting("stratum+tcp://stratum.pool.io:3333", "pool_username.real_worker"),
                    heater.pool().orElseThrow());
        }
    }

    @Test
    void anOlderAvalonInPlainText() throws IOException {
        try (var replay =
                new ReplayedDevice(false, Map.of("estats", sample("avalon_a1066__estats_pipe.partial.txt")))) {
            // no model of ours; one with modes and no soft stop understands it
            var state = avalon(AvalonModel.NANO_3S, replay).read();
            assertEquals(OptionalInt.of(2), state.level());
            assertEquals(Optional.of(new Watts(2834)), state.power());
        }
    }

    @Test
    void aLuxOsOnAnS19kPro() throws IOException {
        var replies = Map.of(
                "config", sample("luxos__config.json"),
                "power", sample("luxos__power.json"),
                "fans", sample("luxos__fans.json"),
                "temps", sample("luxos__temps.json"),
                "summary", sample("luxos__summary.json"),
                "pools", sample("luxos__pools.json"),
                "profiles", sample("luxos__profiles.json"));
        try (var replay = new ReplayedDevice(false, replies)) {
            var offered = LuxOsHeater.profiles("sample", replay.address(), TIMEOUT);
            assertEquals(25, offered.size());
            assertEquals(
                    List.of("190MHz", "315MHz", "415MHz", "515MHz", "default"),
                    LuxOsProfile.spread(offered, new Watts(2800), 5).stream()
                            .map(LuxOsProfile::name)
                            .toList());
            var heater =
                    new LuxOsHeater("sample", "Antminer S19k Pro", offered, new Watts(4300), replay.address(), TIMEOUT);
            var state = heater.read();
            assertEquals(
                    "290MHz",
                    heater.capabilities().level(state.level().orElseThrow()).name());
            assertEquals(Phase.WORKING, state.phase());
            assertEquals(Optional.of(new Watts(1051)), state.power());
            assertEquals(PowerSource.DECLARED, state.source());
            assertEquals(Optional.of(new Celsius(47)), state.chip());
            assertEquals(OptionalInt.of(1920), state.fanRpm());
            assertEquals(59.756, state.hashrate().orElseThrow().terahashes(), 0.001);
            assertEquals(Optional.empty(), state.fault());
            assertEquals(
                    new PoolSetting("stratum+tcp://ca.stratum.braiins.com:3333", "asic-rs.user1"),
                    heater.pool().orElseThrow());
        }
    }

    @Test
    void whatsminersOfVersions1And2() throws IOException {
        for (var version : List.of("v1", "v2")) {
            var replies = Map.of(
                    "status", sample("whatsminer_" + version + "__status.json"),
                    "summary", sample("whatsminer_" + version + "__summary.json"),
                    "get_error_code", sample("whatsminer_v2__get_error_code.json"),
                    "pools", sample("whatsminer_" + version + "__pools.json"));
            try (var replay = new ReplayedDevice(false, replies)) {
                var heater = WhatsminerHeater.v2(
                        "sample",
                        "Whatsminer",
                        WhatsminerLevel.limits(3500, 3600),
                        new Watts(3700),
                        "x",
                        replay.address(),
                        TIMEOUT);
                var state = heater.read();
                assertEquals(OptionalInt.of(version.equals("v1") ? 1 : 2), state.level());
                assertEquals(Phase.WORKING, state.phase());
                assertEquals(Optional.of(new Watts(version.equals("v1") ? 3427 : 3200)), state.power());
                assertEquals(
                        new PoolSetting("stratum+tcp://btc.example.pool:3333", "asic-rs.test"),
                        heater.pool().orElseThrow());
                assertEquals(Optional.empty(), state.fault());
            }
        }
    }

    @Test
    void whatsminersWithErrors() throws IOException {
        try (var replay = new ReplayedDevice(
                false,
                Map.of(
                        "status", sample("whatsminer_v1__status.json"),
                        "summary", sample("whatsminer_v1__summary_with_errors.json")))) {
            var heater = WhatsminerHeater.v2(
                    "sample", "M", WhatsminerLevel.limits(3500), new Watts(3700), "x", replay.address(), TIMEOUT);
            assertEquals(
                    Optional.of("the firmware reports error 110, 600"),
                    heater.read().fault());
        }
        try (var replay = new ReplayedDevice(
                false,
                Map.of(
                        "status", sample("whatsminer_v2__status.json"),
                        "summary", sample("whatsminer_v2__summary.json"),
                        "get_error_code", sample("whatsminer_v2__get_error_code_with_errors.json")))) {
            var heater = WhatsminerHeater.v2(
                    "sample", "M", WhatsminerLevel.limits(3600), new Watts(3700), "x", replay.address(), TIMEOUT);
            assertEquals(
                    Optional.of("the firmware reports error 218, 110"),
                    heater.read().fault());
        }
    }

    @Test
    void aWhatsminerOfVersion3() throws IOException {
        for (var info :
                List.of("whatsminer_v3__get_device_info.json", "whatsminer_v3__get_device_info_with_errors.json")) {
            var replies = Map.of(
                    "get.device.info", sample(info),
                    "summary", sample("whatsminer_v3__get_miner_status_summary.json"),
                    "pools", sample("whatsminer_v3__get_miner_status_pools.json"));
            try (var replay = new ReplayedDevice(true, replies)) {
                var heater = WhatsminerHeater.v3(
                        "sample",
                        "Whatsminer M60S",
                        WhatsminerLevel.limits(3600),
                        new Watts(3800),
                        new Credentials("super", "x"),
                        replay.address(),
                        TIMEOUT);
                var state = heater.read();
                assertEquals(OptionalInt.of(1), state.level());
                assertEquals(Phase.WORKING, state.phase());
                assertEquals(Optional.of(new Watts(3156)), state.power());
                assertEquals(Optional.of(new Celsius(28.5)), state.inlet());
                assertEquals(171.259, state.hashrate().orElseThrow().terahashes(), 0.001);
                assertEquals("asic-rs.test", heater.pool().orElseThrow().user());
                assertEquals(info.contains("errors"), state.fault().isPresent());
                state.fault().ifPresent(fault -> assertTrue(fault.contains("264 (Power xfer error"), fault));
            }
        }
    }

    @Test
    void aStockAntminer() throws IOException {
        var web = HttpServer.create(anyPort(), 0);
        web.createContext("/", exchange -> {
            try (exchange) {
                var conf = "{\"bitmain-work-mode\":\"0\"}".getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, conf.length);
                exchange.getResponseBody().write(conf);
            }
        });
        web.start();
        try (var replay = new ReplayedDevice(
                        false,
                        Map.of(
                                "stats",
                                sample("antminer_stock__stats.json"),
                                "pools",
                                sample("antminer_stock__pools.json")));
                var heater = new AntminerHeater(
                        "sample",
                        "Antminer S19 Pro",
                        List.of(AntminerMode.normal(new Watts(3250))),
                        new Watts(3500),
                        Credentials.DEFAULT,
                        web.getAddress(),
                        replay.address(),
                        TIMEOUT)) {
            var state = heater.read();
            assertEquals(OptionalInt.of(1), state.level());
            assertEquals(Phase.WORKING, state.phase());
            assertEquals(Optional.of(new Celsius(78)), state.chip());
            assertEquals(OptionalInt.of(5040), state.fanRpm());
            assertEquals(110.567, state.hashrate().orElseThrow().terahashes(), 0.001);
            assertEquals(
                    "stratum+tcp://btc.global.luxor.tech:700",
                    heater.pool().orElseThrow().url());
        } finally {
            web.stop(0);
        }
    }
}
