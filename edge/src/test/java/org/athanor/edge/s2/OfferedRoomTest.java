package org.athanor.edge.s2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.athanor.devices.testing.Mosquitto;
import org.athanor.edge.Edge;
import org.athanor.edge.LearnedHome;
import org.athanor.edge.Snapshot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real control loop of a learned room, offered to an energy manager over a WebSocket. */
class OfferedRoomTest {
    private static final ResourceManager.Pace FAST = new ResourceManager.Pace(
            Duration.ofMillis(20),
            Duration.ofMillis(20),
            Duration.ofMinutes(30), // three seconds here
            Duration.ofSeconds(20),
            Duration.ofMillis(20));

    @TempDir
    Path folder;

    private static Snapshot pass(LearnedHome home, Edge edge, int minutes) throws InterruptedException {
        Snapshot last = null;
        for (int i = 0; i < minutes; i++) {
            last = home.minute(edge);
            Thread.sleep(100); // some rounds of the session, which renews what it prefers
        }
        return last;
    }

    private static double planned(Snapshot snapshot) {
        return snapshot.planning().plan().orElseThrow().watts().getFirst();
    }

    @Test
    void anInstructionChangesWhatIsPlannedAndRevokingItEndsThat() throws InterruptedException {
        var notes = new CopyOnWriteArrayList<String>();
        try (var home = new LearnedHome(folder.resolve("edge"));
                var manager = new EnergyManager()) {
            home.learn();
            var edge = home.edge();
            home.price(0.05); // work pays for more than the power
            for (int i = 0; i < 600 && home.air() < 21.2; i++) home.minute(edge);
            home.price(2); // the room is warm, and the miner would heat only where comfort wants it
            for (int i = 0; i < 8; i++) home.minute(edge);
            try (var _ = ResourceManager.start(
                    manager.config(), edge.flexible("living", "Living room"), home.clock(), FAST, notes::add)) {
                assertEquals("OK", manager.takeControl().get("status").asText());
                var actuator = manager.awaitType("FRBC.SystemDescription")
                        .get("actuators")
                        .get(0);
                assertEquals(3, actuator.get("operation_modes").size());
                var before = pass(home, edge, 2);
                assertEquals(0, planned(before), "unasked");
                assertEquals(0, home.level());

                var id = EnergyManager.newId();
                manager.say(EnergyManager.instruction(id, 0, 2, home.now().toString()));
                manager.awaitStatus(id, "STARTED");
                var during = pass(home, edge, 12);
                assertEquals(800, planned(during));
                assertEquals(2, home.level());
                assertTrue(home.air() < 22, home.air() + " °C");

                manager.say(Messages.message("RevokeObject")
                        .put("object_type", "FRBC.Instruction")
                        .put("object_id", id));
                Mosquitto.await("REVOKED", () -> manager.statuses(id).contains("REVOKED"));
                var after = pass(home, edge, 6);
                assertEquals(0, planned(after));
                assertEquals(0, home.level());
            }
            assertEquals(List.of(), manager.wrong, "against the rules");
            assertEquals(List.of(), notes);
            edge.stop();
        }
    }
}
