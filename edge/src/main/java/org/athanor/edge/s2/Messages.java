package org.athanor.edge.s2;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.athanor.edge.FlexibleRoom.Flexibility;
import org.athanor.edge.FlexibleRoom.Moment;
import org.athanor.edge.FlexibleRoom.PowerCourse;

/** Those that every resource manager sends, whatever its control type. */
final class Messages {
    static final String FILL_RATE = "FILL_RATE_BASED_CONTROL";
    /** A heater on three phases is not known to be one here, and one on a single phase is to call it L1. */
    static final String POWER = "ELECTRIC.POWER.L1";
    /** Stands for a message that had no id. */
    static final String NO_ID = "00000000-0000-0000-0000-000000000000";

    private static final int MOST_FORECAST = 288;
    private static final int LONGEST_LABEL = 200;

    private Messages() {}

    static ObjectNode message(String type) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("message_type", type)
                .put("message_id", UUID.randomUUID().toString());
    }

    static ObjectNode handshake(List<String> versions) {
        var message = message("Handshake").put("role", "RM");
        var list = message.putArray("supported_protocol_versions");
        versions.forEach(list::add);
        return message;
    }

    static ObjectNode details(String id, String name, Flexibility room, long delayMillis) {
        var message = message("ResourceManagerDetails").put("resource_id", id).put("name", name);
        message.putArray("roles").addObject().put("role", "ENERGY_CONSUMER").put("commodity", "ELECTRICITY");
        message.put("manufacturer", "Athanor").put("instruction_processing_delay", delayMillis);
        message.putArray("available_control_types").add(FILL_RATE);
        if (MessageRules.isCurrency(room.currency().getCurrencyCode()))
            message.put("currency", room.currency().getCurrencyCode());
        message.put("provides_forecast", true);
        message.putArray("provides_power_measurement_types").add(POWER);
        return message;
    }

    /** Empty while no heater's power is known. */
    static Optional<ObjectNode> measurement(Moment moment) {
        if (moment.heaters().stream().noneMatch(heater -> heater.watts().isPresent())) return Optional.empty();
        double watts = moment.heaters().stream()
                .flatMap(heater -> heater.watts().stream())
                .mapToDouble(each -> each.value())
                .sum();
        var message = message("PowerMeasurement")
                .put("measurement_timestamp", moment.time().toString());
        message.putArray("values").addObject().put("commodity_quantity", POWER).put("value", watts);
        return Optional.of(message);
    }

    static ObjectNode forecast(PowerCourse course) {
        var message = message("PowerForecast").put("start_time", course.start().toString());
        var elements = message.putArray("elements");
        for (var watts : course.watts()) {
            if (elements.size() == MOST_FORECAST) break;
            var element = elements.addObject().put("duration", course.step().toMillis());
            element.putArray("power_values")
                    .addObject()
                    .put("commodity_quantity", POWER)
                    .put("value_expected", watts.value());
        }
        return message;
    }

    static ObjectNode status(String instruction, String status, Instant time) {
        return message("InstructionStatusUpdate")
                .put("instruction_id", instruction)
                .put("status_type", status)
                .put("timestamp", time.toString());
    }

    /** Has no id of its own, and is never answered. */
    static ObjectNode reception(String subject, String status, Optional<String> why) {
        var message = JsonNodeFactory.instance
                .objectNode()
                .put("message_type", "ReceptionStatus")
                .put("subject_message_id", subject)
                .put("status", status);
        why.ifPresent(text -> message.put(
                "diagnostic_label", text.length() > LONGEST_LABEL ? text.substring(0, LONGEST_LABEL) + "…" : text));
        return message;
    }
}
