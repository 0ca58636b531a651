package org.athanor.devices.files;

import static org.athanor.devices.testing.Failures.assertFails;
import static org.athanor.devices.testing.Failures.assertFailsWithin;
import static org.athanor.devices.testing.Failures.assertMentions;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.athanor.devices.DeviceException.Kind;
import org.athanor.units.Celsius;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OneWireThermometerTest {
    private static final String PROBE = "28-0316a2795cff";
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    @TempDir
    private Path bus;

    private OneWireThermometer thermometer;

    @BeforeEach
    void plugIn() throws IOException {
        Files.createDirectory(bus.resolve(PROBE));
        thermometer = new OneWireThermometer("room", bus, PROBE, TIMEOUT);
    }

    private void shows(String file, String text) throws IOException {
        Files.writeString(bus.resolve(PROBE).resolve(file), text);
    }

    @Test
    void itReadsThousandthsOfADegree() throws Exception {
        shows("temperature", "20562\n");
        assertEquals(new Celsius(20.562), thermometer.read());
        shows("temperature", "-1250\n");
        assertEquals(new Celsius(-1.25), thermometer.read());
    }

    @Test
    void theCheckedReadingIsPreferred() throws Exception {
        shows("temperature", "99000\n");
        shows("w1_slave", "49 01 4b 46 7f ff 0c 10 f7 : crc=f7 YES\n49 01 4b 46 7f ff 0c 10 f7 t=20562\n");
        assertEquals(new Celsius(20.562), thermometer.read());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            49 01 4b 46 7f ff 0c 10 f7 : crc=00 NO  / 49 01 t=20562 | its check failed: look at the cable
            00 00 00 00 00 00 00 00 00 : crc=00 YES / 00 00 t=0     | its check failed
            50 05 4b 46 7f ff 0c 10 1c : crc=1c YES / 50 05 t=85000 | what it holds before it has measured
            49 01 4b 46 7f ff 0c 10 f7 : crc=f7 YES / 49 01 t=127500 | reads 127.5 °C
            49 01 4b                                                | no checked reading: "49 01 4b"
            ''                                                      | no checked reading
            """)
    void badReadingsAreNone(String text, String complaint) throws Exception {
        shows("w1_slave", text.replace(" / ", "\n"));
        assertMentions(assertFails(Kind.GARBLED, thermometer::read), complaint, "w1_slave of room");
    }

    @ParameterizedTest
    @CsvSource({"85000", "-127000", "nonsense", "''", "20.5"})
    void soAreThoseWithoutACheck(String text) throws Exception {
        shows("temperature", text + "\n");
        assertFails(Kind.GARBLED, thermometer::read);
    }

    @Test
    void aProbeThatIsNotThereIsUnreachable() {
        assertMentions(assertFails(Kind.UNREACHABLE, thermometer::read), PROBE, "is it plugged in?");
    }

    @Test
    void aBusThatHangsEndsWithTheTimeOut() throws Exception {
        var pipe = bus.resolve(PROBE).resolve("temperature");
        assumeTrue(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0);
        var hasty = Duration.ofMillis(200);
        var hanging = new OneWireThermometer("room", bus, PROBE, hasty);
        assertMentions(assertFailsWithin(hasty, Kind.UNREACHABLE, hanging::read), "no answer within PT0.2S");
        assertMentions(assertFailsWithin(hasty, Kind.UNREACHABLE, hanging::read), "an earlier reading hangs still");
        Files.writeString(pipe, "20562\n");
        Files.delete(pipe);
        shows("temperature", "21000\n");
        for (int i = 0; i < 100 && !reads(hanging); i++) Thread.sleep(20);
        assertEquals(new Celsius(21), hanging.read());
    }

    private static boolean reads(OneWireThermometer thermometer) {
        try {
            thermometer.read();
            return true;
        } catch (RuntimeException stillHanging) {
            return false;
        }
    }

    @Test
    void whatIsNoProbeIsRefused() {
        for (var wrong : new String[] {"28-xyz", "../28-0316a2795cff", "10-0316a2795cff", ""})
            assertThrows(IllegalArgumentException.class, () -> new OneWireThermometer("room", wrong));
    }
}
