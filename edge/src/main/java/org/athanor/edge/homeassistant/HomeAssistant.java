package org.athanor.edge.homeassistant;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.athanor.devices.mqtt.MqttBroker;
import org.athanor.devices.mqtt.MqttMessage;
import org.athanor.edge.ControlledRoom;
import org.athanor.edge.SettingRefused;
import org.athanor.edge.Snapshot;
import org.athanor.edge.journal.JournalException;

/**
 * The home as devices of Home Assistant. Rooms and heaters appear there when their first control cycle has run, again whenever Home
 * Assistant is born or the broker comes back, and what has gone since is removed. One thread does it all.
 */
public final class HomeAssistant implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SET = "/set";
    private static final int MOST_TASKS = 256;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** Retained messages come at once; after this much silence there are no more. */
    private static final Duration SILENCE = Duration.ofMillis(1_500);

    /**
     * @param round how often states are looked at
     * @param repeat how often they are told though they are the same
     * @param standstill of the control cycles, after which states are told no more, so that they expire
     */
    record Pace(Duration round, Duration repeat, Duration standstill) {
        static final Pace REAL = new Pace(Duration.ofSeconds(1), Duration.ofMinutes(1), Duration.ofMinutes(5));

        Duration expiry() {
            return repeat.multipliedBy(3);
        }
    }

    private final HomeAssistantConfig config;
    private final Topics topics;
    private final List<ControlledRoom> rooms;
    private final EnergyMemory memory;
    private final Pace pace;
    private final Consumer<String> notes;
    private final Discovery discovery;
    private final MqttBroker broker;
    private final BlockingQueue<Runnable> tasks = new ArrayBlockingQueue<>(MOST_TASKS);
    private final Thread worker;
    private volatile boolean closed;

    // of the worker
    private final Map<String, EnergyMeter> meters = new HashMap<>();
    private final Map<String, String> announced = new HashMap<>();
    private final Map<String, String> told = new HashMap<>();
    private final Set<String> found = new HashSet<>();
    private final Map<String, Seen> seen = new HashMap<>();
    private long repeatedNanos = System.nanoTime();

    private record Seen(long cycle, long nanos) {}

    private HomeAssistant(
            HomeAssistantConfig config,
            List<ControlledRoom> rooms,
            EnergyMemory memory,
            String version,
            Pace pace,
            Consumer<String> notes) {
        if (rooms.stream().map(ControlledRoom::id).distinct().count() < rooms.size())
            throw new IllegalArgumentException("two rooms have the same id: "
                    + rooms.stream().map(ControlledRoom::id).toList());
        this.config = config;
        this.topics = Topics.of(config);
        this.rooms = List.copyOf(rooms);
        this.memory = memory;
        this.pace = pace;
        this.notes = notes;
        this.discovery = new Discovery(topics, version, pace.expiry());
        this.broker = MqttBroker.open(config.broker("").withWill(topics.online(), "offline"), notes);
        this.worker = Thread.ofVirtual().name("home-assistant").unstarted(this::work);
    }

    /**
     * Returns at once; whether the broker is there shows in {@code notes} and {@link #trouble}.
     *
     * @param rooms with their controls, which stay their maker's
     * @param version of this program
     * @param notes told in a sentence what went wrong, and which commands were refused
     */
    public static HomeAssistant start(
            HomeAssistantConfig config,
            List<ControlledRoom> rooms,
            EnergyMemory memory,
            String version,
            Consumer<String> notes) {
        return start(config, rooms, memory, version, Pace.REAL, notes);
    }

    static HomeAssistant start(
            HomeAssistantConfig config,
            List<ControlledRoom> rooms,
            EnergyMemory memory,
            String version,
            Pace pace,
            Consumer<String> notes) {
        var home = new HomeAssistant(config, rooms, memory, version, pace, notes);
        home.listen();
        home.worker.start();
        return home;
    }

    /** Why the broker is not connected, in words; empty while it is. */
    public Optional<String> trouble() {
        return broker.trouble();
    }

    private void listen() {
        broker.whenConnected(() -> later(this::announceAll));
        broker.subscribe(topics.birth(), message -> {
            if (message.text().equals("online")) later(this::announceAll);
        });
        broker.subscribe(topics.discovery("+"), message -> later(() -> found(message)));
        for (var room : rooms)
            for (var what : List.of("setpoint", "mode", "preset"))
                broker.subscribe(
                        topics.ofRoom(room.id(), what + SET), message -> later(() -> command(room, what, message)));
    }

    /** Callers are threads that may not wait. */
    private void later(Runnable task) {
        if (!tasks.offer(task)) notes.accept("Home Assistant: too much at once, something was ignored");
    }

    private void work() {
        while (!closed) {
            try {
                var task = tasks.poll(pace.round().toNanos(), TimeUnit.NANOSECONDS);
                if (task != null) task.run();
                else round();
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) { // what is shown elsewhere must not end because of one bad value
                notes.accept("Home Assistant: " + e);
            }
        }
    }

    // ---- what is told

    private void announceAll() {
        announced.clear();
        told.clear();
        broker.publish(topics.online(), "online", true);
        round();
    }

    private void round() {
        boolean repeat = System.nanoTime() - repeatedNanos >= pace.repeat().toNanos();
        if (repeat) {
            repeatedNanos = System.nanoTime();
            told.clear();
        }
        var shown = new ArrayList<Snapshot>();
        var stalled = new ArrayList<String>();
        var states = new States(topics);
        for (var room : rooms) {
            var snapshot = room.control().snapshot();
            if (snapshot.isEmpty()) continue;
            shown.add(snapshot.get());
            if (standsStill(room.id(), snapshot.get())) stalled.add(room.name() + ": control stands still");
            else tell(room, snapshot.get(), states, repeat);
        }
        if (!shown.isEmpty())
            announce(
                    topics.device(),
                    discovery.home(shown.getFirst().books().net().currency()));
        if (shown.size() == rooms.size() && !rooms.isEmpty()) {
            states.home(shown, stalled);
            if (stalled.isEmpty()) removeTheGone();
        }
        states.values().forEach((topic, value) -> {
            if (!value.equals(told.get(topic)) && broker.publish(topic, value, false)) told.put(topic, value);
        });
    }

    private void tell(ControlledRoom room, Snapshot snapshot, States states, boolean keep) {
        announce(topics.device(room.id()), discovery.room(room, snapshot.room()));
        states.room(room.id(), snapshot, room.control().settings());
        var names = Topics.names(
                snapshot.heaters().stream().map(Snapshot.HeaterView::id).toList());
        for (int i = 0; i < names.size(); i++) {
            var heater = snapshot.heaters().get(i);
            announce(topics.device(room.id(), names.get(i)), discovery.heater(room, names.get(i), heater));
            var meter = meter(room.id() + "/" + names.get(i));
            meter.measured(snapshot.time(), heater.watts());
            if (keep) keep(meter);
            states.heater(room.id(), names.get(i), heater, meter.told());
        }
    }

    private EnergyMeter meter(String name) {
        return meters.computeIfAbsent(name, _ -> new EnergyMeter(name, memory));
    }

    private void keep(EnergyMeter meter) {
        try {
            meter.keep();
        } catch (JournalException e) {
            notes.accept("Home Assistant: the energy counter stands still: " + e.getMessage());
        }
    }

    /** A control that runs no more must not look as if it did. */
    private boolean standsStill(String room, Snapshot snapshot) {
        long now = System.nanoTime();
        var last = seen.get(room);
        if (last == null || last.cycle != snapshot.cycle()) {
            seen.put(room, new Seen(snapshot.cycle(), now));
            return false;
        }
        return now - last.nanos > pace.standstill().toNanos();
    }

    private void announce(String device, String text) {
        var topic = topics.discovery(device);
        if (!text.equals(announced.get(topic)) && broker.publish(topic, text, true)) announced.put(topic, text);
    }

    // ---- what is gone

    private void found(MqttMessage message) {
        if (isOurs(topics, message)) found.add(message.topic());
    }

    /** Whether it announces a device of this home: those of other homes may stand beside it. */
    private static boolean isOurs(Topics topics, MqttMessage message) {
        if (message.text().isEmpty()) return false;
        try {
            return JSON.readTree(message.text())
                    .at("/availability/0/topic")
                    .asText()
                    .equals(topics.online());
        } catch (JsonProcessingException _) {
            return false; // somebody else's
        }
    }

    /** Called when all rooms have been announced: whatever else is there of this home was removed from it. */
    private void removeTheGone() {
        for (var topic : found) if (!announced.containsKey(topic)) broker.publish(topic, "", true);
        found.clear();
    }

    // ---- what is asked

    private void command(ControlledRoom room, String what, MqttMessage message) {
        if (message.retained()) {
            notes.accept("Home Assistant: a retained command on " + message.topic()
                    + " is ignored: it would be obeyed again at every reconnection");
            return;
        }
        try {
            new Commands(room).obey(what, message.text());
        } catch (SettingRefused e) {
            notes.accept("Home Assistant: " + room.name() + ": " + e.getMessage());
        }
        // told again though it is the same: Home Assistant may show what it asked for
        for (var each : List.of("setpoint", "mode", "preset")) told.remove(topics.ofRoom(room.id(), each));
        round();
    }

    // ---- the end

    /** The devices stay in Home Assistant, as unavailable; {@link #uninstall} removes them. */
    @Override
    public void close() {
        if (closed) return;
        closed = true;
        worker.interrupt();
        try {
            if (worker.join(PATIENCE)) meters.values().forEach(this::keep);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        broker.close();
    }

    /**
     * Removes every device of this home from Home Assistant, whatever rooms it has had. Nothing else of this home may be
     * connected.
     *
     * @return how many devices were removed
     * @throws HomeAssistantException if the broker cannot be reached
     */
    public static int uninstall(HomeAssistantConfig config, Consumer<String> notes) throws InterruptedException {
        var topics = Topics.of(config);
        var found = ConcurrentHashMap.<String>newKeySet();
        var heardNanos = new AtomicLong(System.nanoTime());
        try (var broker = MqttBroker.open(config.broker("-uninstall"), notes)) {
            broker.subscribe(topics.discovery("+"), message -> {
                heardNanos.set(System.nanoTime());
                if (isOurs(topics, message)) found.add(message.topic());
            });
            broker.whenConnected(() -> heardNanos.set(System.nanoTime()));
            awaitConnection(config, broker);
            heardNanos.set(System.nanoTime());
            while (System.nanoTime() - heardNanos.get() < SILENCE.toNanos()) Thread.sleep(50);
            for (var topic : found) broker.publish(topic, "", true);
            broker.publish(topics.online(), "", true);
        }
        return found.size();
    }

    private static void awaitConnection(HomeAssistantConfig config, MqttBroker broker) throws InterruptedException {
        if (!broker.awaitConnection(PATIENCE))
            throw new HomeAssistantException(
                    config + ": " + broker.trouble().orElse("no connection within " + PATIENCE.toSeconds() + " s"));
    }

    @Override
    public String toString() {
        return config.toString();
    }
}
