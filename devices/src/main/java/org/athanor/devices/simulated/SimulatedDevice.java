package org.athanor.devices.simulated;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.athanor.devices.Computation;
import org.athanor.devices.avalon.AvalonModel;
import org.athanor.devices.axeos.AxeOsModel;
import org.athanor.devices.braiins.Credentials;
import org.athanor.units.Celsius;
import org.athanor.units.Watts;

/** One simulated device that stands alone, for trying a driver or a foreign client on it. */
public interface SimulatedDevice extends AutoCloseable {
    InetSocketAddress address();

    void advance(Duration step);

    /** One line on how it is. */
    String status();

    @Override
    void close();

    /** What there is to start, by name. */
    enum Kind {
        AVALON_MINI3("avalon-mini3", "Avalon Mini 3 of 800 W, cgminer API"),
        AVALON_NANO3S("avalon-nano3s", "Avalon Nano 3S of 133 W, cgminer API"),
        AXEOS("axeos", "Bitaxe Gamma of 19 W, AxeOS HTTP API"),
        BRAIINS("braiins", "Antminer S19j Pro with Braiins OS, REST API, user root, password root"),
        SHELLY_PLUG("shelly-plug", "Shelly plug with a 400 W element, HTTP RPC"),
        SHELLY_THERMOMETER("shelly-thermometer", "Shelly thermometer at 20 °C, HTTP RPC");

        private static final Celsius ROOM = new Celsius(20);

        private final String title;
        private final String description;

        Kind(String title, String description) {
            this.title = title;
            this.description = description;
        }

        public String title() {
            return title;
        }

        public String description() {
            return description;
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
                case AVALON_MINI3 -> miner(new SimulatedAvalon(AvalonModel.MINI_3, listen, computation, clock));
                case AVALON_NANO3S -> miner(new SimulatedAvalon(AvalonModel.NANO_3S, listen, computation, clock));
                case AXEOS -> miner(new SimulatedAxeOs(AxeOsModel.GAMMA, listen, computation));
                case BRAIINS -> miner(new SimulatedBraiins(Credentials.DEFAULT, listen, computation));
                case SHELLY_PLUG -> plug(listen);
                case SHELLY_THERMOMETER -> thermometer(listen);
            };
        }

        private static SimulatedDevice miner(SimulatedMiner miner) {
            miner.advance(Duration.ZERO, ROOM, true);
            return new SimulatedDevice() {
                @Override
                public InetSocketAddress address() {
                    return miner.address();
                }

                @Override
                public void advance(Duration step) {
                    miner.advance(step, ROOM, true);
                }

                @Override
                public String status() {
                    return miner.power() + ", chip " + miner.chip() + (miner.hashing() ? ", hashing" : ", not hashing");
                }

                @Override
                public void close() {
                    miner.close();
                }
            };
        }

        private static SimulatedDevice plug(InetSocketAddress listen) {
            var element = new SimulatedElement(new Watts(400), 2000);
            var plug = new SimulatedShellyPlug(listen, element, new Watts(2500));
            return new SimulatedDevice() {
                @Override
                public InetSocketAddress address() {
                    return plug.address();
                }

                @Override
                public void advance(Duration step) {
                    plug.advance(step, ROOM);
                }

                @Override
                public String status() {
                    return (plug.on() ? "on, " : "off, ") + element.power() + ", " + plug.energy();
                }

                @Override
                public void close() {
                    plug.close();
                }
            };
        }

        private static SimulatedDevice thermometer(InetSocketAddress listen) {
            var thermometer = new SimulatedShellyThermometer(listen, () -> ROOM);
            return new SimulatedDevice() {
                @Override
                public InetSocketAddress address() {
                    return thermometer.address();
                }

                @Override
                public void advance(Duration step) {} // its room does not change

                @Override
                public String status() {
                    return ROOM.toString();
                }

                @Override
                public void close() {
                    thermometer.close();
                }
            };
        }
    }
}
