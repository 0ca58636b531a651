package org.athanor.devices.gpu.child;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Answers lines: {@code NUMBER find UUID}, {@code NUMBER describe INDEX}, {@code NUMBER read INDEX} and {@code NUMBER limit INDEX MILLIWATTS} by
 * {@code NUMBER ok KEY=VALUE …} or {@code NUMBER refused WORDS} or {@code NUMBER failed WORDS}. It ends with its input, that is
 * with its parent, and gives back the power limits that it found.
 */
public final class NvmlMain {
    private final Nvml nvml;
    private final Map<Integer, Integer> limitsFound = new LinkedHashMap<>();

    private NvmlMain(Nvml nvml) {
        this.nvml = nvml;
    }

    /** @param arguments the library's name or path */
    public static void main(String[] arguments) throws IOException {
        // its parent is at the other end of both: they are pipes, no console
        var out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        var in = new InputStreamReader(new FileInputStream(FileDescriptor.in), StandardCharsets.UTF_8);
        var library = arguments[0];
        NvmlMain main;
        try {
            main = new NvmlMain(new Nvml(library));
            main.nvml.start();
        } catch (IllegalArgumentException e) {
            out.println("absent there is no " + library + ": NVIDIA's driver is not installed");
            return;
        } catch (Nvml.Failure e) {
            out.println("absent " + e.getMessage());
            return;
        }
        out.println("ready");
        main.answerAll(new BufferedReader(in), out);
    }

    private void answerAll(BufferedReader in, PrintStream out) throws IOException {
        for (var line = in.readLine(); line != null; line = in.readLine()) {
            var words = line.split(" ", -1);
            out.println(words[0] + " " + answer(words));
        }
        try {
            for (var found : limitsFound.entrySet()) nvml.limit(nvml.device(found.getKey()), found.getValue());
            nvml.stop();
        } catch (Nvml.Failure e) {
            out.println("failed giving back a power limit: " + e.getMessage()); // to whoever still listens
        }
    }

    private String answer(String[] words) {
        try {
            if (words[1].equals("find")) return find(words[2]);
            int index = Integer.parseInt(words[2]);
            int count = nvml.count();
            if (index < 0 || index >= count) return "refused there is no GPU " + index + ": this computer has " + count;
            return switch (words[1]) {
                case "describe" -> describe(index);
                case "read" -> read(index);
                case "limit" -> limit(index, Integer.parseInt(words[3]));
                default -> "failed unknown command " + words[1];
            };
        } catch (Nvml.Failure e) {
            return (e.refused ? "refused " : "failed ") + e.getMessage();
        } catch (RuntimeException e) {
            return "failed " + String.valueOf(e).replaceAll("\\p{Cntrl}", " ");
        }
    }

    private String find(String uuid) throws Nvml.Failure {
        var device = nvml.device(uuid);
        if (device.isEmpty()) return "refused there is no GPU " + uuid + ": this computer has " + nvml.count();
        return "ok index=" + nvml.index(device.get());
    }

    private String describe(int index) throws Nvml.Failure {
        var device = nvml.device(index);
        var limits = nvml.limitsMilliwatts(device);
        return "ok least=" + limits[0] + " most=" + limits[1] + " slowdown=" + nvml.slowdownCelsius(device) + " uuid="
                + nvml.uuid(device).replaceAll("\\s", "_") + " name="
                + nvml.name(device).replaceAll("[\\s=]+", "_");
    }

    private String read(int index) throws Nvml.Failure {
        var device = nvml.device(index);
        return "ok power=" + nvml.powerMilliwatts(device) + " limit=" + nvml.limitMilliwatts(device) + " celsius="
                + nvml.celsius(device);
    }

    private String limit(int index, int milliwatts) throws Nvml.Failure {
        var device = nvml.device(index);
        int found = nvml.limitMilliwatts(device);
        nvml.limit(device, milliwatts);
        limitsFound.putIfAbsent(index, found);
        return "ok";
    }
}
