package org.athanor.devices.mqtt;

import static org.athanor.devices.testing.Mosquitto.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.athanor.devices.testing.Mosquitto;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Execution(ExecutionMode.CONCURRENT)
class MqttBrokerTest {
    @TempDir
    Path folder;

    private final List<String> notes = new CopyOnWriteArrayList<>();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final List<MqttMessage> heard = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (var each : opened.reversed()) each.close();
    }

    private Mosquitto mosquitto() {
        var server = Mosquitto.open(folder);
        opened.add(server);
        return server;
    }

    private MqttBroker open(MqttConfig config) {
        var broker = MqttBroker.open(config, notes::add);
        opened.add(broker);
        return broker;
    }

    private MqttBroker connected(MqttConfig config) {
        var broker = open(config);
        await("a connection", broker::connected);
        return broker;
    }

    private static MqttConfig plain(Mosquitto server, String client) {
        return MqttConfig.plain("127.0.0.1", server.port(), client);
    }

    @Test
    void whatOneSaysAnotherHears() {
        var server = mosquitto();
        var one = connected(plain(server, "one"));
        connected(plain(server, "two")).subscribe("home/+/temperature", heard::add);
        await("the message", () -> {
            one.publish("home/living/temperature", "20,3 °C", false);
            return !heard.isEmpty();
        });
        assertEquals(new MqttMessage("home/living/temperature", "20,3 °C", false), heard.getFirst());
    }

    @Test
    void retainedMessagesAreMarkedAndCanBeForgotten() {
        var server = mosquitto();
        var one = connected(plain(server, "one"));
        assertTrue(one.publish("kept", "old", true));
        var two = connected(plain(server, "two"));
        var subscription = two.subscribe("kept", heard::add);
        await("the retained message", () -> !heard.isEmpty());
        assertEquals(new MqttMessage("kept", "old", true), heard.getFirst());
        one.publish("kept", "", true);
        await("its end", () -> heard.size() == 2);
        subscription.close();
        heard.clear();
        two.subscribe("kept", heard::add);
        two.subscribe("marker", heard::add);
        one.publish("marker", "now", false);
        await("the marker", () -> {
            one.publish("marker", "now", false);
            return heard.stream().anyMatch(message -> message.topic().equals("marker"));
        });
        assertFalse(heard.stream().anyMatch(message -> message.topic().equals("kept")), heard.toString());
    }

    @Test
    void itConnectsAgainAndRestoresWhatItHears() {
        var server = mosquitto();
        var one = connected(plain(server, "one"));
        var two = connected(plain(server, "two"));
        two.subscribe("news", heard::add);
        var greetings = new AtomicInteger();
        two.whenConnected(greetings::incrementAndGet);
        await("the greeting", () -> greetings.get() == 1);
        server.stop();
        await("the loss to be noticed", () -> !one.connected() && two.trouble().isPresent());
        assertFalse(one.publish("news", "lost", false));
        server.start();
        await("both to be back", () -> one.connected() && two.connected() && greetings.get() == 2);
        assertEquals(Optional.empty(), two.trouble());
        await("news again", () -> {
            one.publish("news", "back", false);
            return heard.stream().anyMatch(message -> message.text().equals("back"));
        });
        assertTrue(notes.stream().anyMatch(note -> note.contains("connection lost")), notes.toString());
    }

    @Test
    void aBrokerThatComesLaterIsFound() {
        var server = mosquitto();
        server.stop();
        var broker = open(plain(server, "early"));
        broker.subscribe("kept", heard::add);
        await("the first failure", () -> broker.trouble().orElse("").contains("refused"));
        assertFalse(broker.publish("kept", "nobody hears", true));
        server.start();
        await("a connection", broker::connected);
        await("our own message", () -> {
            broker.publish("kept", "hello", false);
            return !heard.isEmpty();
        });
    }

    @Test
    void theWillIsSaidWhenItClosesToo() {
        var server = mosquitto();
        var watcher = connected(plain(server, "watcher"));
        watcher.subscribe("one/online", heard::add);
        var one = connected(plain(server, "one").withWill("one/online", "offline"));
        await("online", () -> {
            one.publish("one/online", "online", true);
            return !heard.isEmpty();
        });
        one.close();
        await("offline", () -> heard.getLast().text().equals("offline"));
    }

    @Test
    void theBrokerSaysTheWillOfOneThatVanishes() {
        var server = mosquitto();
        var watcher = connected(plain(server, "watcher"));
        watcher.subscribe("one/online", heard::add);
        var one = connected(plain(server, "one").withWill("one/online", "offline"));
        await("online", () -> {
            one.publish("one/online", "online", true);
            return !heard.isEmpty();
        });
        // another of the same name: the broker throws the first one out, as it would one whose line is cut
        connected(plain(server, "one"));
        await("offline", () -> heard.stream().anyMatch(message -> message.text().equals("offline")));
    }

    @Test
    void aWrongPasswordIsNamedAndTriedAgain() {
        var server = Mosquitto.withUser(folder, "athanor", "secret");
        opened.add(server);
        var wrong = open(plain(server, "wrong").withUser("athanor", "sesame"));
        await("the refusal", () -> wrong.trouble().orElse("").contains("refuses user and password (user athanor)"));
        assertFalse(wrong.connected());
        assertFalse(notes.toString().contains("sesame"), notes.toString());
        connected(plain(server, "right").withUser("athanor", "secret"));
        var anonymous = open(plain(server, "nobody"));
        await("the refusal", () -> anonymous.trouble().orElse("").contains("(none given)"));
    }

    @Test
    void itSpeaksTlsWithABrokerWhoseAuthorityItIsGiven() throws Exception {
        var openssl = Mosquitto.find("openssl");
        Assumptions.assumeTrue(openssl.isPresent(), "skipped: openssl is needed (Debian: apt-get install openssl)");
        var certificate = folder.resolve("broker.pem");
        var key = folder.resolve("broker.key");
        var made = new ProcessBuilder(
                        openssl.get().toString(),
                        "req",
                        "-x509",
                        "-newkey",
                        "rsa:2048",
                        "-nodes",
                        "-days",
                        "2",
                        "-subj",
                        "/CN=localhost",
                        "-addext",
                        "subjectAltName=IP:127.0.0.1",
                        "-keyout",
                        key.toString(),
                        "-out",
                        certificate.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("openssl.log").toFile())
                .start();
        assertTrue(made.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, made.exitValue(), () -> read(folder.resolve("openssl.log")));
        var server =
                Mosquitto.start(folder, List.of("allow_anonymous true", "certfile " + certificate, "keyfile " + key));
        opened.add(server);
        connected(plain(server, "tls").withTls(Optional.of(certificate)));
        var unknown = open(plain(server, "unknown").withTls(Optional.empty()));
        await("the refusal", () -> unknown.trouble().orElse("").contains("PKIX"));
        assertFalse(unknown.connected());
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Test
    void aListenerThatFailsCostsTheOthersNothing() {
        var server = mosquitto();
        var broker = connected(plain(server, "one"));
        broker.subscribe("news", _ -> {
            throw new IllegalStateException("cannot read this");
        });
        broker.subscribe("news", heard::add);
        await("the message", () -> {
            broker.publish("news", "hello", false);
            return heard.size() > 1;
        });
        assertTrue(broker.connected());
        assertTrue(notes.stream().anyMatch(note -> note.contains("cannot read this")), notes.toString());
    }

    @Test
    void nothingOfItRunsOnAfterItsClose() {
        var server = mosquitto();
        var broker = connected(plain(server, "short-lived"));
        assertTrue(threads("short-lived") > 0);
        broker.close();
        await("its threads to end", () -> threads("short-lived") == 0);
        assertFalse(broker.publish("news", "nobody sends this", false));
    }

    @Test
    void aBrokerThatAcceptsAndSaysNothingCostsNoThreads() throws Exception {
        var accepted = new CopyOnWriteArrayList<Socket>();
        try (var mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                try {
                    while (true) accepted.add(mute.accept());
                } catch (IOException _) {
                    // closed: the test is over
                }
            });
            var broker = MqttBroker.open(
                    MqttConfig.plain("127.0.0.1", mute.getLocalPort(), "unheard"), Duration.ofSeconds(2), notes::add);
            await("three attempts", () -> accepted.size() >= 3);
            assertEquals(Optional.of("no answer within 2000 ms"), broker.trouble());
            assertTrue(threads("unheard") <= 4, "those of one attempt, and our own");
            broker.close();
            await("its threads to end", () -> threads("unheard") == 0);
        } finally {
            for (var socket : accepted) socket.close();
        }
        assertEquals(1, notes.size(), notes.toString());
    }

    private static long threads(String client) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.isAlive() && thread.getName().contains(client))
                .count();
    }

    @Test
    void thePasswordIsNotShown() {
        var config = MqttConfig.plain("broker.local", 1883, "one").withUser("athanor", "sesame");
        assertEquals("athanor at tcp://broker.local:1883", config.toString());
        assertEquals(
                "ssl://[::1]:8883",
                MqttConfig.plain("::1", 8883, "one").withTls(Optional.empty()).url());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''     | 1883  | one | MQTT host
            broker | 0     | one | MQTT port 0 (1 to 65535)
            broker | 70000 | one | MQTT port 70000
            broker | 1883  | ''  | MQTT client
            """)
    void badSettingsAreNamed(String host, int port, String client, String message) {
        var refused = assertThrows(IllegalArgumentException.class, () -> MqttConfig.plain(host, port, client));
        assertTrue(refused.getMessage().contains(message), refused.getMessage());
    }

    @Test
    void anAuthorityThatIsNoCertificateIsNamed() throws Exception {
        var file = Files.writeString(folder.resolve("no.pem"), "hello");
        var config = MqttConfig.plain("broker", 8883, "one").withTls(Optional.of(file));
        var refused = assertThrows(IllegalArgumentException.class, () -> MqttBroker.open(config, notes::add));
        assertTrue(refused.getMessage().contains("no.pem"), refused.getMessage());
    }
}
