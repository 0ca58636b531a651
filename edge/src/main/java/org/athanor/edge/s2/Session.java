package org.athanor.edge.s2;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.athanor.edge.FlexibleRoom;
import org.athanor.edge.FlexibleRoom.Flexibility;
import org.athanor.edge.FlexibleRoom.Moment;
import org.athanor.edge.s2.FillRateControl.Change;
import org.athanor.edge.s2.Instruction.Status;
import org.athanor.edge.s2.S2Link.LinkException;

/** One connection to an energy manager from handshake to end. One thread does it all. */
final class Session {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_INBOX = 1_000;
    /** Unfinished ones; and how many ids are remembered against repetition. */
    private static final int MOST_INSTRUCTIONS = 1_000;

    private static final int MOST_ATTEMPTS = 3;
    /** Between a wish and its effect there may be this many control cycles and more. */
    private static final Duration GRACE = Duration.ofMinutes(5);
    /** A control cycle: a wish is looked at with the next one. */
    private static final Duration PROCESSING = Duration.ofMinutes(1);

    enum State {
        GREETING,
        DESCRIBED,
        CONTROLLED
    }

    private final S2Config config;
    private final FlexibleRoom room;
    private final InstantSource clock;
    private final ResourceManager.Pace pace;
    private final Consumer<String> notes;
    private final Consumer<State> states;
    private final BlockingQueue<String> inbox = new ArrayBlockingQueue<>(MOST_INBOX);
    private volatile Optional<String> end = Optional.empty();

    private Flexibility flexibility;
    private FillRateControl control;
    private S2Link link;
    private State state = State.GREETING;
    private boolean agreed;
    private Optional<Boolean> leaving = Optional.empty();
    private final Map<String, Sent> unanswered = new LinkedHashMap<>();

    // what was seen of the room
    private final Map<Integer, Integer> levels = new HashMap<>();
    private final Map<Integer, Change> changes = new HashMap<>();
    private final Map<Integer, Map<String, Instant>> timers = new HashMap<>();

    // what was told: by kind, what would make it new
    private final Map<String, Object> told = new HashMap<>();
    private long measuredNanos;

    private final Set<String> seenInstructions = new HashSet<>();
    private final List<Instruction> waiting = new ArrayList<>();
    private final Map<Integer, Instruction> active = new HashMap<>();

    /** @param nanos when it was sent last */
    private record Sent(ObjectNode message, int attempts, boolean again, long nanos) {}

    private interface Step {
        void run() throws LinkException, InterruptedException;
    }

    /** @param then what follows once the manager knows how its message was received */
    private record Reply(String status, Optional<String> why, Step then) {
        static Reply ok(Step then) {
            return new Reply("OK", Optional.empty(), then);
        }

        static Reply invalid(String why) {
            return new Reply("INVALID_CONTENT", Optional.of(why), () -> {});
        }
    }

    Session(
            S2Config config,
            FlexibleRoom room,
            Flexibility flexibility,
            InstantSource clock,
            ResourceManager.Pace pace,
            Consumer<String> notes,
            Consumer<State> states) {
        this.config = config;
        this.room = room;
        this.flexibility = flexibility;
        this.control = new FillRateControl(flexibility);
        this.clock = clock;
        this.pace = pace;
        this.notes = notes;
        this.states = states;
    }

    /** Whether both sides have agreed on a version: then a failure is a new one. */
    boolean agreed() {
        return agreed;
    }

    /** @return whether the manager asks to be called again at once */
    boolean run() throws LinkException, InterruptedException {
        link = S2Link.open(config, this::arrived, why -> end = Optional.of(why));
        try {
            say(Messages.handshake(config.versions()));
            long ticked = System.nanoTime();
            while (leaving.isEmpty()) {
                var text = inbox.poll(pace.round().toNanos(), TimeUnit.NANOSECONDS);
                if (text != null) receive(text);
                else if (end.isPresent()) throw new LinkException(end.get(), null);
                if (System.nanoTime() - ticked < pace.round().toNanos()) continue;
                ticked = System.nanoTime();
                tick();
            }
            return leaving.get();
        } finally {
            active.values().forEach(each -> release(each.heater));
            link.close();
        }
    }

    private void arrived(String text) {
        if (!inbox.offer(text)) end = Optional.of("messages come faster than they can be answered");
    }

    // ---- what is said

    private void say(ObjectNode message) throws LinkException, InterruptedException {
        send(message);
        unanswered.put(message.get("message_id").textValue(), new Sent(message, 1, false, System.nanoTime()));
    }

    private void send(ObjectNode message) throws LinkException, InterruptedException {
        MessageRules.violation(message).ifPresent(wrong -> {
            throw new IllegalStateException("our own message is wrong: " + wrong);
        });
        link.send(message.toString());
    }

    /** Says it if {@code content} is not what was said last of this kind. */
    private void sayNew(String kind, Object content, ObjectNode message) throws LinkException, InterruptedException {
        if (content.equals(told.put(kind, content))) return;
        say(message);
    }

    private void status(Instruction instruction, Status status) throws LinkException, InterruptedException {
        instruction.status = status;
        say(Messages.status(instruction.id, status.name(), clock.instant()));
    }

    // ---- what is heard

    private void receive(String text) throws LinkException, InterruptedException {
        JsonNode message;
        try {
            message = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            send(Messages.reception(Messages.NO_ID, "INVALID_DATA", Optional.of("not JSON")));
            return;
        }
        if (message.path("message_type").asText().equals("ReceptionStatus")) {
            received(message);
            return;
        }
        var id = message.path("message_id");
        if (!MessageRules.isId(id)) {
            send(Messages.reception(Messages.NO_ID, "INVALID_DATA", Optional.of("no message_id")));
            return;
        }
        var reply = MessageRules.violation(message)
                .map(wrong -> new Reply("INVALID_MESSAGE", Optional.of(wrong), () -> {}))
                .orElseGet(() -> answer(message));
        reply.why().ifPresent(why -> notes.accept("a message was not taken: " + why));
        send(Messages.reception(id.textValue(), reply.status(), reply.why()));
        reply.then().run();
    }

    private Reply answer(JsonNode message) {
        var type = message.get("message_type").textValue();
        return switch (type) {
            case "Handshake" ->
                message.get("role").textValue().equals("CEM")
                        ? Reply.ok(() -> {})
                        : Reply.invalid("two resource managers have nothing to say to each other");
            case "HandshakeResponse" ->
                agree(message.get("selected_protocol_version").textValue());
            case "SelectControlType" -> select(message.get("control_type").textValue());
            case "FRBC.Instruction" -> instruct(message);
            case "RevokeObject" -> revoke(message);
            case "SessionRequest" ->
                Reply.ok(() ->
                        leaving = Optional.of(message.get("request").textValue().equals("RECONNECT")));
            default -> Reply.invalid(type + " is not for a resource manager of fill rate based control");
        };
    }

    private Reply agree(String version) {
        if (!config.versions().contains(version))
            return new Reply(
                    "INVALID_CONTENT",
                    Optional.of("version " + version + " was not offered (offered were "
                            + String.join(", ", config.versions()) + ")"),
                    () -> leaving = Optional.of(false));
        return Reply.ok(() -> {
            agreed = true;
            if (state == State.GREETING) state = State.DESCRIBED;
            states.accept(state);
            say(Messages.details(room.id(), room.name(), flexibility, PROCESSING.toMillis()));
        });
    }

    private Reply select(String type) {
        if (state == State.GREETING) return Reply.invalid("no version has been agreed on yet");
        return switch (type) {
            case Messages.FILL_RATE ->
                Reply.ok(() -> {
                    state = State.CONTROLLED;
                    states.accept(state);
                    told.keySet().removeIf(kind -> kind.startsWith("FRBC"));
                    tick();
                });
            case "NO_SELECTION", "NOT_CONTROLABLE" ->
                Reply.ok(() -> {
                    state = State.DESCRIBED;
                    states.accept(state);
                    for (var each : waiting) status(each, Status.ABORTED);
                    waiting.clear();
                    for (var each : List.copyOf(active.values())) stop(each, "the manager gave up control");
                });
            default -> Reply.invalid("control type " + type + " was not offered");
        };
    }

    private void received(JsonNode message) throws LinkException {
        var wrong = MessageRules.violation(message);
        if (wrong.isPresent()) {
            notes.accept("an answer was not understood: " + wrong.get());
            return;
        }
        var id = message.get("subject_message_id").textValue();
        var sent = unanswered.remove(id);
        if (sent == null) return; // a second answer, or one to what nobody said
        var type = sent.message.get("message_type").textValue();
        var why = message.path("diagnostic_label").asText();
        switch (message.get("status").textValue()) {
            case "OK" -> {}
            case "TEMPORARY_ERROR" -> {
                if (sent.attempts < MOST_ATTEMPTS)
                    unanswered.put(id, new Sent(sent.message, sent.attempts, true, System.nanoTime()));
                else notes.accept("the manager could not take " + type + " " + MOST_ATTEMPTS + " times: " + why);
            }
            case "PERMANENT_ERROR" ->
                throw new LinkException("the manager cannot go on after " + type + ": " + why, null);
            default ->
                notes.accept("the manager did not take " + type + ": "
                        + message.get("status").textValue() + " " + why);
        }
    }

    // ---- instructions

    private Reply instruct(JsonNode message) {
        if (state != State.CONTROLLED) return Reply.invalid("fill rate based control is not selected");
        var id = message.get("id").textValue();
        if (seenInstructions.contains(id)) return Reply.invalid("instruction " + id + " was given before");
        var heater = control.heater(message.get("actuator_id").textValue());
        if (heater.isEmpty()) return Reply.invalid("actuator " + message.get("actuator_id") + " was not described");
        var level =
                control.level(heater.getAsInt(), message.get("operation_mode").textValue());
        if (level.isEmpty()) return Reply.invalid("mode " + message.get("operation_mode") + " was not described");
        double factor = message.get("operation_mode_factor").doubleValue();
        if (!(factor >= 0 && factor <= 1)) return Reply.invalid("factor " + factor + " is not between 0 and 1");
        if (waiting.size() >= MOST_INSTRUCTIONS || seenInstructions.size() >= MOST_INSTRUCTIONS * 100)
            return new Reply("TEMPORARY_ERROR", Optional.of("too many instructions in one session"), () -> {});
        var time =
                MessageRules.time(message.get("execution_time")).orElseThrow().toInstant();
        seenInstructions.add(id);
        return Reply.ok(() -> take(new Instruction(id, heater.getAsInt(), level.getAsInt(), time)));
    }

    private void take(Instruction instruction) throws LinkException, InterruptedException {
        boolean now = !instruction.execution.isAfter(clock.instant());
        var objection = now ? objection(instruction) : Optional.<String>empty();
        if (objection.isPresent()) {
            status(instruction, Status.REJECTED);
            notes.accept("an instruction was rejected: " + objection.get());
            return;
        }
        status(instruction, Status.ACCEPTED);
        waiting.add(instruction);
        if (now) tick();
    }

    private Optional<String> objection(Instruction instruction) {
        var moment = room.moment();
        if (moment.isEmpty()) return Optional.of("the room has not been looked at");
        return control.objection(moment.get(), instruction.heater, instruction.level)
                .or(() -> blocked(instruction.heater, instruction.level));
    }

    /** By a timer of the device that has not run out. */
    private Optional<String> blocked(int heater, int level) {
        var from = levels.get(heater);
        if (from == null || from == level) return Optional.empty();
        var timer = FillRateControl.blocking(from, level);
        var until = timers.getOrDefault(heater, Map.of()).getOrDefault(timer, Instant.MIN);
        return until.isAfter(clock.instant())
                ? Optional.of(flexibility.heaters().get(heater).name() + " changes no sooner than " + until + " ("
                        + timer + ")")
                : Optional.empty();
    }

    private Reply revoke(JsonNode message) {
        var id = message.get("object_id").textValue();
        if (!message.get("object_type").textValue().equals("FRBC.Instruction"))
            return Reply.invalid(message.get("object_type").textValue() + " is not the manager's to revoke");
        for (var each : waiting)
            if (each.id.equals(id))
                return Reply.ok(() -> {
                    waiting.remove(each);
                    status(each, Status.REVOKED);
                });
        for (var each : active.values())
            if (each.id.equals(id))
                return Reply.ok(() -> {
                    active.remove(each.heater);
                    release(each.heater);
                    status(each, Status.REVOKED);
                });
        return Reply.invalid("instruction " + id + " is not in force");
    }

    private void follow(Moment moment) throws LinkException, InterruptedException {
        var now = clock.instant();
        for (var each : List.copyOf(waiting)) {
            if (each.execution.isAfter(now)) continue;
            waiting.remove(each);
            var objection = objection(each);
            if (objection.isPresent()) {
                status(each, Status.ABORTED);
                notes.accept("an instruction was not followed: " + objection.get());
            } else begin(each, now);
        }
        for (var each : List.copyOf(active.values())) {
            var objection = control.objection(moment, each.heater, each.level);
            if (objection.isPresent()) stop(each, objection.get());
            else hold(each, now);
        }
    }

    private void begin(Instruction instruction, Instant now) throws LinkException, InterruptedException {
        var before = active.put(instruction.heater, instruction);
        if (before != null && before.status == Status.STARTED) status(before, Status.ABORTED);
        instruction.deadline = now.plus(GRACE)
                .plus(flexibility.heaters().get(instruction.heater).settle().multipliedBy(2));
        prefer(instruction, now);
        status(instruction, Status.STARTED);
    }

    private void hold(Instruction instruction, Instant now) throws LinkException, InterruptedException {
        if (Duration.between(now, instruction.until).compareTo(pace.lease().dividedBy(2)) < 0) prefer(instruction, now);
        if (instruction.status != Status.STARTED) return;
        if (Integer.valueOf(instruction.level).equals(levels.get(instruction.heater)))
            status(instruction, Status.SUCCEEDED);
        else if (now.isAfter(instruction.deadline)) stop(instruction, "the heater has not reached the level in time");
    }

    private void prefer(Instruction instruction, Instant now) {
        instruction.until = now.plus(pace.lease());
        room.prefer(flexibility.heaters().get(instruction.heater).id(), instruction.level, instruction.until);
    }

    private void stop(Instruction instruction, String why) throws LinkException, InterruptedException {
        active.remove(instruction.heater);
        release(instruction.heater);
        notes.accept("an instruction is followed no longer: " + why);
        if (instruction.status == Status.STARTED) status(instruction, Status.ABORTED);
    }

    private void release(int heater) {
        room.release(flexibility.heaters().get(heater).id());
    }

    // ---- what is looked at again and again

    private void tick() throws LinkException, InterruptedException {
        remind();
        if (state == State.GREETING) return;
        var seen = room.moment();
        if (seen.isEmpty()) return;
        var moment = seen.get();
        describeAnew();
        observe(moment);
        report(moment);
        if (state != State.CONTROLLED) return;
        describe(moment);
        follow(moment);
    }

    /** What was not taken for now is sent again; a manager that answers nothing is none. */
    private void remind() throws LinkException, InterruptedException {
        long now = System.nanoTime();
        for (var entry : List.copyOf(unanswered.entrySet())) {
            var sent = entry.getValue();
            if (sent.again) {
                send(sent.message);
                unanswered.put(entry.getKey(), new Sent(sent.message, sent.attempts + 1, false, now));
            } else if (now - sent.nanos > pace.answer().toNanos())
                throw new LinkException(
                        "the manager has not answered "
                                + sent.message.get("message_type").textValue() + " within "
                                + pace.answer().toSeconds() + " s",
                        null);
        }
    }

    /** Learning goes on; heaters do not come and go while the program runs, and if they did, ids would change their meaning. */
    private void describeAnew() throws LinkException {
        var known = room.flexibility();
        if (known.isEmpty() || known.get().equals(flexibility)) return;
        var ids = known.get().heaters().stream()
                .map(FlexibleRoom.FlexibleHeater::id)
                .toList();
        if (!ids.equals(flexibility.heaters().stream()
                .map(FlexibleRoom.FlexibleHeater::id)
                .toList()))
            throw new LinkException("the room has other heaters now: a new session will describe them", null);
        flexibility = known.get();
        control = new FillRateControl(flexibility);
    }

    private void observe(Moment moment) {
        for (int heater = 0; heater < moment.heaters().size(); heater++) {
            OptionalInt level = moment.heaters().get(heater).level();
            if (level.isEmpty()) continue;
            var before = levels.put(heater, level.getAsInt());
            if (before == null || before == level.getAsInt()) continue;
            changes.put(heater, new Change(before, moment.time()));
            for (var timer : FillRateControl.started(before, level.getAsInt()))
                timers.computeIfAbsent(heater, _ -> new HashMap<>())
                        .put(timer, moment.time().plus(control.duration(heater, timer)));
        }
    }

    private void report(Moment moment) throws LinkException, InterruptedException {
        long now = System.nanoTime();
        if (measuredNanos == 0 || now - measuredNanos >= pace.measure().toNanos()) {
            var measurement = Messages.measurement(moment);
            if (measurement.isPresent()) {
                measuredNanos = now;
                sayNew("PowerMeasurement", moment.time(), measurement.get());
            }
        }
        if (moment.forecast().isPresent() && !moment.forecast().get().watts().isEmpty())
            sayNew(
                    "PowerForecast",
                    moment.forecast().get(),
                    Messages.forecast(moment.forecast().get()));
    }

    private void describe(Moment moment) throws LinkException, InterruptedException {
        var system = control.system(moment);
        var content = system.deepCopy();
        content.remove(List.of("message_id", "valid_from"));
        sayNew("FRBC.SystemDescription", content, system);
        for (int heater = 0; heater < moment.heaters().size(); heater++) {
            var level = levels.get(heater);
            if (level == null) continue;
            var change = Optional.ofNullable(changes.get(heater));
            sayNew(
                    "FRBC.ActuatorStatus " + heater,
                    List.of(level, change),
                    FillRateControl.actuator(heater, level, change));
            for (var timer : timers.getOrDefault(heater, Map.of()).entrySet())
                sayNew(
                        "FRBC.TimerStatus " + heater + " " + timer.getKey(),
                        timer.getValue(),
                        FillRateControl.timer(heater, timer.getKey(), timer.getValue()));
        }
        if (moment.room().isPresent())
            sayNew(
                    "FRBC.StorageStatus",
                    moment.room().get(),
                    FillRateControl.storage(moment.room().get()));
        var leakage = control.leakage(moment);
        if (leakage.isPresent()) sayNew("FRBC.LeakageBehaviour", leakage.get().get("elements"), leakage.get());
        var targets = control.targets(moment);
        if (targets.isPresent()) sayNew("FRBC.FillLevelTargetProfile", FillRateControl.ahead(moment), targets.get());
    }
}
