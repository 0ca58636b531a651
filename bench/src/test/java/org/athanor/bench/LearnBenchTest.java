package org.athanor.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.athanor.simulation.ShippedData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tiny, so that the program does not rot; its figures mean nothing here. */
class LearnBenchTest {
    @Test
    void everyOrderStandsBesideTheBaseline() {
        var trace = LearnHomes.lived(
                LearnHomes.sunnyLightRoom(),
                LearnHomes.priorOfSunnyLightRoom(),
                ShippedData.chicago(),
                LearnHomes.Heating.ON_OFF,
                2500,
                10,
                2,
                2);
        var bytes = new ByteArrayOutputStream();
        new LearnBench(2, 2).run(List.of(trace), new PrintStream(bytes, true, StandardCharsets.UTF_8));
        var lines = bytes.toString(StandardCharsets.UTF_8).lines().toList();
        assertEquals(13, lines.size(), lines.toString());
        for (var line : lines.subList(2, 10)) assertTrue(line.matches(".*( +\\d+\\.\\d\\d){4}.*"), line);
        assertTrue(lines.get(6).contains("chosen"), lines.get(6));
    }

    @Test
    void anEmulatorsTrajectoryBecomesFiveMinutesOfMeans(@TempDir Path folder) throws Exception {
        var text = new StringBuilder("time,reaTRoo_y,reaQHea_y,weaSta_reaWeaTDryBul_y\n");
        for (int i = 0; i <= 10; i++)
            text.append(400 * i).append(",293.15,").append(100 * i).append(",273.15\n");
        var file = Files.writeString(folder.resolve("short.csv"), text);
        var trace = LearnTrace.boptest(
                "short", LearnHomes.priorOfFlat(), List.of(file), "reaTRoo_y", "reaQHea_y", false, 0.5);
        assertEquals(13, trace.steps());
        assertEquals(20, trace.room(3), 1e-9);
        assertEquals(0, trace.at(3).outdoorCelsius(), 1e-9);
        assertEquals(37.5, trace.at(0).heatWatts(), 0.01);
        assertEquals(37.5 + 75 * 12, trace.at(12).heatWatts(), 0.01);
    }
}
