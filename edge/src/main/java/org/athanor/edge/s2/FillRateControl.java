package org.athanor.edge.s2;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.athanor.edge.FlexibleRoom.Flexibility;
import org.athanor.edge.FlexibleRoom.FlexibleHeater;
import org.athanor.edge.FlexibleRoom.Moment;
import org.athanor.edge.FlexibleRoom.Target;
import org.athanor.units.Celsius;

/**
 * A room or a tank in the words of fill rate based control: its air or water is the storage, filled to so many °C; its loss is the leakage; the comfort
 * band is the target; each heater is an actuator with an operation mode for each of its levels.
 */
final class FillRateControl {
    static final String MINIMUM_ON = "minimum-on";
    static final String MINIMUM_OFF = "minimum-off";
    static final String DWELL = "minimum-dwell";

    static final int MOST_HEATERS = 10;
    private static final int MOST_ELEMENTS = 288;
    private static final double LEAKAGE_STEP = 2;
    private static final double SECONDS_PER_HOUR = 3600;

    private final Flexibility room;

    /** @throws IllegalArgumentException for more heaters than the specification has room for */
    FillRateControl(Flexibility room) {
        if (room.heaters().size() > MOST_HEATERS)
            throw new IllegalArgumentException(
                    room.heaters().size() + " heaters in a room: S2 describes at most " + MOST_HEATERS);
        this.room = room;
    }

    // ---- names

    /** Of the heater at {@code index}: ids of heaters may hold what S2's may not. */
    static String actuator(int index) {
        return "heater-" + index;
    }

    static String mode(int level) {
        return "level-" + level;
    }

    /** The heater of an actuator's id. */
    OptionalInt heater(String actuator) {
        for (int i = 0; i < room.heaters().size(); i++) if (actuator(i).equals(actuator)) return OptionalInt.of(i);
        return OptionalInt.empty();
    }

    OptionalInt level(int heater, String mode) {
        for (int i = 0; i < room.heaters().get(heater).levels().size(); i++)
            if (mode(i).equals(mode)) return OptionalInt.of(i);
        return OptionalInt.empty();
    }

    // ---- the room

    /** The lowest and the highest that comfort allows in the hours to come. */
    private static ObjectNode range(Moment moment) {
        double low = moment.targets().stream()
                .mapToDouble(target -> target.low().value())
                .min()
                .orElseThrow();
        double high = moment.targets().stream()
                .mapToDouble(target -> target.high().value())
                .max()
                .orElseThrow();
        return range(low, high);
    }

    private static ObjectNode range(double start, double end) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("start_of_range", start)
                .put("end_of_range", end);
    }

    ObjectNode system(Moment moment) {
        var message = Messages.message("FRBC.SystemDescription")
                .put("valid_from", moment.time().toString());
        var actuators = message.putArray("actuators");
        for (int i = 0; i < room.heaters().size(); i++)
            actuators.add(actuator(i, room.heaters().get(i), range(moment)));
        message.putObject("storage")
                .put("diagnostic_label", room.store().content())
                .put("fill_level_label", "degrees Celsius")
                .put("provides_leakage_behaviour", moment.outdoor().isPresent())
                .put("provides_fill_level_target_profile", true)
                .put("provides_usage_forecast", false)
                .set("fill_level_range", range(moment));
        return message;
    }

    private ObjectNode actuator(int index, FlexibleHeater heater, ObjectNode levels) {
        var node = JsonNodeFactory.instance.objectNode().put("id", actuator(index));
        node.put("diagnostic_label", heater.name());
        node.putArray("supported_commodities").add("ELECTRICITY");
        var modes = node.putArray("operation_modes");
        for (int level = 0; level < heater.levels().size(); level++) {
            var its = heater.levels().get(level);
            double watts = its.watts().value();
            var mode = modes.addObject().put("id", mode(level)).put("diagnostic_label", its.name());
            var element = mode.putArray("elements").addObject();
            element.set("fill_level_range", levels.deepCopy());
            element.set("fill_rate", range(watts * room.kelvinPerJoule(), watts * room.kelvinPerJoule()));
            element.putArray("power_ranges")
                    .addObject()
                    .put("start_of_range", watts)
                    .put("end_of_range", watts)
                    .put("commodity_quantity", Messages.POWER);
            if (MessageRules.isCurrency(room.currency().getCurrencyCode())) {
                double perSecond = -its.earnsPerHour() / SECONDS_PER_HOUR + 0.0; // work that pays is a negative cost
                element.set("running_costs", range(perSecond, perSecond));
            }
            mode.put("abnormal_condition_only", false);
        }
        transitions(node.putArray("transitions"), heater);
        var timers = node.putArray("timers");
        timer(timers, MINIMUM_ON, heater.minimumOn());
        timer(timers, MINIMUM_OFF, heater.minimumOff());
        timer(timers, DWELL, heater.minimumDwell());
        return node;
    }

    private static void timer(ArrayNode timers, String id, Duration time) {
        timers.addObject().put("id", id).put("duration", time.toMillis());
    }

    private static void transitions(ArrayNode list, FlexibleHeater heater) {
        for (int from = 0; from < heater.levels().size(); from++)
            for (int to = 0; to < heater.levels().size(); to++) {
                if (from == to) continue;
                var transition = list.addObject()
                        .put("id", "from-" + from + "-to-" + to)
                        .put("from", mode(from))
                        .put("to", mode(to));
                var start = transition.putArray("start_timers");
                started(from, to).forEach(start::add);
                transition.putArray("blocking_timers").add(blocking(from, to));
                transition
                        .put("transition_duration", heater.settle().toMillis())
                        .put("abnormal_condition_only", false);
            }
    }

    static List<String> started(int from, int to) {
        if (from == 0) return List.of(MINIMUM_ON, DWELL);
        return List.of(to == 0 ? MINIMUM_OFF : DWELL);
    }

    static String blocking(int from, int to) {
        if (from == 0) return MINIMUM_OFF;
        return to == 0 ? MINIMUM_ON : DWELL;
    }

    Duration duration(int heater, String timer) {
        var its = room.heaters().get(heater);
        return switch (timer) {
            case MINIMUM_ON -> its.minimumOn();
            case MINIMUM_OFF -> its.minimumOff();
            case DWELL -> its.minimumDwell();
            default -> throw new IllegalArgumentException("timer " + timer);
        };
    }

    /** Empty while the outdoor temperature is not known. */
    Optional<ObjectNode> leakage(Moment moment) {
        if (moment.outdoor().isEmpty()) return Optional.empty();
        // to a kelvin, so that it is not told anew with every reading
        double outdoor = Math.rint(moment.outdoor().get().value());
        var range = range(moment);
        double low = Math.floor(range.get("start_of_range").doubleValue()) - LEAKAGE_STEP;
        double high = range.get("end_of_range").doubleValue() + LEAKAGE_STEP;
        var message = Messages.message("FRBC.LeakageBehaviour")
                .put("valid_from", moment.time().toString());
        var elements = message.putArray("elements");
        for (double start = low; start < high && elements.size() < MOST_ELEMENTS; start += LEAKAGE_STEP) {
            double middle = start + LEAKAGE_STEP / 2;
            var element = elements.addObject();
            element.set("fill_level_range", range(start, start + LEAKAGE_STEP));
            element.put(
                    "leakage_rate", (middle - outdoor) / (room.timeConstant().toMillis() / 1e3));
        }
        return Optional.of(message);
    }

    static List<Target> ahead(Moment moment) {
        return moment.targets().stream()
                .filter(target -> target.until().isAfter(moment.time()))
                .limit(MOST_ELEMENTS)
                .toList();
    }

    /** Empty if no target reaches beyond now. */
    Optional<ObjectNode> targets(Moment moment) {
        var message = Messages.message("FRBC.FillLevelTargetProfile")
                .put("start_time", moment.time().toString());
        var elements = message.putArray("elements");
        var from = moment.time();
        for (var target : ahead(moment)) {
            var element = elements.addObject()
                    .put("duration", Duration.between(from, target.until()).toMillis());
            element.set(
                    "fill_level_range",
                    range(target.low().value(), target.high().value()));
            from = target.until();
        }
        return elements.isEmpty() ? Optional.empty() : Optional.of(message);
    }

    static ObjectNode storage(Celsius temperature) {
        return Messages.message("FRBC.StorageStatus").put("present_fill_level", temperature.value());
    }

    /** @param before level and time of the last change, if one was seen */
    static ObjectNode actuator(int heater, int level, Optional<Change> before) {
        var message = Messages.message("FRBC.ActuatorStatus")
                .put("actuator_id", actuator(heater))
                .put("active_operation_mode_id", mode(level))
                .put("operation_mode_factor", 1);
        before.ifPresent(change -> message.put("previous_operation_mode_id", mode(change.from()))
                .put("transition_timestamp", change.time().toString()));
        return message;
    }

    record Change(int from, Instant time) {}

    static ObjectNode timer(int heater, String timer, Instant end) {
        return Messages.message("FRBC.TimerStatus")
                .put("timer_id", timer)
                .put("actuator_id", actuator(heater))
                .put("finished_at", end.toString());
    }

    /**
     * Why comfort forbids a level now: a room that is below its band, or would be before heaters that stop could help again, is not
     * kept from heat; one that is above it, or would be before heaters that start may stop, is given none; and one of unknown
     * temperature is left to itself.
     */
    Optional<String> objection(Moment moment, int heater, int level) {
        var it = room.store().word();
        if (moment.room().isEmpty()) return Optional.of("the temperature of the " + it + " is not known");
        var now = moment.room().get();
        var band = ahead(moment).stream().findFirst().orElse(moment.targets().getLast());
        int top = room.heaters().get(heater).levels().size() - 1;
        if (now.compareTo(band.low()) < 0 && level < top)
            return Optional.of("the " + it + " is at " + now + ", below its comfort band from " + band.low());
        if (now.compareTo(band.high()) > 0 && level > 0)
            return Optional.of("the " + it + " is at " + now + ", above its comfort band to " + band.high());
        if (level == 0 && now.minus(moment.fall()).compareTo(band.low()) < 0)
            return Optional.of("the " + it + " is at " + now + ", and would be below its comfort band from "
                    + band.low() + " before it could be heated again");
        if (level > 0 && now.plus(moment.rise()).compareTo(band.high()) > 0)
            return Optional.of("the " + it + " is at " + now + ", and would be above its comfort band to " + band.high()
                    + " before its heaters may stop");
        return Optional.empty();
    }
}
