package org.athanor.devices.avalon;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.athanor.devices.cgminer.CgminerReply;
import org.athanor.units.Celsius;
import org.athanor.units.Hashrate;
import org.athanor.units.Watts;

/**
 * What {@code estats} says, in the string of {@code Key[val]} that Avalons put into {@code STATS[0]["MM ID0"]} (the Q:
 * {@code "MM ID0:Summary"}).
 *
 * @param power at the wall
 * @param chip the hottest
 * @param hashrate now ({@code GHSspd}; {@code GHSavg} stays high when the device is idle)
 * @param fault what is wrong by its own words
 */
record AvalonTelemetry(
        Work work,
        boolean softOff,
        OptionalInt workMode,
        OptionalInt workLevel,
        Optional<Watts> power,
        Optional<Celsius> chip,
        Optional<Celsius> inlet,
        OptionalInt fanRpm,
        Optional<Hashrate> hashrate,
        Optional<String> fault) {
    private static final Pattern KEY_VALUE = Pattern.compile("([^\\[\\]{}]+)\\[([^\\]]*)\\]");
    private static final Pattern WORK = Pattern.compile("Work: In (\\w+).*");

    /** Beyond any heater for a household circuit: such a figure was not understood. */
    private static final double IMPLAUSIBLE_WATTS = 10_000;

    private static final double IMPLAUSIBLE_CELSIUS = 200;
    /** Readings at or below mean that there is no sensor (-273), or that it has no power (0, chips of an idle device). */
    private static final double NO_SENSOR_CELSIUS = -100;

    enum Work {
        INIT,
        WORK,
        IDLE,
        FAULT
    }

    /** @throws IllegalArgumentException naming the field that is missing or not understood */
    static AvalonTelemetry of(CgminerReply reply, AvalonModel model) {
        return of(
                reply.field("STATS", "MM ID0")
                        .or(() -> reply.field("STATS", "MM ID0:Summary"))
                        .orElseThrow(
                                () -> new IllegalArgumentException("no STATS with \"MM ID0\" or \"MM ID0:Summary\"")),
                model);
    }

    static AvalonTelemetry of(String mm, AvalonModel model) {
        var fields = fields(mm);
        var work = work(fields);
        // a text that was cut before such a field must not pass as one in which it is zero
        if (model.hasModes()) required(fields, "WORKMODE");
        if (model.hasLevels()) required(fields, "WORKLEVEL");
        if (model.softOff()) required(fields, "SoftOFF");
        return new AvalonTelemetry(
                work,
                integer(fields, "SoftOFF").orElse(0) != 0,
                register(fields, "WORKMODE"),
                register(fields, "WORKLEVEL"),
                power(fields, model),
                celsius(fields, "TMax").or(() -> celsius(fields, "TAvg")).filter(t -> t.value() != 0),
                model.inletKeys().stream()
                        .flatMap(key -> celsius(fields, key).stream())
                        .findFirst(),
                fanRpm(fields),
                number(fields, "GHSspd").map(ghs -> new Hashrate(ghs * 1e9)),
                fault(work, fields));
    }

    static Map<String, String> fields(String mm) {
        var fields = new HashMap<String, String>();
        var matcher = KEY_VALUE.matcher(mm);
        while (matcher.find())
            fields.put(matcher.group(1).strip(), matcher.group(2).strip());
        return fields;
    }

    /** Some firmware of the Nano 3 (25103101) says {@code HashStatus[1]} in place of a state in words. */
    private static Work work(Map<String, String> fields) {
        if (!fields.containsKey("SYSTEMSTATU") && fields.containsKey("HashStatus"))
            return fields.get("HashStatus").equals("1") ? Work.WORK : Work.IDLE;
        var status = required(fields, "SYSTEMSTATU");
        var matcher = WORK.matcher(status);
        return switch (matcher.matches() ? matcher.group(1) : "") {
            case "Init" -> Work.INIT;
            case "Work" -> Work.WORK;
            case "Idle" -> Work.IDLE;
            case "Fault" -> Work.FAULT;
            default ->
                throw new IllegalArgumentException(
                        "SYSTEMSTATU[" + status + "] (Work: In Init, Work, Idle or Fault are known)");
        };
    }

    private static OptionalInt register(Map<String, String> fields, String key) {
        return integer(fields, key).map(OptionalInt::of).orElse(OptionalInt.empty());
    }

    /** The A10 has six items and no wall figure: the hash boards' is the fifth. */
    private static Optional<Watts> power(Map<String, String> fields, AvalonModel model) {
        var wall = number(fields, "WALLPOWER").or(() -> supplied(fields, model));
        wall.ifPresent(watts -> {
            if (watts < 0 || watts > IMPLAUSIBLE_WATTS)
                throw new IllegalArgumentException("PS[" + fields.get("PS") + "] means " + watts + " W");
        });
        return wall.map(Watts::new);
    }

    private static Optional<Double> supplied(Map<String, String> fields, AvalonModel model) {
        if (!fields.containsKey("PS")) return Optional.empty();
        var items = fields.get("PS").split("\\s+", -1);
        if (items.length < 5) return Optional.empty();
        if (items.length < 7) return Optional.of(number("PS", items[4]));
        double most = 1.5 * model.capabilities().maximumPower().value();
        double likeliest = number("PS", items[model.wallItems().getFirst()]);
        return model.wallItems().stream()
                .map(item -> number("PS", items[item]))
                .filter(watts -> watts <= most)
                .findFirst()
                .or(() -> Optional.of(likeliest));
    }

    private static Optional<Celsius> celsius(Map<String, String> fields, String key) {
        return number(fields, key).filter(t -> t > NO_SENSOR_CELSIUS).map(t -> {
            if (t > IMPLAUSIBLE_CELSIUS) throw new IllegalArgumentException(key + "[" + t + "] is no temperature here");
            return new Celsius(t);
        });
    }

    private static OptionalInt fanRpm(Map<String, String> fields) {
        var fastest = OptionalInt.empty();
        for (int fan = 1; fan <= 4; fan++) {
            var rpm = integer(fields, "Fan" + fan);
            if (rpm.isPresent()) fastest = OptionalInt.of(Math.max(rpm.get(), fastest.orElse(0)));
        }
        return fastest;
    }

    private static Optional<String> fault(Work work, Map<String, String> fields) {
        int fan = integer(fields, "FanErr").orElse(0);
        if (fan != 0) return Optional.of("fan error " + fan);
        return work == Work.FAULT ? Optional.of(fields.get("SYSTEMSTATU")) : Optional.empty();
    }

    private static String required(Map<String, String> fields, String key) {
        var value = fields.get(key);
        if (value == null) throw missing(key);
        return value;
    }

    private static IllegalArgumentException missing(String key) {
        return new IllegalArgumentException("no " + key + " in MM ID0");
    }

    private static Optional<Integer> integer(Map<String, String> fields, String key) {
        return number(fields, key).map(Double::intValue);
    }

    private static Optional<Double> number(Map<String, String> fields, String key) {
        return Optional.ofNullable(fields.get(key)).map(value -> number(key, value));
    }

    private static double number(String key, String value) {
        try {
            double number = Double.parseDouble(value);
            if (Double.isFinite(number)) return number;
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(key + "[" + value + "] is not a number", e);
        }
        throw new IllegalArgumentException(key + "[" + value + "] is not a number");
    }
}
