package org.athanor.edge.s2;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What the published schemas demand of a message: its fields, their kinds and bounds, and nothing beside them. */
final class MessageRules {
    /** Says what is wrong with a value, if something is. */
    private interface Rule {
        Optional<String> violation(String path, JsonNode node);
    }

    private record Field(String name, Rule rule, boolean required) {}

    private static final Pattern ID_TEXT = Pattern.compile("[a-zA-Z0-9\\-_:]{2,64}");
    private static final Rule ID = (path, node) -> wrongUnless(
            node.isTextual() && ID_TEXT.matcher(node.textValue()).matches(),
            path,
            node,
            "2 to 64 of a-z A-Z 0-9 - _ :");
    private static final Rule TEXT = (path, node) -> wrongUnless(node.isTextual(), path, node, "a text");
    private static final Rule YES_OR_NO = (path, node) -> wrongUnless(node.isBoolean(), path, node, "true or false");
    private static final Rule NUMBER =
            (path, node) -> wrongUnless(node.isNumber() && Double.isFinite(node.doubleValue()), path, node, "a number");
    private static final Rule DURATION = (path, node) -> wrongUnless(
            node.isIntegralNumber() && node.canConvertToLong() && node.longValue() >= 0,
            path,
            node,
            "milliseconds, 0 or more");
    private static final Rule TIME =
            (path, node) -> wrongUnless(time(node).isPresent(), path, node, "a time with its offset");

    private static final Rule ROLE = oneOf("CEM", "RM");
    private static final Rule ROLE_TYPE = oneOf("ENERGY_PRODUCER", "ENERGY_CONSUMER", "ENERGY_STORAGE");
    private static final Rule COMMODITY = oneOf("GAS", "HEAT", "ELECTRICITY", "OIL");
    private static final Rule QUANTITY = oneOf(
            "ELECTRIC.POWER.L1",
            "ELECTRIC.POWER.L2",
            "ELECTRIC.POWER.L3",
            "ELECTRIC.POWER.3_PHASE_SYMMETRIC",
            "NATURAL_GAS.FLOW_RATE",
            "HYDROGEN.FLOW_RATE",
            "HEAT.TEMPERATURE",
            "HEAT.FLOW_RATE",
            "HEAT.THERMAL_POWER",
            "OIL.FLOW_RATE");
    private static final Rule CONTROL_TYPE = oneOf(
            "POWER_ENVELOPE_BASED_CONTROL",
            "POWER_PROFILE_BASED_CONTROL",
            "OPERATION_MODE_BASED_CONTROL",
            "FILL_RATE_BASED_CONTROL",
            "DEMAND_DRIVEN_BASED_CONTROL",
            "NOT_CONTROLABLE",
            "NO_SELECTION");
    private static final Rule INSTRUCTION_STATUS =
            oneOf("NEW", "ACCEPTED", "REJECTED", "REVOKED", "STARTED", "SUCCEEDED", "ABORTED");
    private static final Rule RECEPTION =
            oneOf("INVALID_DATA", "INVALID_MESSAGE", "INVALID_CONTENT", "TEMPORARY_ERROR", "PERMANENT_ERROR", "OK");
    private static final Rule SESSION_REQUEST = oneOf("RECONNECT", "TERMINATE");
    private static final Rule REVOKABLE = oneOf(
            "PEBC.PowerConstraints",
            "PEBC.EnergyConstraint",
            "PEBC.Instruction",
            "PPBC.PowerProfileDefinition",
            "PPBC.ScheduleInstruction",
            "PPBC.StartInterruptionInstruction",
            "PPBC.EndInterruptionInstruction",
            "OMBC.SystemDescription",
            "OMBC.Instruction",
            "FRBC.SystemDescription",
            "FRBC.Instruction",
            "DDBC.SystemDescription",
            "DDBC.Instruction");

    /** Of the currencies that the specification lists, those that homes pay in. */
    private static final Set<String> CURRENCIES = Set.of(
            "AUD", "CHF", "EUR", "GBP", "MXN", "NOK", "NZD", "PLN", "RON", "SEK", "THB", "TRY", "UAH", "USD", "ZAR");

    private static final Rule CURRENCY = (path, node) ->
            wrongUnless(node.isTextual() && CURRENCIES.contains(node.textValue()), path, node, "a listed currency");

    private static final Rule NUMBERS = object(required("start_of_range", NUMBER), required("end_of_range", NUMBER));
    private static final Rule FILL_LEVELS = (path, node) -> {
        var wrong = NUMBERS.violation(path, node);
        if (wrong.isPresent()) return wrong;
        boolean ordered = node.get("start_of_range").doubleValue()
                <= node.get("end_of_range").doubleValue();
        return wrongUnless(ordered, path, node, "a range from low to high");
    };
    private static final Rule POWER_RANGE = object(
            required("start_of_range", NUMBER),
            required("end_of_range", NUMBER),
            required("commodity_quantity", QUANTITY));
    private static final Rule POWER_VALUE = object(required("commodity_quantity", QUANTITY), required("value", NUMBER));
    private static final Rule FORECAST_VALUE = object(
            optional("value_upper_limit", NUMBER),
            optional("value_upper_95PPR", NUMBER),
            optional("value_upper_68PPR", NUMBER),
            required("value_expected", NUMBER),
            optional("value_lower_68PPR", NUMBER),
            optional("value_lower_95PPR", NUMBER),
            optional("value_lower_limit", NUMBER),
            required("commodity_quantity", QUANTITY));
    private static final Rule TRANSITION = object(
            required("id", ID),
            required("from", ID),
            required("to", ID),
            required("start_timers", list(0, 1000, ID)),
            required("blocking_timers", list(0, 1000, ID)),
            optional("transition_costs", NUMBER),
            optional("transition_duration", DURATION),
            required("abnormal_condition_only", YES_OR_NO));
    private static final Rule TIMER =
            object(required("id", ID), optional("diagnostic_label", TEXT), required("duration", DURATION));
    private static final Rule OPERATION_MODE = object(
            required("id", ID),
            optional("diagnostic_label", TEXT),
            required(
                    "elements",
                    contiguous(list(
                            1,
                            100,
                            object(
                                    required("fill_level_range", FILL_LEVELS),
                                    required("fill_rate", NUMBERS),
                                    required("power_ranges", onePerQuantity(list(1, 10, POWER_RANGE))),
                                    optional("running_costs", NUMBERS))))),
            required("abnormal_condition_only", YES_OR_NO));
    private static final Rule ACTUATOR = object(
            required("id", ID),
            optional("diagnostic_label", TEXT),
            required("supported_commodities", list(1, 4, COMMODITY)),
            required("operation_modes", list(1, 100, OPERATION_MODE)),
            required("transitions", list(0, 1000, TRANSITION)),
            required("timers", list(0, 1000, TIMER)));
    private static final Rule STORAGE = object(
            optional("diagnostic_label", TEXT),
            optional("fill_level_label", TEXT),
            required("provides_leakage_behaviour", YES_OR_NO),
            required("provides_fill_level_target_profile", YES_OR_NO),
            required("provides_usage_forecast", YES_OR_NO),
            required("fill_level_range", FILL_LEVELS));

    private static final Map<String, Rule> MESSAGES = new LinkedHashMap<>();

    static {
        message("Handshake", required("role", ROLE), optional("supported_protocol_versions", list(1, 1000, TEXT)));
        message("HandshakeResponse", required("selected_protocol_version", TEXT));
        message(
                "ResourceManagerDetails",
                required("resource_id", ID),
                optional("name", TEXT),
                required("roles", list(1, 3, object(required("role", ROLE_TYPE), required("commodity", COMMODITY)))),
                optional("manufacturer", TEXT),
                optional("model", TEXT),
                optional("serial_number", TEXT),
                optional("firmware_version", TEXT),
                required("instruction_processing_delay", DURATION),
                required("available_control_types", list(1, 5, CONTROL_TYPE)),
                optional("currency", CURRENCY),
                required("provides_forecast", YES_OR_NO),
                required("provides_power_measurement_types", list(1, 10, QUANTITY)));
        message("SelectControlType", required("control_type", CONTROL_TYPE));
        message("SessionRequest", required("request", SESSION_REQUEST), optional("diagnostic_label", TEXT));
        message("RevokeObject", required("object_type", REVOKABLE), required("object_id", ID));
        message(
                "PowerMeasurement",
                required("measurement_timestamp", TIME),
                required("values", onePerQuantity(list(1, 10, POWER_VALUE))));
        message(
                "PowerForecast",
                required("start_time", TIME),
                required(
                        "elements",
                        list(
                                1,
                                288,
                                object(
                                        required("duration", DURATION),
                                        required("power_values", onePerQuantity(list(1, 10, FORECAST_VALUE)))))));
        message(
                "InstructionStatusUpdate",
                required("instruction_id", ID),
                required("status_type", INSTRUCTION_STATUS),
                required("timestamp", TIME));
        message(
                "FRBC.SystemDescription",
                required("valid_from", TIME),
                required("actuators", list(1, 10, ACTUATOR)),
                required("storage", STORAGE));
        message(
                "FRBC.ActuatorStatus",
                required("actuator_id", ID),
                required("active_operation_mode_id", ID),
                required("operation_mode_factor", NUMBER),
                optional("previous_operation_mode_id", ID),
                optional("transition_timestamp", TIME));
        message("FRBC.StorageStatus", required("present_fill_level", NUMBER));
        message(
                "FRBC.LeakageBehaviour",
                required("valid_from", TIME),
                required(
                        "elements",
                        contiguous(list(
                                1,
                                288,
                                object(required("fill_level_range", FILL_LEVELS), required("leakage_rate", NUMBER))))));
        message(
                "FRBC.FillLevelTargetProfile",
                required("start_time", TIME),
                required(
                        "elements",
                        list(
                                1,
                                288,
                                object(required("duration", DURATION), required("fill_level_range", FILL_LEVELS)))));
        message(
                "FRBC.TimerStatus",
                required("timer_id", ID),
                required("actuator_id", ID),
                required("finished_at", TIME));
        message(
                "FRBC.Instruction",
                required("id", ID),
                required("actuator_id", ID),
                required("operation_mode", ID),
                required("operation_mode_factor", NUMBER),
                required("execution_time", TIME),
                required("abnormal_condition", YES_OR_NO));
        MESSAGES.put(
                "ReceptionStatus",
                object(
                        required("message_type", TEXT),
                        required("subject_message_id", ID),
                        required("status", RECEPTION),
                        optional("diagnostic_label", TEXT)));
    }

    private MessageRules() {}

    private static void message(String type, Field... fields) {
        var all = Arrays.copyOf(fields, fields.length + 2);
        all[fields.length] = required("message_type", TEXT);
        all[fields.length + 1] = required("message_id", ID);
        MESSAGES.put(type, object(all));
    }

    static boolean isId(JsonNode node) {
        return ID.violation("", node).isEmpty();
    }

    static boolean isCurrency(String code) {
        return CURRENCIES.contains(code);
    }

    static Optional<OffsetDateTime> time(JsonNode node) {
        try {
            return node.isTextual() ? Optional.of(OffsetDateTime.parse(node.textValue())) : Optional.empty();
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }

    /** The first thing that is wrong with a message; empty if nothing is. */
    static Optional<String> violation(JsonNode message) {
        var type = message.path("message_type");
        var rule = type.isTextual() ? MESSAGES.get(type.textValue()) : null;
        if (rule == null) return Optional.of("message_type " + type + ": no message that is known here");
        return rule.violation(type.textValue(), message);
    }

    // ---- rules of rules

    private static Field required(String name, Rule rule) {
        return new Field(name, rule, true);
    }

    private static Field optional(String name, Rule rule) {
        return new Field(name, rule, false);
    }

    private static Optional<String> wrongUnless(boolean right, String path, JsonNode node, String accepted) {
        if (right) return Optional.empty();
        var text = node.toString();
        return Optional.of(path + " " + (text.length() > 60 ? text.substring(0, 60) + "…" : text) + ": " + accepted
                + " is accepted");
    }

    private static Rule oneOf(String... texts) {
        var allowed = List.of(texts);
        return (path, node) -> wrongUnless(
                node.isTextual() && allowed.contains(node.textValue()),
                path,
                node,
                "one of " + String.join(", ", allowed));
    }

    private static Rule list(int least, int most, Rule each) {
        return (path, node) -> {
            if (!node.isArray() || node.size() < least || node.size() > most)
                return wrongUnless(false, path, node, "a list of " + least + " to " + most);
            for (int i = 0; i < node.size(); i++) {
                var wrong = each.violation(path + "[" + i + "]", node.get(i));
                if (wrong.isPresent()) return wrong;
            }
            return Optional.empty();
        };
    }

    private static Rule object(Field... fields) {
        return (path, node) -> {
            if (!node.isObject()) return wrongUnless(false, path, node, "an object");
            var known = new HashSet<String>();
            for (var field : fields) {
                known.add(field.name());
                var value = node.get(field.name());
                if (value == null && field.required()) return Optional.of(path + "." + field.name() + " is missing");
                var wrong = value == null
                        ? Optional.<String>empty()
                        : field.rule().violation(path + "." + field.name(), value);
                if (wrong.isPresent()) return wrong;
            }
            for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
                var name = names.next();
                if (!known.contains(name)) return Optional.of(path + "." + name + " has no place there");
            }
            return Optional.empty();
        };
    }

    /** The fill levels of each element begin where those of the one before end. */
    private static Rule contiguous(Rule elements) {
        return (path, node) -> {
            var wrong = elements.violation(path, node);
            if (wrong.isPresent()) return wrong;
            for (int i = 1; i < node.size(); i++) {
                double end =
                        node.get(i - 1).at("/fill_level_range/end_of_range").doubleValue();
                double start =
                        node.get(i).at("/fill_level_range/start_of_range").doubleValue();
                if (start != end) return Optional.of(path + "[" + i + "] begins at " + start + ", not at " + end);
            }
            return Optional.empty();
        };
    }

    private static Rule onePerQuantity(Rule values) {
        return (path, node) -> {
            var wrong = values.violation(path, node);
            if (wrong.isPresent()) return wrong;
            var seen = new HashSet<String>();
            for (var value : node)
                if (!seen.add(value.get("commodity_quantity").textValue()))
                    return Optional.of(path + " tells " + value.get("commodity_quantity") + " twice");
            return Optional.empty();
        };
    }
}
