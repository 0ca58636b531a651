package org.athanor.devices.files;

import static org.athanor.devices.testing.Failures.assertFails;
import static org.athanor.devices.testing.Failures.assertMentions;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.athanor.devices.DeviceException.Kind;
import org.athanor.units.Celsius;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HwmonThermometerTest {
    @TempDir
    private Path chips;

    private HwmonThermometer thermometer(String chip, String sensor) {
        return new HwmonThermometer("inlet", chips, chip, sensor, Duration.ofSeconds(2));
    }

    private void shows(String file, String text) throws IOException {
        var path = chips.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private void chip(String folder) throws IOException {
        shows(folder + "/name", "jc42\n");
        shows(folder + "/temp1_input", "31250\n");
        shows(folder + "/temp2_input", "40000\n");
        shows(folder + "/temp2_label", "Outlet\n");
    }

    @Test
    void aSensorIsFoundByItsChipAndLabelWhereverItIsNow() throws Exception {
        chip("hwmon0");
        assertEquals(new Celsius(31.25), thermometer("jc42", "temp1").read());
        assertEquals(new Celsius(40), thermometer("jc42", "Outlet").read());
        var thermometer = thermometer("jc42", "temp1");
        Files.move(chips.resolve("hwmon0"), chips.resolve("hwmon7"));
        assertEquals(new Celsius(31.25), thermometer.read());
    }

    @Test
    void allThatThereAreAreListed() throws Exception {
        chip("hwmon0");
        assertEquals(
                List.of("temp1", "Outlet"),
                HwmonThermometer.sensors(chips).stream()
                        .map(HwmonThermometer.Found::sensor)
                        .toList());
        assertEquals(List.of(), HwmonThermometer.sensors(chips.resolve("missing")));
    }

    @Test
    void whatTheChipCallsAFaultIsNoReading() throws Exception {
        chip("hwmon0");
        shows("hwmon0/temp1_fault", "1\n");
        assertMentions(
                assertFails(Kind.GARBLED, () -> thermometer("jc42", "temp1").read()), "a fault of its sensor");
        shows("hwmon0/temp1_fault", "0\n");
        assertEquals(new Celsius(31.25), thermometer("jc42", "temp1").read());
    }

    @Test
    void whatIsNotThereOrTwiceIsSaid() throws Exception {
        chip("hwmon0");
        assertMentions(
                assertFails(Kind.UNREACHABLE, () -> thermometer("jc42", "temp9").read()),
                "no chip \"jc42\" with a sensor \"temp9\"");
        chip("hwmon1");
        assertFails(Kind.REFUSED, () -> thermometer("jc42", "temp1").read());
    }

    /** As a sensor at USB that is unplugged while it is listed; a folder in place of a file fails the same way, each time. */
    @Test
    void aChipThatVanishesWhileItIsListedIsAFaultOfItsOwnSensorAlone() throws Exception {
        chip("hwmon0");
        shows("hwmon1/name", "usbtemp\n");
        shows("hwmon1/temp1_input", "20000\n");
        Files.createDirectories(chips.resolve("hwmon1/temp1_label"));
        assertMentions(
                assertFails(
                        Kind.UNREACHABLE, () -> thermometer("usbtemp", "temp1").read()),
                "no chip \"usbtemp\" with a sensor \"temp1\", and not all could be read");
        assertEquals(new Celsius(31.25), thermometer("jc42", "temp1").read());
        assertEquals(2, HwmonThermometer.sensors(chips).size());
    }

    @Test
    void whatNoSensorMeasuresIsGarbage() throws Exception {
        chip("hwmon0");
        shows("hwmon0/temp1_input", "300000\n");
        assertMentions(
                assertFails(Kind.GARBLED, () -> thermometer("jc42", "temp1").read()), "reads 300.0 °C");
    }
}
