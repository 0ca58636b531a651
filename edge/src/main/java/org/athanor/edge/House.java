package org.athanor.edge;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.athanor.edge.ControlLoop.Stopped;

/**
 * All rooms and tanks of a home, one after the other in each control cycle, the most important first. They share a ticker and
 * their fuses, and nothing else: trouble in one is no trouble of another, but for a fault of this program, which ends all.
 */
public final class House implements AutoCloseable {
    private final List<Part> parts;
    private final Ticker ticker;
    private volatile boolean closing;

    /** A room or a tank under control. */
    public record Part(String id, String name, Edge edge) {}

    /** @param parts in order of priority; their edges were made with this ticker */
    public House(List<Part> parts, Ticker ticker) {
        if (parts.isEmpty()) throw new IllegalArgumentException("a house needs a room");
        this.parts = List.copyOf(parts);
        this.ticker = ticker;
    }

    /** For those who show and change. */
    public List<ControlledRoom> rooms() {
        return parts.stream()
                .map(part -> new ControlledRoom(part.id(), part.name(), part.edge()))
                .toList();
    }

    /**
     * Runs cycles until the thread is interrupted or {@link #close} is called.
     *
     * @param listener is told of each cycle of each room
     */
    public void run(Consumer<Map.Entry<Part, Snapshot>> listener) throws InterruptedException {
        while (!closing) cycle(ticker.next(), listener);
    }

    private void cycle(Tick tick, Consumer<Map.Entry<Part, Snapshot>> listener) throws InterruptedException {
        for (var part : parts) {
            if (closing) return;
            listener.accept(Map.entry(part, part.edge().cycle(tick)));
        }
    }

    /** The graceful stop of all rooms; tells what became of each heater. */
    public List<Stopped> stop() {
        closing = true;
        var outcomes = new ArrayList<Stopped>();
        RuntimeException trouble = null;
        for (var part : parts) {
            try {
                outcomes.addAll(part.edge().stop());
            } catch (RuntimeException e) { // the other rooms are stopped all the same
                if (trouble == null) trouble = e;
                else trouble.addSuppressed(e);
            }
        }
        if (trouble != null) throw trouble;
        return outcomes;
    }

    @Override
    public void close() {
        stop();
    }
}
