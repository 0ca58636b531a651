package org.athanor.edge.page;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.athanor.comfort.Sentence;
import org.athanor.edge.ControlledRoom;
import org.athanor.edge.RefusalReason;
import org.athanor.edge.RefusalWords;
import org.athanor.edge.RoomSettings;
import org.athanor.edge.RoomSettings.Preset;
import org.athanor.edge.SettingRefused;
import org.athanor.edge.SettingsJson;
import org.athanor.edge.Snapshot;
import org.athanor.edge.journal.Event;
import org.athanor.edge.journal.StepRow;
import org.athanor.units.Celsius;
import org.athanor.units.Joules;
import org.athanor.units.Kelvins;
import org.athanor.units.Watts;

/** What goes over the wire: SI numbers with the unit in the key; what is not known is left out, never zero. */
final class Json {
    private static final ObjectMapper MAPPER =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String SETPOINT_FORM = "{\"celsius\": 21.5}";
    private static final String PRESET_FORM = "{\"preset\": \"eco\"}";
    private static final String CODE_FORM = "{\"code\": \"1234\"}";
    private static final String PAIR_FORM = "{\"code\": \"12345678\", \"name\": \"phone\"}";

    private Json() {}

    static String state(Snapshot snapshot) {
        var state = NODES.objectNode();
        state.put("cycle", snapshot.cycle());
        state.put("time", snapshot.time().toString());
        state.set("room", room(snapshot.room()));
        snapshot.outdoor().ifPresent(outdoor -> state.put("outdoorCelsius", outdoor.value()));
        state.put("watts", snapshot.power().value());
        var heaters = state.putArray("heaters");
        for (var heater : snapshot.heaters()) heaters.add(heater(heater));
        snapshot.primary().ifPresent(primary -> state.set("primary", primary(primary)));
        state.set("books", books(snapshot.books()));
        state.putObject("safety")
                .put("state", snapshot.safety().state())
                .put("limiting", snapshot.safety().limiting())
                .put("reason", snapshot.safety().reason());
        state.put("explanation", snapshot.explanation());
        snapshot.sentence().ifPresent(sentence -> state.set("sentence", sentence(sentence)));
        state.set("planning", planning(snapshot.planning()));
        state.set("alarms", texts(snapshot.alarms()));
        var world = state.putObject("world");
        world.put("simulated", snapshot.world().simulated());
        snapshot.world().speed().ifPresent(speed -> world.put("speed", speed));
        world.put(
                "utcOffsetMinutes",
                snapshot.world().zone().getRules().getOffset(snapshot.time()).getTotalSeconds() / 60);
        world.set("notes", texts(snapshot.world().notes()));
        return write(state);
    }

    /** Each value is an object of its one unit, so that the page writes it as its reader does. */
    private static ObjectNode sentence(Sentence sentence) {
        var node = NODES.objectNode()
                .put("say", sentence.saying().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        var values = node.putObject("values");
        sentence.values().forEach((place, value) -> {
            var told = values.putObject(place);
            switch (value) {
                case Celsius celsius -> told.put("celsius", celsius.value());
                case Kelvins kelvins -> told.put("kelvin", kelvins.value());
                case Watts watts -> told.put("watts", watts.value());
                case Joules joules -> told.put("joules", joules.value());
                case LocalTime time -> told.put("clock", time.toString());
                case Double number -> told.put("number", number);
                case Sentence inner -> told.setAll(sentence(inner));
                default -> told.put("name", value.toString());
            }
        });
        return node;
    }

    private static ObjectNode planning(Snapshot.Planning planning) {
        var node = NODES.objectNode().put("known", planning.known());
        planning.standIn().ifPresent(why -> node.put("standIn", why));
        planning.note().ifPresent(note -> node.put("note", note));
        planning.plan().ifPresent(plan -> node.set("plan", course(plan)));
        planning.today().ifPresent(plan -> node.set("today", course(plan)));
        planning.prices()
                .ifPresent(prices -> node.putObject("prices")
                        .put("start", prices.start().toString())
                        .put("stepSeconds", prices.step().toSeconds())
                        .set("perKwh", numbers(prices.perKwh(), 1e5)));
        return node;
    }

    private static ObjectNode course(Snapshot.Course course) {
        var node = NODES.objectNode()
                .put("start", course.start().toString())
                .put("stepSeconds", course.step().toSeconds());
        node.set("watts", numbers(course.watts(), 10));
        node.set("roomCelsius", numbers(course.roomCelsius(), 1000));
        return node;
    }

    /** Rounded to one in {@code parts}: a page of a few kilobytes is sent several times a second. */
    private static ArrayNode numbers(List<Double> values, double parts) {
        var list = NODES.arrayNode(values.size());
        for (double value : values) list.add(Math.rint(value * parts) / parts);
        return list;
    }

    private static ObjectNode room(Snapshot.Room room) {
        var node = NODES.objectNode();
        room.temperature().ifPresent(temperature -> node.put("celsius", temperature.value()));
        return node.put("setpointCelsius", room.setpoint().value())
                .put("overridden", room.overridden())
                .put("bandBelowKelvin", room.bandBelow().value())
                .put("bandAboveKelvin", room.bandAbove().value())
                .put("lowestSetpointCelsius", room.lowestSetpoint().value())
                .put("highestSetpointCelsius", room.highestSetpoint().value())
                .put("kelvinHoursBelow", room.kelvinHoursBelow())
                .put("kelvinHoursAbove", room.kelvinHoursAbove());
    }

    private static ObjectNode heater(Snapshot.HeaterView heater) {
        var node = NODES.objectNode().put("id", heater.id()).put("name", heater.name());
        heater.level().ifPresent(level -> node.put("level", level));
        heater.watts().ifPresent(watts -> node.put("watts", watts.value()));
        node.put("wattsSource", heater.wattsSource());
        node.put("mines", heater.mines());
        heater.hashrate().ifPresent(rate -> node.put("hashesPerSecond", rate.value()));
        if (heater.mines()) node.put("accepted", heater.accepted()).put("rejected", heater.rejected());
        heater.chip().ifPresent(chip -> node.put("chipCelsius", chip.value()));
        node.put("protected", heater.guarded()).put("protection", heater.guard());
        heater.fault().ifPresent(fault -> node.put("fault", fault));
        heater.weighting()
                .ifPresent(weighting -> node.putObject("weight")
                        .put("exact", weighting.weight().toString())
                        .put("approximately", weighting.weight().toDouble())
                        .put("basis", weighting.basis()));
        return node.put("reason", heater.reason());
    }

    private static ObjectNode primary(Snapshot.Primary primary) {
        var node = NODES.objectNode().put("title", primary.title());
        primary.watts().ifPresent(watts -> node.put("watts", watts.value()));
        primary.setpoint().ifPresent(setpoint -> node.put("setpointCelsius", setpoint.value()));
        return node.put("on", primary.on())
                .put("commanded", primary.commanded())
                .put("heldBack", primary.heldBack());
    }

    private static ObjectNode books(Snapshot.Books books) {
        var node = NODES.objectNode();
        books.price().ifPresent(price -> node.put("pricePerKwh", price.value()));
        return node.put("currency", books.net().currency().getCurrencyCode())
                .put("earnedMsat", books.earned().value())
                .put("earned", books.earnedMoney().amount())
                .put("expected", books.expected().amount())
                .put("electricity", books.electricity().amount())
                .put("net", books.net().amount())
                .put("electricityKwh", books.electricityKwh())
                .put("pays", books.pays())
                .put("disputedLines", books.disputedLines());
    }

    static String history(List<StepRow> steps) {
        var list = NODES.arrayNode(steps.size());
        for (var step : steps) {
            var node = list.addObject();
            node.put("time", step.time().toString());
            step.room().ifPresent(room -> node.put("roomCelsius", room.value()));
            node.put("setpointCelsius", step.setpoint().value());
            step.outdoor().ifPresent(outdoor -> node.put("outdoorCelsius", outdoor.value()));
            step.price().ifPresent(price -> node.put("pricePerKwh", price));
            node.put("earnedMsat", step.earned().value());
            node.put("expected", step.totals().expectedPay());
            var watts = node.putObject("watts");
            step.planned()
                    .ifPresent(plan -> node.put("plannedWatts", plan.watts().value())
                            .put("plannedRoomCelsius", plan.room().value()));
            for (var heater : step.heaters()) heater.watts().ifPresent(value -> watts.put(heater.id(), value));
        }
        return write(NODES.objectNode().set("steps", list));
    }

    // ---- rooms and their settings

    static String rooms(List<ControlledRoom> rooms, List<String> notes) {
        var root = NODES.objectNode();
        var list = root.putArray("rooms");
        for (var room : rooms) {
            var node = list.addObject().put("id", room.id()).put("name", room.name());
            room.control().snapshot().ifPresent(snapshot -> {
                snapshot.room().temperature().ifPresent(celsius -> node.put("celsius", celsius.value()));
                node.put("setpointCelsius", snapshot.room().setpoint().value())
                        .put("watts", snapshot.power().value())
                        .put("limiting", snapshot.safety().limiting())
                        .put("alarms", snapshot.alarms().size());
            });
            node.put("heating", room.control().settings().heating());
        }
        root.set("notes", texts(notes));
        return write(root);
    }

    /** With what follows from them at {@code now}, and with the vacation by the home's clock. */
    static String settings(RoomSettings settings, Instant now, ZoneId zone) {
        var node = new SettingsJson(zone).tree(settings);
        settings.preset(now).ifPresent(preset -> node.put("preset", preset.key()));
        settings.vacation()
                .filter(away -> now.isBefore(away.until()))
                .ifPresentOrElse(
                        away -> ((ObjectNode) node.get("vacation"))
                                .put("fromLocal", local(away.from(), zone))
                                .put("untilLocal", local(away.until(), zone)),
                        () -> node.remove("vacation")); // one that has ended is none
        return write(node);
    }

    private static String local(Instant time, ZoneId zone) {
        return LocalDateTime.ofInstant(time, zone)
                .truncatedTo(ChronoUnit.MINUTES)
                .toString();
    }

    static String log(List<Event> events) {
        var list = NODES.arrayNode();
        for (var event : events)
            list.addObject()
                    .put("time", event.time().toString())
                    .put("kind", event.kind().name().toLowerCase(Locale.ROOT))
                    .put("subject", event.subject())
                    .put("text", event.text());
        return write(NODES.objectNode().set("events", list));
    }

    /** @throws SettingRefused if {@code body} is not {"preset": one of the three} */
    static Preset preset(String body) {
        var read = object(body, PRESET_FORM, Set.of("preset"), Set.of());
        var named = read.get("preset");
        for (var preset : Preset.values()) if (preset.key().equals(named.textValue())) return preset;
        throw new SettingRefused("preset", shown(named), RefusalWords.PRESET);
    }

    /** @throws SettingRefused if {@code body} is not {"code": text} */
    static String code(String body) {
        var code = object(body, CODE_FORM, Set.of("code"), Set.of()).get("code");
        if (!code.isTextual()) throw new SettingRefused("code", "(not shown)", RefusalWords.TEXT_OF_DIGITS);
        return code.textValue();
    }

    // ---- words and pairing

    /** @param phrases English sentences with places, by which the page knows those that it is told in English */
    static String texts(
            String language, Map<String, String> languages, Map<String, String> words, Map<String, String> phrases) {
        var root = NODES.objectNode().put("language", language);
        var list = root.putArray("languages");
        languages.forEach((tag, name) -> list.addObject().put("tag", tag).put("name", name));
        var texts = root.putObject("texts");
        words.forEach(texts::put);
        var english = root.putObject("phrases");
        phrases.forEach(english::put);
        return write(root);
    }

    static String access(boolean own, boolean paired, boolean pairing) {
        return write(NODES.objectNode().put("own", own).put("paired", paired).put("pairing", pairing));
    }

    static String pairing(List<Pairing.Device> devices, Optional<Pairing.Device> asking, Optional<Pairing.Code> code) {
        var root = NODES.objectNode();
        code.ifPresent(open -> root.putObject("code")
                .put("digits", open.digits())
                .put("until", open.until().toString()));
        var list = root.putArray("devices");
        for (var device : devices)
            list.addObject()
                    .put("id", device.id())
                    .put("name", device.name())
                    .put("paired", device.paired().toString())
                    .put("seen", device.seen().toString())
                    .put(
                            "self",
                            asking.filter(self -> self.id().equals(device.id())).isPresent());
        return write(root);
    }

    static String token(String token) {
        return write(NODES.objectNode().put("token", token));
    }

    /** @param bearer whether the token is wanted in the answer, for a program, and not as a cookie */
    record Pair(String code, String name, boolean bearer) {
        @Override
        public String toString() {
            return "Pair[" + name + "]";
        }
    }

    /** @throws SettingRefused if {@code body} is not an object of code, name and perhaps bearer */
    static Pair pair(String body) {
        var read = object(body, PAIR_FORM, Set.of("code", "name"), Set.of("bearer"));
        if (!read.get("code").isTextual())
            throw new SettingRefused("code", "(not shown)", RefusalWords.TEXT_OF_EIGHT_DIGITS);
        if (!read.get("name").isTextual()) throw new SettingRefused("name", shown(read.get("name")), RefusalWords.TEXT);
        var bearer = read.path("bearer");
        if (!bearer.isMissingNode() && !bearer.isBoolean())
            throw new SettingRefused("bearer", shown(bearer), RefusalWords.TRUE_OR_FALSE);
        return new Pair(read.get("code").textValue(), read.get("name").textValue(), bearer.booleanValue());
    }

    /** What is said of a body with the wrong fields does not repeat it: it may hold a code. */
    private static JsonNode object(String body, String form, Set<String> needed, Set<String> allowed) {
        JsonNode read;
        try {
            read = MAPPER.readTree(body);
        } catch (JsonProcessingException e) {
            throw new SettingRefused("body", "(not JSON)", RefusalWords.OBJECT_SUCH_AS.with("example", form));
        }
        var fields = new HashSet<String>();
        read.fieldNames().forEachRemaining(fields::add);
        if (!read.isObject()
                || !fields.containsAll(needed)
                || !fields.stream().allMatch(field -> needed.contains(field) || allowed.contains(field)))
            throw new SettingRefused("body", "(other fields)", RefusalWords.OBJECT_SUCH_AS.with("example", form));
        return read;
    }

    /** In English alone. */
    static String error(String message) {
        return write(NODES.objectNode().put("error", message));
    }

    /** In English, and as the page says it in its reader's language. */
    static String error(RefusalReason reason) {
        return write(NODES.objectNode().put("error", reason.toString()).set("refusal", refusal(reason)));
    }

    private static ObjectNode refusal(RefusalReason reason) {
        var node = NODES.objectNode().put("say", reason.words().key());
        var values = node.putObject("values");
        reason.values().forEach((place, value) -> {
            var told = values.putObject(place);
            switch (value) {
                case RefusalReason inner -> told.setAll(refusal(inner));
                case Number number -> told.put("count", number.doubleValue());
                default -> told.put("text", value.toString());
            }
        });
        return node;
    }

    /** @throws SettingRefused if {@code body} is not {"celsius": number} */
    static Celsius setpoint(String body) {
        JsonNode read;
        try {
            read = MAPPER.readTree(body);
        } catch (JsonProcessingException e) {
            throw new SettingRefused("body", "(not JSON)", RefusalWords.OBJECT_SUCH_AS.with("example", SETPOINT_FORM));
        }
        if (!read.isObject() || read.size() != 1 || !read.has("celsius"))
            throw new SettingRefused("body", shown(read), RefusalWords.OBJECT_SUCH_AS.with("example", SETPOINT_FORM));
        var celsius = read.get("celsius");
        if (!celsius.isNumber() || !Double.isFinite(celsius.doubleValue()) || celsius.doubleValue() < -273.15)
            throw new SettingRefused("celsius", shown(celsius), RefusalWords.TEMPERATURE);
        return new Celsius(celsius.doubleValue());
    }

    private static String shown(JsonNode node) {
        var text = node.toString();
        return text.length() <= 100 ? text : text.substring(0, 100) + "...";
    }

    private static ArrayNode texts(List<String> texts) {
        var list = NODES.arrayNode();
        texts.forEach(list::add);
        return list;
    }

    private static String write(JsonNode node) {
        try {
            return MAPPER.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree can always be written", e);
        }
    }
}
