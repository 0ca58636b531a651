package org.athanor.devices.simulated;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.athanor.devices.Computation;
import org.athanor.devices.Credentials;
import org.athanor.devices.antminer.AntminerHeater;
import org.athanor.devices.avalon.AvalonModel;
import org.athanor.devices.axeos.AxeOsModel;
import org.athanor.devices.whatsminer.WhatsminerHeater;
import org.athanor.units.Celsius;
import org.athanor.units.Watts;

/** One simulated device that stands alone, for trying a driver or a foreign client on it. */
public interface SimulatedDevice extends Breakable, AutoCloseable {
    InetSocketAddress address();

    void advance(Duration step);

    /** One line on how it is. */
    String status();

    @Override
    void close();

    /** What there is to start, by name. */
    @SuppressWarnings("ImmutableEnumChecker") // its sets cannot be changed
    enum Kind {
        MINI3("mini3", "Avalon Mini 3 of 800 W, cgminer API", SimulatedAvalon.SHOWS),
        NANO3S("nano3s", "Avalon Nano 3S of 133 W, cgminer API", SimulatedAvalon.SHOWS),
        NANO3("nano3", "Avalon Nano 3 of 140 W, cgminer API", SimulatedAvalon.SHOWS),
        AVALON_Q("avalon-q", "Avalon Q of 1600 W, cgminer API", SimulatedAvalon.SHOWS),
        AVALON_A15("avalon-a15", "Avalon A1566 of 3700 W, cgminer API", SimulatedAvalon.SHOWS),
        LUXOS("luxos", "Antminer S19k Pro with LuxOS, its API", SimulatedLuxOs.SHOWS),
        ANTMINER(
                "antminer",
                "Antminer S19 Pro with its maker's firmware, user root, password root; its cgminer API is one port above",
                SimulatedAntminer.SHOWS),
        WHATSMINER_V2(
                "whatsminer-v2",
                "Whatsminer of 3400 W, API of version 2, password " + Kind.WHATSMINER_PASSWORD,
                SimulatedWhatsminerV2.SHOWS),
        WHATSMINER_V3(
                "whatsminer-v3",
                "Whatsminer of 3400 W, API of version 3, user super, password " + Kind.WHATSMINER_PASSWORD,
                SimulatedWhatsminerV3.SHOWS),
        AXEOS("axeos", "Bitaxe Gamma of 19 W, AxeOS HTTP API", SimulatedAxeOs.SHOWS),
        BRAIINS(
                "braiins",
                "Antminer S19j Pro with Braiins OS, REST API, user root, password root",
                SimulatedBraiins.SHOWS),
        VNISH("vnish", "Antminer S19j Pro with Vnish, REST API, password admin", SimulatedVnish.SHOWS),
        SHELLY_PLUG("shelly-plug", "Shelly plug with a 400 W element, HTTP RPC", SimulatedShellyPlug.SHOWS),
        TASMOTA_PLUG("tasmota-plug", "Tasmota plug with a 400 W element, HTTP commands", SimulatedTasmotaPlug.SHOWS),
        ROOM_SENSOR("room-sensor", "Shelly thermometer at 20 °C, HTTP RPC", SimulatedShellyThermometer.SHOWS),
        HOME_ASSISTANT(
                "home-assistant",
                "Home Assistant with sensor.room and climate.room, REST API, token simulated",
                SimulatedHomeAssistant.SHOWS),
        OTGW("otgw", "OpenTherm gateway with boiler and thermostat, serial line by TCP", SimulatedGateway.SHOWS);

        private static final Celsius ROOM = new Celsius(20);
        private static final int LAST_PORT = 65535;

        /** As its owner chose it: with the one it is delivered with, it takes no commands. */
        private static final String WHATSMINER_PASSWORD = "athanor";

        private final String title;
        private final String description;
        private final Set<Fault> shows;

        Kind(String title, String description, Set<Fault> shows) {
            this.title = title;
            this.description = description;
            this.shows = shows;
        }

        public String title() {
            return title;
        }

        public String description() {
            return description;
        }

        /** What can be wrong with it. */
        public Set<Fault> shows() {
            return shows;
        }

        /** @throws IllegalArgumentException if there is no such device, naming those there are */
        public static Kind named(String name) {
            return Arrays.stream(values())
                    .filter(kind -> kind.title.equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("no simulated device \"" + name + "\" (there are "
                            + Arrays.stream(values()).map(Kind::title).collect(Collectors.joining(", ")) + ")"));
        }

        /**
         * Starts it in a room that stays at 20 °C.
         *
         * @param listen port 0 takes a free one
         * @param computation what a miner computes; the others compute nothing
         */
        public SimulatedDevice start(InetSocketAddress listen, Computation computation, InstantSource clock) {
            return switch (this) {
                case SHELLY_PLUG -> plug(listen);
                case TASMOTA_PLUG -> tasmotaPlug(listen);
                case ROOM_SENSOR -> thermometer(listen);
                case HOME_ASSISTANT -> homeAssistant(listen, clock);
                case OTGW -> gateway(listen);
                default -> miner(heater(listen, computation, clock));
            };
        }

        /** Whether it is a machine that heats by computing. */
        public boolean heats() {
            return switch (this) {
                case SHELLY_PLUG, TASMOTA_PLUG, ROOM_SENSOR, HOME_ASSISTANT, OTGW -> false;
                default -> true;
            };
        }

        /**
         * Starts it as a load, to be put into a room.
         *
         * @throws IllegalArgumentException for a kind that does not {@link #heats heat}
         */
        public SimulatedHeater heater(InetSocketAddress listen, Computation computation, InstantSource clock) {
            return switch (this) {
                case NANO3 -> new SimulatedAvalon(AvalonModel.NANO_3, listen, computation, clock);
                case AVALON_Q -> new SimulatedAvalon(AvalonModel.Q, listen, computation, clock);
                case AVALON_A15 -> new SimulatedAvalon(AvalonModel.A15, listen, computation, clock);
                case LUXOS -> new SimulatedLuxOs(listen, computation, clock);
                case ANTMINER -> new SimulatedAntminer(Credentials.DEFAULT, listen, api(listen), computation, clock);
                case WHATSMINER_V2 -> new SimulatedWhatsminerV2(WHATSMINER_PASSWORD, listen, computation, clock);
                case WHATSMINER_V3 ->
                    new SimulatedWhatsminerV3(
                            new Credentials(WhatsminerHeater.V3_USER, WHATSMINER_PASSWORD), listen, computation, clock);
                case MINI3 -> new SimulatedAvalon(AvalonModel.MINI_3, listen, computation, clock);
                case NANO3S -> new SimulatedAvalon(AvalonModel.NANO_3S, listen, computation, clock);
                case AXEOS -> new SimulatedAxeOs(AxeOsModel.GAMMA, listen, computation);
                case BRAIINS -> new SimulatedBraiins(Credentials.DEFAULT, listen, computation);
                case VNISH -> new SimulatedVnish(SimulatedVnish.DEFAULT_PASSWORD, listen, computation);
                case SHELLY_PLUG, TASMOTA_PLUG, ROOM_SENSOR, HOME_ASSISTANT, OTGW ->
                    throw new IllegalArgumentException(title + " does not heat by computing");
            };
        }

        private static InetSocketAddress api(InetSocketAddress web) {
            int port = web.getPort();
            if (port == LAST_PORT)
                throw new UncheckedIOException(new IOException("port " + LAST_PORT
                        + " (it needs the port above as well: at most " + (LAST_PORT - 1) + " is accepted)"));
            int next = port == AntminerHeater.HTTP_PORT ? AntminerHeater.API_PORT : port + 1;
            return new InetSocketAddress(web.getAddress(), port == 0 ? 0 : next);
        }

        private static SimulatedDevice miner(SimulatedHeater heater) {
            var miner = (SimulatedMiner) heater;
            miner.advance(Duration.ZERO, ROOM, true);
            var where = miner instanceof SimulatedAntminer antminer
                    ? "cgminer API at port " + antminer.apiAddress().getPort() + ", "
                    : "";
            return new Alone(
                    miner.address(),
                    miner,
                    step -> miner.advance(step, ROOM, true),
                    () -> where + miner.power() + ", chip " + miner.chip()
                            + (miner.hashing() ? ", hashing" : ", not hashing"),
                    miner::close);
        }

        private static SimulatedDevice plug(InetSocketAddress listen) {
            var element = new SimulatedElement(new Watts(400), 2000);
            var plug = new SimulatedShellyPlug(listen, element, new Watts(2500));
            return new Alone(
                    plug.address(),
                    plug,
                    step -> plug.advance(step, ROOM),
                    () -> (plug.on() ? "on, " : "off, ") + element.power() + ", " + plug.energy(),
                    plug::close);
        }

        private static SimulatedDevice tasmotaPlug(InetSocketAddress listen) {
            var element = new SimulatedElement(new Watts(400), 2000);
            var plug = new SimulatedTasmotaPlug(listen, Optional.empty(), element, new Watts(2500));
            return new Alone(
                    plug.address(),
                    plug,
                    step -> plug.advance(step, ROOM),
                    () -> (plug.on() ? "on, " : "off, ") + element.power() + ", " + plug.energy(),
                    plug::close);
        }

        private static SimulatedDevice homeAssistant(InetSocketAddress listen, InstantSource clock) {
            var home = new SimulatedHomeAssistant(listen, "simulated", false, clock);
            home.addSensor("sensor.room", () -> ROOM);
            home.addClimate("climate.room", () -> ROOM, ROOM);
            return new Alone(
                    home.address(),
                    home,
                    _ -> {}, // its room does not change
                    () -> "setpoint " + home.setpoint("climate.room"),
                    home::close);
        }

        private static SimulatedDevice gateway(InetSocketAddress listen) {
            var gateway = new SimulatedGateway(listen, () -> ROOM, new Celsius(21));
            return new Alone(gateway.address(), gateway, gateway::advance, gateway::status, gateway::close);
        }

        private static SimulatedDevice thermometer(InetSocketAddress listen) {
            var thermometer = new SimulatedShellyThermometer(listen, () -> ROOM);
            return new Alone(
                    thermometer.address(),
                    thermometer,
                    _ -> {}, // its room does not change
                    ROOM::toString,
                    thermometer::close);
        }

        private record Alone(
                InetSocketAddress address,
                Breakable breakable,
                Consumer<Duration> advancing,
                Supplier<String> describing,
                Runnable closing)
                implements SimulatedDevice {
            @Override
            public void advance(Duration step) {
                advancing.accept(step);
            }

            @Override
            public String status() {
                return describing.get();
            }

            @Override
            public Set<Fault> shows() {
                return breakable.shows();
            }

            @Override
            public void inject(Fault... injected) {
                breakable.inject(injected);
            }

            @Override
            public void clear() {
                breakable.clear();
            }

            @Override
            public void close() {
                closing.run();
            }
        }
    }
}
