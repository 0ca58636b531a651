package org.athanor.devices.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.athanor.devices.discovery.Announcement.Service;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Everything here stays within the loopback interface. */
class LinkSearchTest {
    private static final InetAddress GROUP = InetAddress.ofLiteral("224.0.0.251");

    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    @AfterEach
    void close() throws Exception {
        while (!open.isEmpty()) open.pop().close();
    }

    private static NetworkInterface inside() throws IOException {
        return NetworkInterface.getByInetAddress(InetAddress.ofLiteral("127.0.0.1"));
    }

    private interface Answerer {
        List<byte[]> answers(byte[] question);
    }

    /** Joins the group, as a device does, and answers to whoever asked. */
    private InetSocketAddress announcer(Answerer answerer) throws IOException {
        var socket = new MulticastSocket(0);
        open.push(socket);
        var group = new InetSocketAddress(GROUP, socket.getLocalPort());
        socket.setNetworkInterface(inside());
        socket.joinGroup(group, inside());
        Thread.ofVirtual().start(() -> {
            var packet = new DatagramPacket(new byte[9000], 9000);
            try {
                while (true) {
                    packet.setLength(9000);
                    socket.receive(packet);
                    var question = java.util.Arrays.copyOf(packet.getData(), packet.getLength());
                    for (var answer : answerer.answers(question))
                        socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                }
            } catch (IOException e) {
                assertTrue(socket.isClosed(), "the announcer broke: " + e);
            }
        });
        return group;
    }

    private static LinkSearch.Heard ask(InetSocketAddress group) throws IOException {
        return new LinkSearch(inside(), group, Duration.ofMillis(900)).ask();
    }

    @Test
    void whatAnnouncesItselfIsFoundWithItsNameServiceAndAddress() throws IOException {
        var group = announcer(_ -> List.of(
                new Message()
                        .pointer("_shelly._tcp.local", "plug in hall._shelly._tcp.local")
                        .place("plug in hall._shelly._tcp.local", 80, "shelly-1.local")
                        .host("shelly-1.local", 127, 0, 8, 1)
                        .bytes(),
                new Message()
                        .pointer("_MQTT._tcp.local", "broker._mqtt._tcp.local")
                        .place("broker._mqtt._tcp.local", 1883, "hub.local")
                        .host("HUB.local", 127, 0, 8, 2)
                        .bytes()));
        var heard = ask(group);
        assertEquals(
                List.of(
                        new Announcement("plug in hall", Service.SHELLY, new InetSocketAddress("127.0.8.1", 80)),
                        new Announcement("broker", Service.MQTT, new InetSocketAddress("127.0.8.2", 1883))),
                heard.announcements());
        assertEquals(List.of(), heard.troubles());
    }

    @Test
    void whatAnAnswerLeftOutIsAskedForOnce() throws IOException {
        var questions = Collections.synchronizedList(new ArrayList<String>());
        var group = announcer(question -> {
            var text = new String(question, StandardCharsets.ISO_8859_1);
            questions.add(text);
            return List.of(
                    text.contains("bitaxe")
                            ? new Message()
                                    .place("bitaxe._http._tcp.local", 80, "b.local")
                                    .host("b.local", 127, 0, 8, 3)
                                    .bytes()
                            : new Message()
                                    .pointer("_http._tcp.local", "bitaxe._http._tcp.local")
                                    .bytes());
        });
        var heard =
                new LinkSearch(inside(), group, Duration.ofSeconds(6)).ask(); // the last of its questions is asked once
        assertEquals(
                List.of(new Announcement("bitaxe", Service.HTTP, new InetSocketAddress("127.0.8.3", 80))),
                heard.announcements());
        assertEquals(3, questions.size(), "twice for all, once for the rest");
        for (var service : Service.values())
            assertTrue(questions.getFirst().contains(service.type().substring(0, 5)), service.type());
    }

    @Test
    void addressesOutsideTheLinkAreNotBelievedAndToldWithTheReason() throws IOException {
        var group = announcer(_ -> List.of(
                new Message()
                        .pointer("_http._tcp.local", "far._http._tcp.local")
                        .place("far._http._tcp.local", 80, "far.local")
                        .host("far.local", 8, 8, 8, 8)
                        .bytes(),
                new Message()
                        .pointer("_http._tcp.local", "next._http._tcp.local")
                        .place("next._http._tcp.local", 80, "next.local")
                        .host("next.local", 192, 168, 1, 1)
                        .bytes(),
                new Message()
                        .pointer("_http._tcp.local", "lost._http._tcp.local")
                        .bytes()));
        var heard = ask(group);
        assertEquals(List.of(), heard.announcements());
        assertEquals(
                List.of(
                        "far (_http._tcp): it says that it is at 8.8.8.8, which is not on this link",
                        "next (_http._tcp): it says that it is at 192.168.1.1, which is not on this link",
                        "lost (_http._tcp): it did not say at which port it is"),
                heard.troubles());
    }

    @Test
    void thousandsOfAnswersAreCutOff() throws IOException {
        var group = announcer(_ -> {
            var flood = new ArrayList<byte[]>();
            for (int i = 0; i < 100; i++) {
                var message = new Message();
                for (int k = 0; k < 20; k++) {
                    var name = "m" + i + "-" + k;
                    message.pointer("_http._tcp.local", name + "._http._tcp.local")
                            .place(name + "._http._tcp.local", 80, name + ".local")
                            .host(name + ".local", 127, 1, i, k);
                }
                flood.add(message.bytes());
            }
            return flood;
        });
        long start = System.nanoTime();
        var heard = ask(group);
        assertEquals(32, heard.announcements().size());
        assertTrue(
                heard.troubles().getFirst().contains("announced more than 32"),
                heard.troubles().toString());
        assertTrue(Duration.ofNanos(System.nanoTime() - start).toSeconds() < 10);
    }

    @Test
    void brokenAnswersHarmNothing() throws IOException {
        var good = new Message()
                .pointer("_http._tcp.local", "good._http._tcp.local")
                .place("good._http._tcp.local", 80, "good.local")
                .host("good.local", 127, 0, 8, 9)
                .bytes();
        var random = new Random(7);
        var group = announcer(_ -> {
            var answers = new ArrayList<byte[]>();
            answers.add(new byte[0]);
            answers.add(loop());
            for (int i = 0; i < 50; i++) { // fewer than a socket holds
                var noise = new byte[random.nextInt(600)];
                random.nextBytes(noise);
                answers.add(noise);
            }
            answers.add(good);
            return answers;
        });
        var heard = ask(group);
        assertEquals(1, heard.announcements().size(), heard.toString());
        assertTrue(
                heard.troubles().contains("what 127.0.0.1 answered cannot be read"),
                heard.troubles().toString());
    }

    /** Every byte of a true answer changed or left out: it is refused or read, and always in an instant. */
    @Test
    void noAnswerBreaksTheReader() {
        var good = new Message()
                .pointer("_http._tcp.local", "good._http._tcp.local")
                .place("good._http._tcp.local", 80, "good.local")
                .host("good.local", 127, 0, 8, 9)
                .bytes();
        assertEquals(1, DnsReply.parse(good, good.length).orElseThrow().hosts().size());
        int refused = 0;
        for (int length = 0; length < good.length; length++)
            if (DnsReply.parse(good, length).isEmpty()) refused++;
        assertEquals(good.length, refused, "whatever is cut is refused");
        for (int at = 0; at < good.length; at++)
            for (int value = 0; value < 256; value++) {
                var changed = good.clone();
                changed[at] = (byte) value;
                var _ = DnsReply.parse(changed, changed.length);
            }
        assertTrue(DnsReply.parse(loop(), loop().length).isEmpty());
    }

    /** A name that goes on at itself. */
    private static byte[] loop() {
        return new Message()
                .raw(0xc0, 12, 0, 12, 0, 1, 0, 0, 0, 60, 0, 2, 0xc0, 12)
                .bytes();
    }

    @Test
    void questionsOfOthersAreNoAnswers() {
        var question = DnsReply.question(List.of());
        assertTrue(DnsReply.parse(question, question.length).isEmpty());
    }

    @Test
    void silenceIsNothingAndTakesNoLongerThanItsTime() throws IOException {
        int port;
        try (var socket = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"))) {
            port = socket.getLocalPort();
        }
        long start = System.nanoTime();
        assertEquals(new LinkSearch.Heard(List.of(), List.of()), ask(new InetSocketAddress(GROUP, port)));
        assertTrue(Duration.ofNanos(System.nanoTime() - start).toMillis() < 5000);
    }

    @Test
    void itsOwnInsideIsNoNetworkOfDevices() {
        for (var network : LinkSearch.networks()) assertFalse(network.getName().equals("lo"), network.toString());
    }

    @Test
    void namesOfOthersCarryNoControlCharacters() throws IOException {
        var group = announcer(_ -> List.of(new Message()
                .pointer("_mqtt._tcp.local", "a\u001b[2J\nb._mqtt._tcp.local")
                .place("a\u001b[2J\nb._mqtt._tcp.local", 1883, "a.local")
                .host("a.local", 127, 0, 8, 4)
                .bytes()));
        assertEquals("a [2J b", ask(group).announcements().getFirst().name());
    }

    /** A response, written as devices do, but without compression. */
    private static final class Message {
        private final ByteArrayOutputStream records = new ByteArrayOutputStream();
        private int count;

        Message pointer(String service, String instance) {
            return record(service, DnsReply.POINTER, name(instance));
        }

        Message place(String instance, int port, String host) {
            var data = new ByteArrayOutputStream();
            data.writeBytes(new byte[4]);
            data.write(port >>> 8);
            data.write(port);
            data.writeBytes(name(host));
            return record(instance, DnsReply.PLACE, data.toByteArray());
        }

        Message host(String name, int... address) {
            return record(name, DnsReply.HOST, new byte[] {
                (byte) address[0], (byte) address[1], (byte) address[2], (byte) address[3]
            });
        }

        Message raw(int... bytes) {
            for (int each : bytes) records.write(each);
            count++;
            return this;
        }

        private Message record(String name, int type, byte[] data) {
            records.writeBytes(name(name));
            raw(0, type, 0x80, 1, 0, 0, 0, 120, data.length >>> 8, data.length);
            records.writeBytes(data);
            return this;
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

        byte[] bytes() {
            var message = new ByteArrayOutputStream();
            message.writeBytes(new byte[] {0, 0, (byte) 0x84, 0, 0, 0, 0, (byte) count, 0, 0, 0, 0});
            message.writeBytes(records.toByteArray());
            return message.toByteArray();
        }
    }
}
