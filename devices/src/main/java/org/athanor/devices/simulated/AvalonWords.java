package org.athanor.devices.simulated;

import java.util.Locale;
import java.util.StringJoiner;
import org.athanor.devices.avalon.AvalonModel;
import org.athanor.devices.simulated.AvalonPhysics.State;

/**
 * How a model writes its telemetry: the text of {@code Key[val]} in its {@code estats}.
 *
 * @param summary in the newer firmware's shape: under another name, in braces. The Mini 3 here takes it as the Q does
 * @param dated whether its clock counts since 1970; an A15's counts since its start
 * @param inlet name of its sensor of the air that it takes in
 * @param inletSensor whether that has a sensor behind it
 * @param outlet names of its sensors of the air that it blows out
 * @param wallPower whether it writes the watts at the wall once more, under a name of their own
 */
record AvalonWords(
        AvalonModel model,
        boolean summary,
        boolean dated,
        String inlet,
        boolean inletSensor,
        String outlet,
        int fans,
        boolean wallPower) {
    private static final int NO_SENSOR = -273;

    static AvalonWords of(AvalonModel model) {
        return switch (model) {
            case NANO_3, NANO_3S -> new AvalonWords(model, false, true, "ITemp", false, "OTemp", 1, false);
            case MINI_3 -> new AvalonWords(model, true, true, "ITemp", true, "OTemp", 1, false);
            case Q -> new AvalonWords(model, true, true, "ITemp", true, "HBOTemp", 4, false);
            case A15 -> new AvalonWords(model, false, false, "Temp", true, "OutTemp", 2, true);
        };
    }

    String statsKey() {
        return summary ? "MM ID0:Summary" : "MM ID0";
    }

    /** @param wall watts that it claims to draw */
    String telemetry(AvalonPhysics physics, double wall) {
        boolean on = physics.state() != State.SOFT_OFF;
        // the sensors are in the chips, which a soft stop takes the power from
        long chip = on ? Math.round(physics.chipCelsius()) : 0;
        double hash = physics.hashrate() / 1e9;
        var text = new Text()
                .add("Ver", model.product() + "-25021401_athanor")
                .add("FW", "Athanor simulation")
                .add("DNA", "0201000000000000")
                .add("NETFAIL", "0 0 0 0 0 0 0 0")
                .add("SYSTEMSTATU", "Work: In " + status(physics) + ", Hash Board: 1")
                .add("Elapsed", physics.uptimeSeconds())
                .add("HW", 0)
                .add("DH", "2.374%")
                .add(inlet, inletSensor ? Math.round(physics.ambientCelsius() + 1) : NO_SENSOR)
                .add(outlet, Math.round(physics.bodyCelsius()))
                .add("TMax", chip)
                .add("TAvg", Math.max(0, chip - 4))
                .add("TarT", Math.round(physics.targetCelsius()));
        for (int fan = 1; fan <= fans; fan++) text.add("Fan" + fan, Math.round(physics.fanRpm()));
        text.add("FanR", Math.round(physics.fan() * 100) + "%")
                .add("FanErr", physics.fanFailed && on ? 1 : 0)
                .add("PS", supply(wall));
        if (wallPower) text.add("WALLPOWER", Math.round(wall));
        text.add("GHSspd", hash)
                .add("GHSmm", hash)
                .add("GHSavg", physics.meanHashrate() / 1e9)
                .add("Core", "A3197S")
                .add("PING", 1);
        text.add("SoftOFF", on ? 0 : 4);
        if (model.hasModes()) text.add("WORKMODE", physics.workMode());
        if (model.hasModes() || model.hasLevels()) text.add("WORKLEVEL", physics.workLevel());
        text.add("MPO", Math.round(physics.levelData().power().value()))
                .add("CALIALL", 7)
                .add("ADJ", 1)
                .add("Nonce Mask", 25);
        return summary ? "'STATS':{" + text + "}" : text.toString();
    }

    private static String supply(double wall) {
        return String.format(
                Locale.ROOT,
                "0 1218 2091 %d %d 2090 %d",
                Math.round(wall * 0.9 / 20.9),
                Math.round(wall * 0.9),
                Math.round(wall));
    }

    private static String status(AvalonPhysics physics) {
        return switch (physics.state()) {
            case UNPOWERED, BOOTING, CALIBRATING -> "Init";
            case WORKING -> physics.hashing() ? "Work" : "Idle";
            case SOFT_OFF -> "Idle";
            case FAULT -> "Fault";
        };
    }

    private static final class Text {
        private final StringJoiner fields = new StringJoiner(" ");

        Text add(String key, String value) {
            fields.add(key + "[" + value + "]");
            return this;
        }

        Text add(String key, long value) {
            return add(key, Long.toString(value));
        }

        Text add(String key, double value) {
            return add(key, String.format(Locale.ROOT, "%.2f", value));
        }

        @Override
        public String toString() {
            return fields.toString();
        }
    }
}
