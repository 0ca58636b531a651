package org.athanor.edge;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.athanor.comfort.Schedule;
import org.athanor.comfort.Schedule.QuietHours;
import org.athanor.comfort.Schedule.Setting;
import org.athanor.edge.RoomSettings.Presets;
import org.athanor.edge.RoomSettings.Vacation;
import org.athanor.units.Celsius;
import org.athanor.units.Watts;

/**
 * Settings as JSON, in the journal and on the wire: an object of the fields of {@link RoomSettings} with units in the keys.
 * When it is read, a field that is left out keeps what it was, and null empties it.
 */
public final class SettingsJson {
    private static final ObjectMapper MAPPER =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    /** A change every two hours of a week's every day. */
    private static final int MOST_SETTINGS = 84;

    private static final Set<String> FIELDS = Set.of(
            "heating",
            "setpointCelsius",
            "until",
            "schedule",
            "quiet",
            "vacation",
            "presets",
            "childLock",
            "maximumSetpointCelsius");

    private final ZoneId zone;

    /** @param zone of the home, for times that name none */
    public SettingsJson(ZoneId zone) {
        this.zone = zone;
    }

    ZoneId zone() {
        return zone;
    }

    // ---- written

    public String write(RoomSettings settings) {
        return tree(settings).toString();
    }

    public ObjectNode tree(RoomSettings settings) {
        var node = NODES.objectNode().put("heating", settings.heating());
        settings.setpoint().ifPresent(wanted -> node.put("setpointCelsius", wanted.value()));
        settings.until().ifPresent(end -> node.put("until", end.toString()));
        var list = node.putArray("schedule");
        for (var setting : settings.schedule()) {
            var entry = list.addObject();
            days(entry, setting.days());
            entry.put("from", setting.from().toString())
                    .put("celsius", setting.setpoint().value());
        }
        settings.quiet().ifPresent(hours -> {
            var entry = node.putObject("quiet");
            days(entry, hours.days());
            entry.put("from", hours.from().toString())
                    .put("until", hours.until().toString())
                    .put("watts", hours.cap().value());
        });
        settings.vacation()
                .ifPresent(away -> node.putObject("vacation")
                        .put("from", away.from().toString())
                        .put("until", away.until().toString())
                        .put("celsius", away.setpoint().value()));
        var presets = settings.presets();
        node.putObject("presets")
                .put("ecoCelsius", presets.eco().value())
                .put("comfortCelsius", presets.comfort().value())
                .put("boostCelsius", presets.boost().value())
                .put("boostMinutes", presets.boostFor().toMinutes());
        node.put("childLock", settings.childLock());
        settings.maximumSetpoint().ifPresent(most -> node.put("maximumSetpointCelsius", most.value()));
        return node;
    }

    private static void days(ObjectNode entry, Set<DayOfWeek> days) {
        var list = entry.putArray("days");
        for (var day : days) list.add(shortName(day));
    }

    private static String shortName(DayOfWeek day) {
        return day.name().substring(0, 3).toLowerCase(Locale.ROOT);
    }

    // ---- read

    /**
     * {@code present} with what {@code json} changes: what was kept, as it was kept.
     *
     * @throws SettingRefused for the first field that is not understood; ranges are not looked at
     */
    RoomSettings read(String json, RoomSettings present) {
        return read(json, present, Instant.MIN);
    }

    /**
     * The same, as somebody wants it at {@code now}.
     *
     * @throws SettingRefused for the first field that is not understood; ranges are not looked at
     */
    public RoomSettings read(String json, RoomSettings present, Instant now) {
        JsonNode read;
        try {
            read = MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new SettingRefused("body", "(not JSON)", RefusalWords.SETTINGS);
        }
        if (!read.isObject()) throw new SettingRefused("body", shown(read), RefusalWords.SETTINGS);
        known(read, "", FIELDS);
        var changed = present;
        if (read.has("heating")) changed = changed.withHeating(bool(read, "heating"));
        if (read.has("schedule")) changed = changed.withSchedule(schedule(read.get("schedule")));
        if (read.has("quiet"))
            changed = changed.withQuiet(given(read.get("quiet")).map(this::quiet));
        if (read.has("vacation"))
            changed = changed.withVacation(given(read.get("vacation")).map(this::vacation));
        if (read.has("presets")) changed = changed.with(presets(read.get("presets"), changed.presets()));
        if (read.has("childLock")) changed = changed.withChildLock(bool(read, "childLock"));
        if (read.has("maximumSetpointCelsius"))
            changed = changed.withMaximumSetpoint(
                    given(read.get("maximumSetpointCelsius")).map(node -> celsius("maximumSetpointCelsius", node)));
        return withWish(read, changed, now);
    }

    private RoomSettings withWish(JsonNode read, RoomSettings changed, Instant now) {
        if (!read.has("setpointCelsius") && !read.has("until")) return changed;
        var setpoint = read.has("setpointCelsius")
                ? given(read.get("setpointCelsius")).map(node -> celsius("setpointCelsius", node))
                : changed.setpoint();
        var end = given(read.path("until")).map(node -> instant("until", node));
        if (end.isPresent() && setpoint.isEmpty())
            throw new SettingRefused("until", shown(read.get("until")), RefusalWords.END_WITH_SETPOINT);
        return end.isPresent() || setpoint.isEmpty()
                ? changed.withSetpoint(setpoint, end)
                : changed.withSetpoint(setpoint.get(), now);
    }

    private List<Setting> schedule(JsonNode node) {
        if (!node.isArray() || node.isEmpty() || node.size() > MOST_SETTINGS)
            throw new SettingRefused("schedule", shown(node), RefusalWords.SCHEDULE.with("most", MOST_SETTINGS));
        var settings = new ArrayList<Setting>();
        for (int i = 0; i < node.size(); i++) {
            var where = "schedule[" + i + "].";
            var entry = object(node.get(i), where, Set.of("days", "from", "celsius"));
            settings.add(new Setting(
                    days(where, entry.get("days")),
                    clock(where + "from", entry.path("from")),
                    celsius(where + "celsius", entry.path("celsius"))));
        }
        try {
            return new Schedule(zone, settings, Optional.empty()).settings();
        } catch (IllegalArgumentException e) {
            throw new SettingRefused("schedule", e.getMessage(), RefusalWords.ONE_SETPOINT);
        }
    }

    private QuietHours quiet(JsonNode node) {
        var entry = object(node, "quiet.", Set.of("days", "from", "until", "watts"));
        var watts = entry.path("watts");
        if (!watts.isNumber() || !(watts.doubleValue() >= 0 && watts.doubleValue() <= 100_000))
            throw new SettingRefused("quiet.watts", shown(watts), RefusalWords.POWER);
        var from = clock("quiet.from", entry.path("from"));
        var until = clock("quiet.until", entry.path("until"));
        if (from.equals(until)) throw new SettingRefused("quiet.until", until, RefusalWords.OTHER_THAN_FROM);
        return new QuietHours(days("quiet.", entry.get("days")), from, until, new Watts(watts.doubleValue()));
    }

    private Vacation vacation(JsonNode node) {
        var entry = object(node, "vacation.", Set.of("from", "until", "celsius"));
        return new Vacation(
                instant("vacation.from", entry.path("from")),
                instant("vacation.until", entry.path("until")),
                celsius("vacation.celsius", entry.path("celsius")));
    }

    private static Presets presets(JsonNode node, Presets present) {
        var entry = object(node, "presets.", Set.of("ecoCelsius", "comfortCelsius", "boostCelsius", "boostMinutes"));
        var minutes = entry.path("boostMinutes");
        if (!minutes.isMissingNode() && !(minutes.isIntegralNumber() && minutes.canConvertToInt()))
            throw new SettingRefused("presets.boostMinutes", shown(minutes), RefusalWords.WHOLE_MINUTES);
        return new Presets(
                preset(entry, "ecoCelsius", present.eco()),
                preset(entry, "comfortCelsius", present.comfort()),
                preset(entry, "boostCelsius", present.boost()),
                minutes.isMissingNode() ? present.boostFor() : Duration.ofMinutes(minutes.intValue()));
    }

    private static Celsius preset(JsonNode entry, String field, Celsius present) {
        return entry.has(field) ? celsius("presets." + field, entry.get(field)) : present;
    }

    private static Set<DayOfWeek> days(String where, JsonNode node) {
        if (node == null) return EnumSet.allOf(DayOfWeek.class);
        if (!node.isArray() || node.isEmpty()) throw new SettingRefused(where + "days", shown(node), RefusalWords.DAYS);
        var days = EnumSet.noneOf(DayOfWeek.class);
        for (var each : node) {
            var named = EnumSet.allOf(DayOfWeek.class).stream()
                    .filter(day -> shortName(day).equals(each.textValue()))
                    .findFirst();
            days.add(named.orElseThrow(() -> new SettingRefused(where + "days", shown(node), RefusalWords.DAYS)));
        }
        return days;
    }

    private static LocalTime clock(String field, JsonNode node) {
        try {
            if (node.isTextual()) return LocalTime.parse(node.textValue());
        } catch (DateTimeParseException e) {
            throw new SettingRefused(field, shown(node), RefusalWords.CLOCK);
        }
        throw new SettingRefused(field, shown(node), RefusalWords.CLOCK);
    }

    private Instant instant(String field, JsonNode node) {
        var text = node.isTextual() ? node.textValue() : "";
        try {
            return text.endsWith("Z")
                    ? Instant.parse(text)
                    : LocalDateTime.parse(text).atZone(zone).toInstant();
        } catch (DateTimeException e) {
            throw new SettingRefused(field, shown(node), RefusalWords.INSTANT);
        }
    }

    private static Celsius celsius(String field, JsonNode node) {
        if (!node.isNumber() || !Double.isFinite(node.doubleValue()) || node.doubleValue() < -273.15)
            throw new SettingRefused(field, shown(node), RefusalWords.TEMPERATURE);
        return new Celsius(node.doubleValue());
    }

    private static boolean bool(JsonNode node, String field) {
        if (!node.get(field).isBoolean())
            throw new SettingRefused(field, shown(node.get(field)), RefusalWords.TRUE_OR_FALSE);
        return node.get(field).booleanValue();
    }

    private static JsonNode object(JsonNode node, String where, Set<String> fields) {
        if (!node.isObject())
            throw new SettingRefused(
                    where.substring(0, where.length() - 1),
                    shown(node),
                    RefusalWords.OBJECT_OF.with("fields", sorted(fields)));
        known(node, where, fields);
        return node;
    }

    private static void known(JsonNode node, String where, Set<String> fields) {
        for (var name : (Iterable<String>) node::fieldNames)
            if (!fields.contains(name))
                throw new SettingRefused(
                        where + name, shown(node.get(name)), RefusalWords.NONE_BUT.with("fields", sorted(fields)));
    }

    private static String sorted(Set<String> fields) {
        return String.join(", ", fields.stream().sorted().toList());
    }

    private static Optional<JsonNode> given(JsonNode node) {
        return node.isNull() || node.isMissingNode() ? Optional.empty() : Optional.of(node);
    }

    private static String shown(JsonNode node) {
        if (node.isMissingNode()) return "(missing)";
        var text = node.toString();
        return text.length() <= 100 ? text : text.substring(0, 100) + "...";
    }
}
