package org.athanor.cli.heater;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.athanor.edge.RealTimeTicker;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What {@code heater run} could not work with is a mistake of {@code heater check}, with its line, its field and what is accepted. */
@Execution(ExecutionMode.CONCURRENT)
class BadHeaterValuesTest {
    /** Every kind of value that something is built of. FOLDER stands for that of the test. */
    private static final String HOME = """
            name: Home
            zone: UTC
            state: state
            page: 127.0.0.1:0
            tariff: {kind: flat, price: 0.3}
            location: {latitude: 50.8, longitude: 4.4, windows: [south]}
            circuits: [{id: flat, watts: 9000}]
            mqtt:
              host: 127.0.0.1
              port: 9
              tls: true
              authority: broker.pem
              user: heater
              password: secret
            homeAssistant:
              discoveryPrefix: homeassistant
              homeId: home
              address: 127.0.0.1:9
              token: abc
            s2:
              url: "ws://127.0.0.1:9/s2"
              token: word
            mining:
              pool: stratum+tcp://127.0.0.1:9
              user: me
            outdoor: {kind: zigbee2mqtt, topic: zigbee2mqtt/garden}
            rooms:
              - id: living
                name: Living room
                floorArea: 30
                thermometer: {kind: one-wire, probe: 28-0316a2795cff}
                secondThermometer: {kind: home-assistant, entity: sensor.living}
                primary:
                  kind: boiler
                  entity: climate.living
                  heat: sensor.boiler
                  capacityWatts: 4000
                  efficiency: 0.9
              - id: study
                floorArea: 12
                thermometer: {kind: tasmota, topic: plug_7}
                primary: {kind: otgw, address: "127.0.0.1:9", capacityWatts: 900, efficiency: 0.9}
              - id: hall
                floorArea: 12
                thermometer: {kind: mqtt, topic: hall/temperature}
            tanks:
              - id: tank
                litres: 200
                setpoint: 50
                thermometer: {kind: shelly, address: "127.0.0.1:9", password: word}
            heaters:
              - id: rack
                room: living
                kind: braiins
                address: 127.0.0.1:9
                user: root
                password: word
                levels: [800, 1200]
                maximumWatts: 1500
                circuit: flat
                pool: {url: "stratum+tcp://pool.example.com:3333", user: me}
                plug: {kind: shelly, address: "127.0.0.1:11", ratingWatts: 1500}
              - id: nano
                room: living
                kind: nano3s
                address: 127.0.0.1:12
                plug: {kind: tasmota, address: "127.0.0.1:13", user: admin, password: word, ratingWatts: 2400}
              - id: immersion
                room: tank
                kind: element
                watts: 2000
                plug: {kind: zigbee2mqtt, topic: zigbee2mqtt/plug, countdown: on-time, ratingWatts: 2420}
              - id: computer
                room: study
                kind: computer
                threads: 2
                wattsPerThread: 20
                preference: 3
                plug: {kind: shelly, address: "127.0.0.1:14", ratingWatts: 2500}
            """;

    /** Self-signed, of nobody. */
    private static final String CERTIFICATE = """
            -----BEGIN CERTIFICATE-----
            MIIBjzCCATWgAwIBAgIUYL8l/nDG9xsNTibIQEidPXUKFYgwCgYIKoZIzj0EAwIw
            HTEbMBkGA1UEAwwSYnJva2VyLmV4YW1wbGUub3JnMB4XDTI2MTEyODA5NDkwM1oX
            DTM2MTEyNTA5NDkwM1owHTEbMBkGA1UEAwwSYnJva2VyLmV4YW1wbGUub3JnMFkw
            EwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAErjdBxkcn6WzpyY6XYHYXR8ObBLIoATtP
            9NlfD9vz7oLJvtV1stOghYK8lUqRcN5HIJw7kYDbz52SJuRMVOMH76NTMFEwHQYD
            VR0OBBYEFEHZxzzHjtqWmEADy4bFqT1yG5y+MB8GA1UdIwQYMBaAFEHZxzzHjtqW
            mEADy4bFqT1yG5y+MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIh
            ALbw+60lFk6dS9a0PIwPLfN+h1fPuIW0CLdVNry/aiMjAiAI2JcjNXzBuUL9WmfG
            xdA52w+Wi1ogqzQG1erYIC5UHw==
            -----END CERTIFICATE-----
            """;

    /** What stands in {@link #HOME}, what stands there instead, and the field of the mistake. */
    private static final String[][] BAD = {
        {"state: state", "state: \"a\\0b\"", "state"},
        {"authority: broker.pem", "authority: nowhere.pem", "mqtt.authority"},
        {"authority: broker.pem", "authority: empty.txt", "mqtt.authority"},
        {"host: 127.0.0.1\n", "host: tcp://127.0.0.1\n", "mqtt.host"},
        {"host: 127.0.0.1\n", "host: 127.0.0.1:1883\n", "mqtt.host"},
        {"host: 127.0.0.1\n", "host: our broker\n", "mqtt.host"},
        {"user: heater", "user: \"a\\nb\"", "mqtt.user"},
        {"discoveryPrefix: homeassistant", "discoveryPrefix: home assistant", "homeAssistant.discoveryPrefix"},
        {"discoveryPrefix: homeassistant", "discoveryPrefix: /homeassistant", "homeAssistant.discoveryPrefix"},
        {"homeId: home", "homeId: chez nous", "homeAssistant.homeId"},
        {"homeId: home", "homeId: a/b", "homeAssistant.homeId"},
        {"address: 127.0.0.1:9\n  token: abc", "address: 127.0.0.1:0\n  token: abc", "homeAssistant.address"},
        {"token: abc", "token: two words", "homeAssistant.token"},
        {"token: abc", "tokenFile: empty.txt", "homeAssistant.tokenFile"},
        {"token: abc", "tokenFile: \"a\\0b\"", "homeAssistant.tokenFile"},
        {"token: abc", "tokenFile: [a, b]", "homeAssistant.tokenFile"},
        {"token: abc", "tokenFile: lines.txt", "homeAssistant.tokenFile"},
        {"ws://127.0.0.1:9/s2", "ws://127.0.0.1:99999/s2", "s2.url"},
        {"ws://127.0.0.1:9/s2", "ws://127.0.0.1:9/s2#part", "s2.url"},
        {"ws://127.0.0.1:9/s2", "ws:///s2", "s2.url"},
        {"token: word", "token: two words", "s2.token"},
        {"token: word", "token: dvě", "s2.token"},
        {"token: word", "tokenFile: lines.txt", "s2.tokenFile"},
        {"pool: stratum+tcp://127.0.0.1:9", "pool: pool.example.com", "mining.pool"},
        {"pool: stratum+tcp://127.0.0.1:9", "pool: stratum+ssl://127.0.0.1:9", "mining.pool"},
        {"pool: stratum+tcp://127.0.0.1:9", "pool: stratum+tcp://127.0.0.1:99999", "mining.pool"},
        {"  pool: stratum+tcp://127.0.0.1:9\n", "", "mining.pool"},
        {"topic: zigbee2mqtt/garden", "topic: \"zigbee2mqtt/#\"", "outdoor.topic"},
        {"topic: zigbee2mqtt/garden", "topic: \"garden\\n\\tsensor\"", "outdoor.topic"},
        {"28-0316a2795cff", "28-0316A2795CFF", "rooms[0].thermometer.probe"},
        {"28-0316a2795cff", "attic", "rooms[0].thermometer.probe"},
        {"sensor.living", "living", "rooms[0].secondThermometer.entity"},
        {"sensor.living", "sensor.Living", "rooms[0].secondThermometer.entity"},
        {"sensor.living", "climate.living", "rooms[0].secondThermometer.entity"},
        {"climate.living", "climate.Living", "rooms[0].primary.entity"},
        {"climate.living", "sensor.living", "rooms[0].primary.entity"},
        {"sensor.boiler", "sensor.boiler room", "rooms[0].primary.heat"},
        {"topic: plug_7", "topic: \"plug+7\"", "rooms[1].thermometer.topic"},
        {"{kind: otgw, address: \"127.0.0.1:9\"", "{kind: otgw, address: \"127.0.0.1:0\"", "rooms[1].primary.address"},
        {"topic: hall/temperature", "topic: \"hall/+\"", "rooms[2].thermometer.topic"},
        {"9\", password: word}", "9\", passwordFile: empty.txt}", "tanks[0].thermometer.passwordFile"},
        {"address: 127.0.0.1:9\n    user", "address: my_miner\n    user", "heaters[0].address"},
        {"address: 127.0.0.1:9\n    user", "address: 127.0.0.1:0\n    user", "heaters[0].address"},
        {"address: 127.0.0.1:9\n    user", "address: 127.0.0.1:65536\n    user", "heaters[0].address"},
        {"user: root", "user: \"ro\\\"ot\"", "heaters[0].user"},
        {"user: root\n    password: word\n", "user: root\n", "heaters[0].password"},
        {"levels: [800, 1200]", "levels: [1200, 800]", "heaters[0].levels"},
        {"levels: [800, 1200]", "levels: [800, eco 1200]", "heaters[0].levels[1]"},
        {"levels: [800, 1200]", "levels: [800, 1600]", "heaters[0].levels"},
        {"maximumWatts: 1500", "maximumWatts: 1501", "heaters[0].plug.ratingWatts"},
        {"ratingWatts: 1500", "ratingWatts: 1499", "heaters[0].plug.ratingWatts"},
        {"pool: {url: \"stratum+tcp://pool.example.com:3333\", user: me}", "pool: {user: me}", "heaters[0].pool.url"},
        {"kind: nano3s", "kind: nano3s\n    maximumWatts: 100", "heaters[1].maximumWatts"},
        {"user: admin", "user: \"a\\tb\"", "heaters[1].plug.user"},
        {"ratingWatts: 2400", "ratingWatts: 100", "heaters[1].plug.ratingWatts"},
        {"topic: zigbee2mqtt/plug", "topic: \"zigbee2mqtt/+\"", "heaters[2].plug.topic"},
        {"ratingWatts: 2420", "ratingWatts: 2400", "heaters[2].plug.ratingWatts"},
        {"threads: 2", "threads: 200", "heaters[3].plug.ratingWatts"},
        {"preference: 3", "preference: -1", "heaters[3].preference"},
        {
            "preference: 3",
            "training: {url: \"https://127.0.0.1:99999\", token: " + "A".repeat(64) + "}",
            "heaters[3].training.url"
        },
        {"preference: 3", "training: {url: \"https://127.0.0.1:8650\", token: short}", "heaters[3].training.token"},
        {"kind: nano3s\n    address: 127.0.0.1:12\n", "kind: gpu\n    levels: [300, 150]\n", "heaters[1].levels"},
        {"tls: true", "tls: false", "mqtt.authority"},
        {"  user: heater\n", "", "mqtt.user"},
    };

    /** Told when others are mended: whether a plug carries a heater is known once that is right. */
    private static final Set<String> LATER = Set.of("heaters[0].plug.ratingWatts", "heaters[1].levels");

    private static final Pattern PLACE =
            Pattern.compile("^heater.yaml(, line (?<line>\\d+))?, (?<field>[A-Za-z0-9.\\[\\]]+): ");

    @TempDir
    private Path folder;

    @BeforeEach
    void writeFiles() throws Exception {
        Files.writeString(folder.resolve("empty.txt"), "\n");
        Files.writeString(folder.resolve("lines.txt"), "one\ntwo\n");
        Files.writeString(folder.resolve("broker.pem"), CERTIFICATE);
    }

    private HomeSetup read(String text) {
        return HeaterFile.parse("heater.yaml", text, folder);
    }

    private List<String> mistakes(String text) {
        return assertThrows(HeaterMistakes.class, () -> read(text), text)
                .getMessage()
                .lines()
                .toList();
    }

    private static String with(String text, String old, String instead) {
        assertEquals(text.indexOf(old), text.lastIndexOf(old), old + " stands there once");
        assertTrue(text.contains(old), old);
        return text.replace(old, instead);
    }

    @Test
    void eachIsOneMistakeWithLineFieldAndWhatIsAccepted() {
        for (var bad : BAD) {
            var text = with(HOME, bad[0], bad[1]);
            var said = mistakes(text);
            assertEquals(1, said.size(), String.join("\n", said));
            var place = PLACE.matcher(said.getFirst());
            assertTrue(place.find(), said.getFirst());
            assertEquals(bad[2], place.group("field"), said.getFirst());
            assertTrue(said.getFirst().matches("(?s).*(accepted|ascending|missing|alone).*"), said.getFirst());
            var line = text.lines().toList().get(Integer.parseInt(place.group("line")) - 1);
            var key = bad[2].substring(bad[2].lastIndexOf('.') + 1).replaceFirst("\\[\\d+]$", "") + ":";
            assertTrue(line.contains(key) || said.getFirst().contains("missing"), said.getFirst() + " of " + line);
        }
    }

    @Test
    void aFileThatIsNotThereIsSaidToBeMissing() {
        for (var bad : new String[][] {
            {"token: abc", "tokenFile: nowhere.txt", "homeAssistant.tokenFile"},
            {"authority: broker.pem", "authority: nowhere.txt", "mqtt.authority"},
            {"user: root\n    password: word", "user: root\n    passwordFile: nowhere.txt", "heaters[0].passwordFile"}
        }) {
            var said = mistakes(with(HOME, bad[0], bad[1]));
            assertEquals(1, said.size(), said.toString());
            assertTrue(
                    said.getFirst()
                            .contains(bad[2] + ": nowhere.txt: there is no such file, " + folder.resolve("nowhere.txt")
                                    + "; a file "),
                    said.getFirst());
        }
    }

    @Test
    void aSecretIsNotShown() {
        for (var bad : new String[][] {{"token: abc", "token: two words"}, {"token: word", "token: two words"}})
            assertFalse(mistakes(with(HOME, bad[0], bad[1])).getFirst().contains("two words"));
    }

    @Test
    void allAreToldAtOnce() {
        var text = HOME;
        var fields = new TreeSet<String>();
        for (var bad : BAD) {
            if (LATER.contains(bad[2]) || !text.contains(bad[0]) || !fields.add(bad[2])) continue;
            text = with(text, bad[0], bad[1]);
        }
        var told = new TreeSet<String>();
        for (var said : mistakes(text)) {
            var place = PLACE.matcher(said);
            assertTrue(place.find(), said);
            told.add(place.group("field"));
        }
        assertEquals(fields, told);
        assertTrue(told.size() > 25, told.toString());
    }

    /** Without a location: this test asks nobody for the weather. */
    @Test
    void whatIsRightIsOpened() {
        var clock = InstantSource.system();
        var setup = read(HOME.replaceAll("location: .*\n", ""));
        try (var home = HeaterHome.open(setup, new RealTimeTicker(clock, Duration.ofMinutes(1)), clock, _ -> {})) {
            assertEquals(4, home.house().rooms().size());
            assertEquals(3, home.offerRooms().size());
        }
    }
}
