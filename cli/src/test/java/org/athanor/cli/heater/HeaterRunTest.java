package org.athanor.cli.heater;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.athanor.cli.ReportSchema;
import org.athanor.cli.terminal.ReportFile;
import org.athanor.devices.simulated.SimulatedHomeAssistant;
import org.athanor.edge.Snapshot;
import org.athanor.edge.Tick;
import org.athanor.units.Celsius;
import org.athanor.units.Hashrate;
import org.athanor.units.Millisatoshis;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The whole program but its page, by a heater file, in a home that is simulated by the same file. */
@Execution(ExecutionMode.CONCURRENT)
class HeaterRunTest {
    private static final Instant START = Instant.parse("2019-01-05T06:00:00Z"); // midnight in Chicago

    @TempDir
    private Path folder;

    private static String file(double fuseWatts) {
        return """
                zone: UTC
                state: state
                tariff: {kind: flat, price: 0.3}
                circuits: [{id: flat, watts: %s}]
                rooms:
                  - id: living
                    floorArea: 30
                    insulation: good
                    setpoint: 20
                    thermometer: {kind: shelly, address: "127.0.0.1:PORT"}
                  - id: study
                    floorArea: 15
                    insulation: good
                    setpoint: 20
                    thermometer: {kind: shelly, address: "127.0.0.1:PORT"}
                outdoor: {kind: shelly, address: "127.0.0.1:PORT"}
                heaters:
                  - id: miner
                    room: living
                    kind: mini3
                    address: "127.0.0.1:PORT"
                    circuit: flat
                    plug: {kind: shelly, address: "127.0.0.1:PORT", ratingWatts: 2500}
                  - id: panel
                    room: living
                    kind: element
                    watts: 1000
                    circuit: flat
                    plug: {kind: tasmota, address: "127.0.0.1:PORT", ratingWatts: 2500}
                  - id: warmer
                    room: study
                    kind: element
                    watts: 1000
                    circuit: flat
                    plug: {kind: shelly, address: "127.0.0.1:PORT", ratingWatts: 2500}
                """.formatted(fuseWatts);
    }

    private List<Snapshot> run(String text, int cycles, boolean drawMustFit, double fuse) throws Exception {
        var seen = new ArrayList<Snapshot>();
        try (var ground = HomeOnPorts.open(folder.resolve("heater.yaml"), text, START, 1)) {
            var world = ground.world();
            var ticker = new WorldTicker(world, START);
            try (var home = HeaterHome.open(ground.setup(), ticker, ticker, _ -> {})) {
                var control = Thread.currentThread();
                try {
                    home.house().run(cycle -> {
                        seen.add(cycle.getValue());
                        if (drawMustFit) {
                            double drawn = world.power();
                            if (drawn > fuse) throw new AssertionError(drawn + " W on a fuse of " + fuse + " W");
                        }
                        if (seen.size() >= 2 * cycles) control.interrupt();
                    });
                } catch (InterruptedException e) {
                    assertEquals(2 * cycles, seen.size());
                }
                for (var stopped : ground.whileTimeGoesOn(() -> home.house().stop()))
                    assertTrue(stopped.off(), stopped.heater() + " " + stopped.how());
            }
            for (var each : world.worlds().values()) assertTrue(each.balanceRelativeError() < 1e-9);
        }
        return seen;
    }

    @Test
    void roomsAreHeatedToTheirSetpointsOverTheDevicesOwnProtocols() throws Exception {
        var seen = run(file(3600), 480, true, 3600);
        var setup = HeaterFile.read(folder.resolve("heater.yaml"));
        reportsAsTheSchemaSays(setup, seen);
        earnsWhatItsHashesAreWorth(setup, seen);
        for (var snapshot : seen.subList(seen.size() - 2, seen.size())) {
            double air = snapshot.room().temperature().orElseThrow().value();
            assertEquals(20, air, 1, snapshot.explanation());
            assertEquals(List.of(), snapshot.alarms());
        }
        assertTrue(Files.isDirectory(folder.resolve("state").resolve("study")), "each room has its journal");
    }

    /** Without a pool's credit: the hashes that the miner reported, minute by minute, at the scenario's pay. */
    private static void earnsWhatItsHashesAreWorth(HomeSetup setup, List<Snapshot> seen) {
        double hashes = 0;
        for (int i = 2; i < seen.size(); i += 2) // the living room's; before the first cycle nothing is counted
        hashes += 60
                * seen.get(i)
                        .heaters()
                        .getFirst()
                        .hashrate()
                        .orElse(Hashrate.ZERO)
                        .value();
        assertTrue(hashes > 0);
        var scenario = setup.scenario();
        double worth = hashes * scenario.payPerHash() * scenario.value(new Millisatoshis(1));
        var books = seen.get(seen.size() - 2).books();
        assertEquals(worth, books.expected().amount(), 1e-9 * worth);
        assertEquals(books.expected(), books.earnedMoney());
        assertEquals(books.electricity().minus(books.expected()), books.net());
        assertEquals(0, seen.getLast().books().expected().amount(), "an element earns nothing");
    }

    private static void reportsAsTheSchemaSays(HomeSetup setup, List<Snapshot> seen) throws IOException {
        var statement = new HeaterStatement(setup, InstantSource.fixed(START));
        for (int i = 0; i < seen.size(); i++)
            statement.add(i % 2 == 0 ? "living" : "study", seen.get(i), Optional.empty());
        var report = statement.report().orElseThrow();
        try (var schema = ReportFile.class.getResourceAsStream("/org/athanor/cli/report.schema.json")) {
            var json = new ObjectMapper();
            ReportSchema.check(json.readTree(schema), json.readTree(ReportFile.json(report)));
        }
        double kwh =
                (seen.getLast().books().electricityKwh() - seen.get(1).books().electricityKwh())
                        + (seen.get(seen.size() - 2).books().electricityKwh()
                                - seen.getFirst().books().electricityKwh());
        assertEquals(kwh, report.energy().electricityKwh(), 1e-9);
        assertEquals(0.3 * kwh, report.money().electricity(), 1e-6);
    }

    /** Both rooms are cold, and the fuse carries the miner and one element. */
    @Test
    void aSmallFuseIsNeverOverloadedAndTheFirstRoomGoesBefore() throws Exception {
        var seen = run(file(2000), 240, true, 2000);
        double living = 0;
        double study = 0;
        for (int i = 0; i < 60; i += 2) {
            living += seen.get(i).power().value();
            study += seen.get(i + 1).power().value();
        }
        assertTrue(living > 2 * study, living + " in the living room, " + study + " in the study");
    }

    /** As a killed program left it; until the room is known its own thermostat keeps it. */
    @Test
    void theHeatingThatTheRoomHasAnywayIsSetToTheRoomsSetpoint() throws Exception {
        var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (var assistant = new SimulatedHomeAssistant(loopback, "abc", false, () -> START)) {
            assistant.addClimate("climate.living", () -> new Celsius(18), new Celsius(17));
            var text = file(3600)
                            .replace(
                                    "floorArea: 30",
                                    "floorArea: 30\n    primary: {kind: boiler, entity: climate.living,"
                                            + " capacityWatts: 4000, efficiency: 0.9, fuelPrice: 0.11,"
                                            + " command: true}")
                    + "homeAssistant: {discovery: false, token: abc, address: \"127.0.0.1:"
                    + assistant.address().getPort() + "\"}\n";
            run(text, 3, false, 0);
            assertEquals(new Celsius(20), assistant.setpoint("climate.living"));
        }
    }

    @Test
    void eachRoomIsOfferedToTheEnergyManager() throws Exception {
        var text = file(3600) + "s2: {url: \"ws://127.0.0.1:PORT/s2\"}\n"; // nobody is there
        try (var ground = HomeOnPorts.open(folder.resolve("heater.yaml"), text, START, 1);
                var home = HeaterHome.open(ground.setup(), () -> new Tick(START, 0), () -> START, _ -> {})) {
            assertEquals(2, home.offerRooms().size());
        }
    }
}
