package org.athanor.cli.heater;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.athanor.devices.Computation;
import org.athanor.devices.simulated.SimulatedDevice;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Everything here stays within the loopback interface. */
class HeaterDiscoverTest {
    private static final InetSocketAddress GROUP = new InetSocketAddress(InetAddress.ofLiteral("224.0.0.251"), 5353);

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final StringWriter said = new StringWriter();

    @TempDir
    Path folder;

    @AfterEach
    void close() throws Exception {
        while (!open.isEmpty()) open.pop().close();
    }

    private static NetworkInterface inside() throws IOException {
        return NetworkInterface.getByInetAddress(InetAddress.ofLiteral("127.0.0.1"));
    }

    private int run(String... arguments) {
        var command = new CommandLine(new HeaterDiscoverCommand());
        command.setOut(new PrintWriter(said, true));
        command.setErr(new PrintWriter(said, true));
        return command.execute(arguments);
    }

    @Test
    void whatAnnouncesItselfIsAskedWhatItIsAndWrittenIntoTheFile() throws Exception {
        var plug = start(SimulatedDevice.Kind.SHELLY_PLUG, "127.0.13.2");
        var miner = start(SimulatedDevice.Kind.AXEOS, "127.0.13.3");
        announce(
                service("_shelly._tcp.local", "hall", plug.address()),
                service("_http._tcp.local", "bitaxe", miner.address()),
                service("_http._tcp.local", "printer", new InetSocketAddress("127.0.13.4", 9)),
                service("_mqtt._tcp.local", "broker", new InetSocketAddress("127.0.13.5", 1883)));
        var file = folder.resolve("found.yaml");
        assertEquals(
                0,
                run("--mdns", "--interface", inside().getName(), "--port", "9", "--output", file.toString()),
                said::toString);
        var text = said.toString();
        assertTrue(text.contains("shelly plug"), text);
        assertTrue(text.contains("axeos: BM1370"), text);
        assertTrue(text.contains("printer (_http._tcp): not recognised: nothing answers there"), text);
        assertTrue(text.contains("broker (_mqtt._tcp): a broker; --mqtt 127.0.13.5:1883 listens there"), text);
        var written = Files.readString(file);
        assertTrue(written.contains("address: \"127.0.13.3:" + miner.address().getPort() + "\""), written);
        assertTrue(
                written.contains(
                        "{kind: shelly, address: \"127.0.13.2:" + plug.address().getPort()),
                written);
        assertTrue(written.contains("#mqtt: {host: \"127.0.13.5\", port: 1883} # announced by broker"), written);
    }

    /** Two miners, a plug and a thermometer of a subnet, and a page that is nobody's. */
    @Test
    void aSubnetThatIsNamedIsSearchedAndItsFileIsCompleteButForWhatAPersonKnows() throws Exception {
        var thermometer = start(SimulatedDevice.Kind.ROOM_SENSOR, "127.0.14.1");
        var plug = start(SimulatedDevice.Kind.SHELLY_PLUG, "127.0.14.2");
        var bitaxe = start(SimulatedDevice.Kind.AXEOS, "127.0.14.3");
        var mini = start(SimulatedDevice.Kind.MINI3, "127.0.14.4");
        var asked = new ConcurrentLinkedQueue<String>();
        var stranger = HttpServer.create(new InetSocketAddress("127.0.14.5", 0), 0);
        stranger.createContext("/", exchange -> {
            try (exchange) {
                asked.add(exchange.getRequestMethod());
                exchange.sendResponseHeaders(404, -1);
            }
        });
        stranger.start();
        open.push(() -> stranger.stop(0));
        var file = folder.resolve("found.yaml");
        var arguments = new ArrayList<>(List.of("--subnet", "127.0.14.0/29", "--output", file.toString()));
        var listening = Stream.concat(
                Stream.of(thermometer, plug, bitaxe, mini).map(SimulatedDevice::address),
                Stream.of(stranger.getAddress()));
        listening.forEach(at -> arguments.addAll(List.of("--port", Integer.toString(at.getPort()))));
        assertEquals(0, run(arguments.toArray(String[]::new)), said::toString);
        var text = said.toString();
        for (var part : List.of("shelly thermometer", "shelly plug", "axeos: BM1370", "mini3", "not recognised"))
            assertTrue(text.contains(part), part + " is not in " + text);
        assertEquals(Set.of("GET"), Set.copyOf(asked), "it is asked, and told nothing");
        assertTrue(Files.readString(file).contains("    model: gamma\n"), Files.readString(file));

        var completed = Files.readString(file).replace("ratingWatts: ???", "ratingWatts: 2300");
        var setup = HeaterFile.parse("heater.yaml", completed, folder);
        assertEquals(2, setup.heaters().size());
        assertEquals(1, setup.rooms().size());
    }

    @Test
    void nothingIsAskedWithoutConsent() {
        assertEquals(2, run("--output", folder.resolve("no.yaml").toString()));
        assertTrue(said.toString().contains("--subnet, --mdns or --mqtt is missing"), said.toString());
        assertFalse(Files.exists(folder.resolve("no.yaml")));
    }

    @Test
    void aNetworkThatIsNotThereIsAMistake() {
        assertEquals(2, run("--mdns", "--interface", "nowhere9"));
        assertTrue(
                said.toString().contains("--interface nowhere9: this computer has no such network"), said.toString());
    }

    private SimulatedDevice start(SimulatedDevice.Kind kind, String address) {
        var device = kind.start(new InetSocketAddress(address, 0), IDLE, InstantSource.system());
        open.push(device);
        for (int i = 0; i < 40; i++) device.advance(Duration.ofMinutes(1));
        return device;
    }

    private void announce(byte[]... messages) throws IOException {
        var socket = new MulticastSocket(GROUP.getPort());
        open.push(socket);
        socket.setNetworkInterface(inside());
        socket.joinGroup(GROUP, inside());
        Thread.ofVirtual().start(() -> {
            var packet = new DatagramPacket(new byte[9000], 9000);
            try {
                while (true) {
                    packet.setLength(9000);
                    socket.receive(packet);
                    if (!packet.getAddress().isLoopbackAddress()) continue; // another's question
                    for (var message : messages)
                        socket.send(new DatagramPacket(message, message.length, packet.getSocketAddress()));
                }
            } catch (IOException e) {
                assertTrue(socket.isClosed(), "the announcer broke: " + e);
            }
        });
    }

    private static byte[] service(String type, String name, InetSocketAddress at) {
        var message = new ByteArrayOutputStream();
        message.writeBytes(new byte[] {0, 0, (byte) 0x84, 0, 0, 0, 0, 3, 0, 0, 0, 0});
        record(message, type, 12, name(name + "." + type));
        var place = new ByteArrayOutputStream();
        place.writeBytes(new byte[] {0, 0, 0, 0, (byte) (at.getPort() >>> 8), (byte) at.getPort()});
        place.writeBytes(name(name + ".local"));
        record(message, name + "." + type, 33, place.toByteArray());
        record(message, name + ".local", 1, at.getAddress().getAddress());
        return message.toByteArray();
    }

    private static void record(ByteArrayOutputStream message, String name, int type, byte[] data) {
        message.writeBytes(name(name));
        message.writeBytes(new byte[] {0, (byte) type, 0, 1, 0, 0, 0, 120, 0, (byte) data.length});
        message.writeBytes(data);
    }

    private static byte[] name(String text) {
        var name = new ByteArrayOutputStream();
        for (var label : text.split("\\.", -1)) {
            name.write(label.length());
            name.writeBytes(label.getBytes(StandardCharsets.UTF_8));
        }
        name.write(0);
        return name.toByteArray();
    }

    private static final Computation IDLE = new Computation() {
        @Override
        public void setThreads(int threads) {} // computes nothing

        @Override
        public Counters counters() {
            return Counters.NONE;
        }

        @Override
        public void close() {} // holds nothing
    };
}
