package org.athanor.cli.heater;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.athanor.cli.terminal.UserMistake;
import org.athanor.devices.Capabilities;
import org.athanor.devices.Heater;
import org.athanor.devices.HeaterState;
import org.athanor.devices.HeaterState.Phase;
import org.athanor.devices.HeaterState.PowerSource;
import org.athanor.devices.PowerLevel;
import org.athanor.devices.gpu.LimitedGpu;
import org.athanor.edge.Tick;
import org.athanor.edge.Ticker;
import org.athanor.units.Joules;
import org.athanor.units.Watts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with a home and shows only when its GPUs were asked: one error for each, and nothing is begun. */
class CardsTest {
    private static final Instant START = Instant.parse("2026-01-15T06:00:00Z");
    private static final Ticker TICKER = () -> new Tick(START, 0);
    private static final InstantSource CLOCK = () -> START;

    @TempDir
    private Path folder;

    private final List<Card> opened = new ArrayList<>();

    /** A card of 300 W in no computer. */
    private static final class Card implements Heater {
        private final String id;
        private boolean open = true;

        Card(String id) {
            this.id = id;
        }

        @Override
        public String id() {
            return id;
        }

        @Override
        public Capabilities capabilities() {
            var most = new Watts(300);
            return new Capabilities(
                    "card",
                    List.of(new PowerLevel("off", Watts.ZERO), new PowerLevel("300 W", most)),
                    most,
                    Duration.ofMinutes(1),
                    Duration.ZERO,
                    Duration.ZERO,
                    false,
                    true,
                    false,
                    new Joules(60_000),
                    Optional.empty(),
                    Optional.empty(),
                    "declared");
        }

        @Override
        public HeaterState read() {
            return new HeaterState(
                    OptionalInt.of(0),
                    Phase.OFF,
                    Optional.of(Watts.ZERO),
                    PowerSource.DECLARED,
                    Optional.empty(),
                    Optional.empty(),
                    OptionalInt.empty(),
                    Optional.empty(),
                    Optional.empty());
        }

        @Override
        public void setLevel(int level) {} // it stays off

        @Override
        public void close() {
            open = false;
        }
    }

    private Heater open(String id, String card, List<Watts> limits) {
        var made = new Card(id);
        opened.add(made);
        return made;
    }

    private HomeSetup setup(String room, String heater) {
        return HeaterFile.parse("heater.yaml", """
                state: state
                tariff: {kind: flat, price: 0.3}
                circuits: [{id: thin, watts: 200}]
                rooms:
                  - {id: closet, floorArea: 4, frost: 12, thermometer: {kind: shelly, address: "127.0.0.1:9"}, %s}
                heaters:
                  - {id: card, kind: gpu, acceptUnprotected: true, %s}
                  - {id: computer, kind: computer, threads: 1}
                """.formatted(room, heater), folder);
    }

    private String mistake(HomeSetup setup) {
        var mistake = assertThrows(UserMistake.class, () -> HeaterHome.open(setup, this::open, TICKER, CLOCK, _ -> {}));
        assertFalse(Files.exists(folder.resolve("state")), "nothing was begun");
        for (var card : opened) assertFalse(card.open, card.id);
        return mistake.getMessage();
    }

    @Test
    void aRoomTooSmallForItsCardIsAMistakeOfTheRoomsMaximum() {
        assertEquals(
                "room closet, maximum: with 15 °C at most no setpoint is possible: its heaters could add 3.2 K before their power"
                        + " is certainly gone; 16 °C or more is accepted with them, else heaters of less power or more floorArea",
                mistake(setup("maximum: 15", "card: 0")));
        HeaterHome.open(setup("maximum: 16", "card: 0"), this::open, TICKER, CLOCK, _ -> {})
                .close();
    }

    @Test
    void allMistakesAreToldAtOnce() {
        var said = mistake(setup("maximum: 15", "plug: {kind: shelly, address: \"127.0.0.1:9\", ratingWatts: 250}"));
        assertEquals(2, said.lines().count(), said);
        assertTrue(
                said.startsWith("heater card, plug.ratingWatts: 250 W: for this card 300 W or more is accepted"), said);
    }

    @Test
    void aRoomLargeEnoughIsOpenedAndItsAdviceCountsTheCard() {
        var notes = new ArrayList<String>();
        var setup = setup("maximum: 28, circuitWatts: 2300", "circuit: thin");
        try (var home = HeaterHome.open(setup, this::open, TICKER, CLOCK, notes::add)) {
            assertEquals(1, home.house().rooms().size());
            assertTrue(opened.getFirst().open);
        }
        assertFalse(opened.getFirst().open);
        assertEquals(1, notes.size(), notes.toString());
        assertTrue(notes.getFirst().startsWith("card draws up to 300 W, more than the 200 W of its circuit thin"));
    }

    @Test
    void aCardThatIsNotThereIsNamed() {
        var setup = setup("maximum: 28", "card: GPU-ffffffff-0000");
        try (var cards = new Cards(setup, LimitedGpu::open)) {
            assertEquals(1, cards.troubles().size(), cards.troubles().toString());
            var said = cards.troubles().getFirst();
            assertTrue(said.startsWith("heater card, kind gpu: "), said);
            assertTrue(
                    said.contains("NVIDIA's driver is not installed")
                            || said.contains("there is no GPU GPU-ffffffff-0000"),
                    said);
        }
    }
}
