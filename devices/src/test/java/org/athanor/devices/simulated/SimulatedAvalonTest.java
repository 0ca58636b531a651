package org.athanor.devices.simulated;

import static org.athanor.devices.testing.Failures.anyPort;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigInteger;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.athanor.devices.avalon.AvalonModel;
import org.athanor.devices.testing.FakeComputation;
import org.athanor.units.Celsius;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SimulatedAvalonTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Celsius ROOM = new Celsius(20);
    private static final Instant START = Instant.ofEpochSecond(1_547_510_400);

    private final FakeComputation computation = new FakeComputation();
    private SimulatedAvalon device;

    private SimulatedAvalon start(AvalonModel model) {
        device = new SimulatedAvalon(model, anyPort(), computation, () -> START);
        return device;
    }

    private void run(int minutes) {
        for (int i = 0; i < minutes; i++) device.advance(MINUTE, ROOM, true);
    }

    private String send(String request) {
        try (var socket =
                new Socket(device.address().getAddress(), device.address().getPort())) {
            socket.setSoTimeout(5000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return e.toString();
        }
    }

    @AfterEach
    void stop() {
        if (device != null) device.close();
    }

    @Property(tries = 60)
    void electricityIsHeatAndWhatIsStoredWhateverHappens(
            @ForAll AvalonModel model,
            @ForAll @Size(min = 1, max = 60) List<@IntRange(min = 0, max = 400) Integer> seconds,
            @ForAll @Size(min = 60, max = 60) List<@IntRange(min = -10, max = 35) Integer> ambients,
            @ForAll @Size(min = 60, max = 60) List<@IntRange(min = 0, max = 9) Integer> events) {
        var physics = new AvalonPhysics(model);
        double start = physics.storedJoules();
        var lowest = model.heatingLevels().getFirst();
        var top = model.heatingLevels().getLast();
        for (int i = 0; i < seconds.size(); i++) {
            switch (events.get(i)) {
                case 1 -> {
                    if (model.softOff()) physics.scheduleSoftOff(0);
                }
                case 2 -> physics.scheduleSoftOn(0);
                case 3 ->
                    physics.setWork(
                            lowest.workMode().orElse(0), lowest.workLevel().orElse(0));
                case 4 ->
                    physics.setWork(top.workMode().orElse(0), top.workLevel().orElse(0));
                case 5 -> physics.fanFailed = !physics.fanFailed;
                case 6 -> physics.protectionFailed = !physics.protectionFailed;
                default -> {}
            }
            physics.advance(Duration.ofMillis(seconds.get(i) * 997L), ambients.get(i), events.get(i) != 0, i * 400L);
            double drift = physics.electricityJoules() - physics.heatJoules() - (physics.storedJoules() - start);
            assertEquals(0, drift, 1e-6 + 1e-9 * physics.electricityJoules());
            assertTrue(
                    Double.isFinite(physics.chipCelsius()) && physics.chipCelsius() < 135,
                    "chip " + physics.chipCelsius());
            assertTrue(physics.watts() <= model.capabilities().maximumPower().value(), "watts " + physics.watts());
        }
    }

    @ParameterizedTest
    @EnumSource
    void heatLagsTheElectricityAndCatchesUp(AvalonModel model) {
        start(model);
        run(3);
        assertTrue(device.heat().value() < 0.5 * device.electricity().value());
        run(60);
        double before = device.heat().value();
        run(10);
        assertEquals(
                device.power().value() * 600,
                device.heat().value() - before,
                device.power().value() * 6);
        double held = device.stored().value();
        assertTrue(held > 0 && held <= model.capabilities().storedHeat().value(), "holds " + held);
        double atCut = device.heat().value();
        device.advance(Duration.ofHours(12), ROOM, false);
        assertEquals(held, device.heat().value() - atCut, held * 0.01);
        assertEquals(0, device.power().value());
    }

    @ParameterizedTest
    @EnumSource
    void evenTheWorstStoresNoMoreThanTheCapabilitiesSay(AvalonModel model) {
        start(model);
        run(30);
        var top = model.heatingLevels().getLast();
        top.workMode().ifPresent(mode -> send("ascset|0,workmode,set," + mode));
        top.workLevel().ifPresent(level -> send("ascset|0,worklevel,set," + level));
        device.inject(Fault.FAN_FAILED, Fault.PROTECTION_FAILED);
        double most = 0;
        boolean cutOut = false;
        for (int i = 0; i < 600; i++) {
            device.advance(Duration.ofSeconds(10), new Celsius(5), true);
            most = Math.max(most, device.stored().value());
            cutOut |= device.cutOut();
        }
        assertTrue(cutOut, "its thermal cut-out is what is left");
        device.clear();
        device.advance(Duration.ofDays(2), new Celsius(5), false);
        double aboveRoom = most - device.stored().value(); // the books count from 20 °C, the room has 5
        assertTrue(aboveRoom <= model.capabilities().storedHeat().value(), "stored " + aboveRoom);
    }

    @Test
    void overheatingStopsItUntilItsPowerIsCut() {
        start(AvalonModel.MINI_3);
        run(30);
        device.inject(Fault.FAN_FAILED);
        run(20);
        assertFalse(device.hashing());
        assertTrue(send("estats").contains("Work: In Fault"));
        device.clear();
        run(20);
        assertTrue(send("estats").contains("Work: In Fault"));
        device.advance(MINUTE, ROOM, false);
        run(20);
        assertTrue(device.hashing());
    }

    @Test
    void theComputationRunsOnlyWhileItHashes() {
        start(AvalonModel.NANO_3S);
        run(1);
        assertEquals(0, computation.threads);
        assertEquals(BigInteger.ZERO, device.nominalHashes());
        run(5);
        assertEquals(1, computation.threads);
        device.advance(Duration.ZERO, ROOM, false);
        assertEquals(0, computation.threads);
    }

    @Test
    void nominalHashesAreRateTimesVirtualTimeInEachLevel() {
        start(AvalonModel.NANO_3S);
        run(10);
        var before = device.nominalHashes();
        run(7);
        assertEquals(
                BigInteger.valueOf(4_800_000_000_000L).multiply(BigInteger.valueOf(420)),
                device.nominalHashes().subtract(before));
        send("ascset|0,workmode,set,2");
        before = device.nominalHashes();
        run(2);
        assertEquals(before, device.nominalHashes()); // it calibrates
        run(1);
        assertEquals(
                BigInteger.valueOf(6_600_000_000_000L).multiply(BigInteger.valueOf(60)),
                device.nominalHashes().subtract(before));
    }

    @Test
    void averageHashrateStaysHighWhenIdle() {
        start(AvalonModel.MINI_3);
        run(30);
        send("ascset|0,softoff,1:1");
        run(5);
        var estats = send("estats");
        assertTrue(estats.contains("GHSspd[0.00]"), estats);
        assertTrue(estats.contains("GHSavg[31000.00]"), estats);
        assertTrue(estats.contains("SoftOFF[4]"), estats);
        assertTrue(estats.contains("Work: In Idle"), estats);
    }

    @Test
    void noiseFollowsTheFan() {
        start(AvalonModel.MINI_3);
        assertEquals(20, device.noiseDecibels());
        run(30);
        double eco = device.noiseDecibels();
        send("ascset|0,worklevel,set,0");
        run(30);
        assertTrue(device.noiseDecibels() > eco + 3, eco + " -> " + device.noiseDecibels());
        assertTrue(device.noiseDecibels() < 45);
    }

    @Test
    void itAnnouncesThatItIsSimulated() {
        start(AvalonModel.MINI_3);
        run(1);
        assertTrue(send("{\"command\":\"version\"}").contains("\"SIMULATED\":\"athanor\""));
        assertTrue(send("version").contains("SIMULATED=athanor"));
        assertTrue(send("estats").contains("FW[Athanor simulation]"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', textBlock = """
            version                       ~ STATUS=S,When=1547512200,Code=22,Msg=CGMiner versions,Description=cgminer 4.11.1|VERSION,CGMiner=4.11.1
            summary                       ~ |SUMMARY,Elapsed=1800,MHS av=
            summary+devs                  ~ Code=9,Msg=1 ASC(s),Description=cgminer 4.11.1|ASC=0,Name=AVALON
            {"command":"summary+devs"}    ~ {"summary":[{"STATUS":[{"STATUS":"S"
            {"command":"pools"}           ~ "POOLS":[{"POOL":0
            {"command":"devs"}            ~ "DEVS":[{"ASC":0
            {"command":"estats"}          ~ "STATS":[{"STATS":0,"ID":"AVALON0"
            stats                         ~ MM ID0:Summary='STATS':{Ver[Mini3-
            ascset|0,help                 ~ STATUS=I,When=1547512200,Code=118,Msg=ASC 0 set info: help
            ascset|0,workmode,get         ~ ASC 0 set info: workmode 0
            ascset|0,workmode,set,2       ~ STATUS=S,When=1547512200,Code=119,Msg=ASC 0 set OK
            ascset|0,workmode,set,3       ~ ASC 0 set failed: error:1 not support set workmode max_mode[2]
            ascset|0,workmode,set,x       ~ ASC 0 set failed: error:2 parameter error
            ascset|0,worklevel,set,0      ~ ASC 0 set OK
            ascset|0,work_mode_lvl,rubbish ~ ASC 0 set OK
            ascset|0,work_mode_lvl,set,2  ~ ASC 0 set OK
            ascset|0,fan-spd,-1           ~ ASC 0 set OK
            ascset|0,fan-spd,7            ~ Code=120
            ascset|0,softoff,1:1547512205 ~ ASC 0 set info: success softoff:1547512205
            ascset|0,frobnicate           ~ ASC 0 set failed: Unknown option: frobnicate
            ascset|1,help                 ~ Invalid ASC id 1
            dance                         ~ STATUS=E,When=1547512200,Code=14,Msg=Invalid command
            {"command":                   ~ Code=14
            """)
    void requestsInBothDialectsAreAnsweredAndEndWithNul(String request, String part) throws IOException {
        start(AvalonModel.MINI_3);
        run(30);
        var reply = request.equals("{\"command\":") ? sendAndShut(request) : send(request);
        assertTrue(reply.replace("\\=", "=").contains(part), reply);
        assertEquals(reply.length() - 1, reply.indexOf('\0'));
    }

    private String sendAndShut(String request) throws IOException {
        try (var socket =
                new Socket(device.address().getAddress(), device.address().getPort())) {
            socket.setSoTimeout(5000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void theTopModeCannotBeChosenByWorkModeLvlWhateverItAnswers() {
        start(AvalonModel.NANO_3S);
        run(30);
        send("ascset|0,work_mode_lvl,set,2");
        assertTrue(send("estats").contains("WORKMODE[1]"));
        send("ascset|0,work_mode_lvl,set,0");
        assertTrue(send("estats").contains("WORKMODE[0]"));
    }

    @Test
    void worklevelIsTheWrongKnobForANano3s() {
        start(AvalonModel.NANO_3S);
        run(30);
        assertTrue(send("ascset|0,worklevel,set,0").contains("set OK"));
        assertTrue(device.hashing());
        assertTrue(send("ascset|0,softoff,1:1").contains("Unknown option: softoff"));
    }

    @Test
    void softonClosesWithoutAReply() {
        start(AvalonModel.MINI_3);
        run(30);
        assertEquals("", send("ascset|0,softon,1:1547512205"));
    }

    @Test
    void aSoftStopGoesByTheDevicesOwnClock() {
        start(AvalonModel.MINI_3);
        run(30);
        send("ascset|0,softoff,1:" + Instant.parse("2026-01-01T00:00:00Z").getEpochSecond());
        run(10);
        assertTrue(device.hashing());
        send("ascset|0,softoff,1:" + START.plusSeconds(40 * 60 + 30).getEpochSecond());
        device.advance(Duration.ofSeconds(29), ROOM, true);
        assertTrue(device.hashing());
        device.advance(Duration.ofSeconds(2), ROOM, true);
        assertFalse(device.hashing());
    }

    @Test
    void aDayInMinutesCostsMilliseconds() {
        var physics = new AvalonPhysics(AvalonModel.MINI_3);
        for (int i = 0; i < 1440; i++) physics.advance(MINUTE, 20, true, 0); // the compiler's warm-up
        long start = System.nanoTime();
        for (int i = 0; i < 1440; i++) physics.advance(MINUTE, 20, true, 0);
        var took = Duration.ofNanos(System.nanoTime() - start);
        assertTrue(took.toMillis() < 500, "a day took " + took); // about 4 ms once compiled
    }
}
