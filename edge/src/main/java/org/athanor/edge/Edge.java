package org.athanor.edge;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.athanor.edge.ControlLoop.Stopped;
import org.athanor.edge.journal.Event;
import org.athanor.edge.journal.Journal;
import org.athanor.edge.journal.StepRow;
import org.athanor.units.Celsius;
import org.athanor.units.Joules;

/**
 * The heater's program without its sockets: loop, ticker, and what a page shows and changes. Journal, page and devices
 * stay their maker's, who closes them after this.
 */
public final class Edge implements PageSource, AutoCloseable {
    private final ControlLoop loop;
    private final Journal journal;
    private final Ticker ticker;
    private volatile boolean closing;
    private Optional<List<Stopped>> stopped = Optional.empty();

    public Edge(ControlLoop loop, Journal journal, Ticker ticker) {
        this.loop = loop;
        this.journal = journal;
        this.ticker = ticker;
    }

    /** Runs cycles until the thread is interrupted or {@link #close} is called. */
    public void run(Consumer<Snapshot> listener) throws InterruptedException {
        while (!closing) {
            var tick = ticker.next();
            if (!closing) listener.accept(loop.cycle(tick));
        }
    }

    /** One cycle at a moment that somebody else's ticker has said. */
    Snapshot cycle(Tick tick) throws InterruptedException {
        return loop.cycle(tick);
    }

    /**
     * The heat that holding the setpoint would have taken in the last cycle, by the room as it is learned: an estimate. Empty of a
     * tank, and while the room is not known. For the thread that runs the cycles.
     */
    public Optional<Joules> wantedHeat() {
        return loop.wantedHeat();
    }

    /** Waits for the next tick and runs its cycle. */
    public Snapshot cycle() throws InterruptedException {
        return loop.cycle(ticker.next());
    }

    /**
     * The room as an energy manager is offered it. Of its heaters those that compute; a preferred level is a promise to the plan
     * and a cap of it, all heaters together, while the room is within its band. A room that no plan is made for follows none.
     */
    public FlexibleRoom flexible(String id, String name) {
        return new FlexibleRoom() {
            @Override
            public String id() {
                return id;
            }

            @Override
            public String name() {
                return name;
            }

            @Override
            public Optional<Flexibility> flexibility() {
                return loop.offer().flexibility();
            }

            @Override
            public Optional<Moment> moment() {
                return loop.offer().moment();
            }

            @Override
            public void prefer(String heater, int level, Instant until) {
                loop.preferences().prefer(heater, level, until);
                ticker.hurry();
            }

            @Override
            public void release(String heater) {
                loop.preferences().release(heater);
                ticker.hurry();
            }
        };
    }

    @Override
    public Optional<Snapshot> snapshot() {
        return loop.snapshot();
    }

    @Override
    public List<StepRow> history(Instant since, int most) {
        return journal.history(since, most);
    }

    @Override
    public List<Event> events(int most) {
        return journal.events(most);
    }

    @Override
    public void setpoint(Celsius setpoint) {
        loop.override(setpoint);
        ticker.hurry();
    }

    @Override
    public void clearSetpoint() {
        loop.clearOverride();
        ticker.hurry();
    }

    @Override
    public RoomSettings settings() {
        return loop.settings();
    }

    @Override
    public void change(UnaryOperator<RoomSettings> edit) {
        var changes = new ArrayList<String>();
        loop.change(before -> {
            var wanted = edit.apply(before);
            changes.addAll(wanted.changesSince(before));
            return wanted;
        });
        note(changes);
        ticker.hurry();
    }

    @Override
    public void lock(String code) {
        loop.lock(code);
        note(List.of("child lock on"));
    }

    @Override
    public boolean unlock(String code) {
        boolean locked = loop.settings().childLock();
        boolean open = loop.unlock(code);
        if (locked) note(List.of(open ? "child lock off" : "wrong code for the child lock"));
        return open;
    }

    private void note(List<String> changes) {
        if (!changes.isEmpty())
            journal.event(new Event(
                    loop.snapshot().map(Snapshot::time).orElse(Instant.EPOCH),
                    Event.Kind.NOTE,
                    "settings",
                    String.join("; ", changes)));
    }

    /** The graceful stop: waits for the cycle under way, then every heater off; tells what became of each. */
    public synchronized List<Stopped> stop() {
        closing = true;
        if (stopped.isPresent()) return stopped.get();
        var outcome = loop.stop();
        stopped = Optional.of(outcome);
        journal.event(new Event(
                loop.snapshot().map(Snapshot::time).orElse(Instant.EPOCH),
                outcome.stream().allMatch(Stopped::off) ? Event.Kind.NOTE : Event.Kind.ALARM,
                "stop",
                outcome.stream().map(each -> each.heater() + " " + each.how()).collect(Collectors.joining("; "))));
        loop.keepLearned();
        return outcome;
    }

    @Override
    public void close() {
        stop();
    }
}
