package org.athanor.cli.heater;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.athanor.devices.testing.Mosquitto;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What is installed from {@code packaging}: scripts, and the add-on's way from options to a running heater. */
class PackagingTest {
    private static final Path PACKAGING = Stream.of(Path.of("packaging"), Path.of("..", "packaging"))
            .filter(Files::isDirectory)
            .findFirst()
            .orElseThrow();
    private static final Path ADD_ON = PACKAGING.resolve("home-assistant").resolve("athanor");

    @TempDir
    private Path folder;

    private static Map<?, ?> yaml(Path file) throws IOException {
        return (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
    }

    private static void succeeds(ProcessBuilder command) throws IOException, InterruptedException {
        var process = command.redirectErrorStream(true).start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(30, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), command.command() + ": " + said);
    }

    @Test
    void everyScriptIsOneOfTheShell() throws Exception {
        for (var script :
                List.of("package", "debian/postinst", "debian/prerm", "debian/postrm", "home-assistant/athanor/run.sh"))
            succeeds(new ProcessBuilder("sh", "-n", PACKAGING.resolve(script).toString()));
    }

    @Test
    void theAddOnHasTheVersionOfTheProjectAndEveryOptionIsUsed() throws IOException {
        var pom = Files.readString(PACKAGING.resolveSibling("pom.xml"));
        var version =
                pom.replaceAll("(?s).*?<version>([^<]+)</version>.*", "$1").replace("-SNAPSHOT", "");
        var addOn = yaml(ADD_ON.resolve("config.yaml"));
        assertEquals(version, addOn.get("version"));
        assertEquals(List.of("amd64", "aarch64"), addOn.get("arch"));
        var used = Files.readString(ADD_ON.resolve("heater.jq")) + Files.readString(ADD_ON.resolve("run.sh"));
        var schema = (Map<?, ?>) addOn.get("schema");
        assertFalse(schema.isEmpty());
        for (var option : schema.entrySet()) {
            assertTrue(used.contains(option.getKey().toString()), option.getKey() + " is used by nobody");
            if (option.getValue() instanceof List<?> list)
                for (var field : ((Map<?, ?>) list.getFirst()).keySet())
                    assertTrue(used.contains(field.toString()), option.getKey() + "." + field + " is used by nobody");
        }
    }

    /** Its {@code run.sh} with stand-ins for the Supervisor, the proxy and Java. */
    @Test
    void theAddOnMakesAHeaterFileOfItsOptionsAndStartsTheHeater() throws Exception {
        assumeTrue(Mosquitto.find("jq").isPresent(), "skipped: jq is needed (Debian: apt-get install jq)");
        var started = run("""
                {"price": 0.3, "currency": "EUR",
                 "rooms": [{"id": "living", "name": "Salon: rez", "floor_area": 30, "thermometer": "sensor.living"}],
                 "heaters": [{"id": "mini", "room": "living", "kind": "mini3", "address": "127.0.0.1",
                   "plug": "zigbee2mqtt", "plug_topic": "zigbee2mqtt/plug", "plug_countdown": "on-time", "plug_watts": 2500},
                  {"id": "rack", "room": "living", "kind": "luxos", "address": "127.0.0.2",
                   "levels": "190MHz 784, 340MHz 1414", "maximum_watts": 2400, "accept_unprotected": true}]}
                """);
        assertEquals(1, started.size(), started.toString());
        assertTrue(started.getFirst().contains("heater run --config " + file() + " --port 8642"), started.toString());
        var setup = HeaterFile.read(file());
        assertEquals("Salon: rez", setup.rooms().getFirst().name());
        assertEquals(
                List.of("mini", "rack"),
                setup.heaters().stream().map(HomeSetup.HeaterEntry::id).toList());
        assertTrue(setup.announced().isPresent());
    }

    @Test
    void theAddOnTriesPlugsBeforeItStartsAndRemovesTheHomeInsteadOfStarting() throws Exception {
        assumeTrue(Mosquitto.find("jq").isPresent(), "skipped: jq is needed (Debian: apt-get install jq)");
        var options = """
                {"price": 0.3, "rooms": [{"id": "living", "floor_area": 30, "thermometer": "sensor.living"}],
                 "heaters": [{"id": "pc", "room": "living", "kind": "computer"}], "%s": true}
                """;
        var tried = run(options.formatted("try_plugs"));
        assertEquals(2, tried.size(), tried.toString());
        assertTrue(tried.getFirst().contains("heater check --try-plugs " + file()), tried.toString());
        assertTrue(tried.getLast().contains("heater run --config"), tried.toString());
        var removed = run(options.formatted("remove_from_home_assistant"));
        assertEquals(1, removed.size(), removed.toString());
        assertTrue(removed.getFirst().contains("heater uninstall --config " + file()), removed.toString());
    }

    private Path file() {
        return folder.resolve("data").resolve("heater.yaml");
    }

    /** @return what Java was started with, a line each time */
    private List<String> run(String options) throws IOException, InterruptedException {
        var programs = Files.createDirectories(folder.resolve("bin"));
        var log = folder.resolve("java.log");
        Files.deleteIfExists(log);
        program(programs.resolve("java"), "echo \"$@\" >>'" + log + "'");
        program(programs.resolve("nginx"), "exit 0");
        program(
                programs.resolve("curl"),
                "echo '{\"data\": {\"host\": \"core-mosquitto\", \"port\": 1883, \"ssl\": false, \"username\": \"addons\","
                        + " \"password\": \"secret\"}}'");
        Files.writeString(Files.createDirectories(folder.resolve("data")).resolve("options.json"), options);
        var command = new ProcessBuilder("sh", ADD_ON.resolve("run.sh").toString());
        command.environment()
                .putAll(Map.of(
                        "PATH", programs + ":" + System.getenv("PATH"),
                        "ATHANOR_DATA", folder.resolve("data").toString(),
                        "ATHANOR_CONFIG", folder.resolve("config").toString(),
                        "ATHANOR_JQ", ADD_ON.resolve("heater.jq").toString(),
                        "SUPERVISOR_TOKEN", "supervisor"));
        succeeds(command);
        return Files.readAllLines(log);
    }

    private static void program(Path file, String line) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + line + "\n");
        assertTrue(file.toFile().setExecutable(true));
    }
}
