package org.athanor.edge;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
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

    /** In order of priority. */
    public List<Part> parts() {
        return parts;
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

    /** The graceful stop of all rooms, side by side; tells what became of each heater, room by room. */
    public List<Stopped> stop() {
        closing = true;
        boolean interrupted = Thread.interrupted(); // the rooms are stopped all the same
        var stops = parts.stream()
                .map(part -> new FutureTask<>(() -> part.edge().stop()))
                .toList();
        var threads = stops.stream().map(Thread.ofVirtual().name("stop")::start).toList();
        for (var thread : threads) interrupted |= join(thread, threads);
        if (interrupted) Thread.currentThread().interrupt();

        var outcomes = new ArrayList<Stopped>();
        RuntimeException trouble = null;
        for (var stop : stops) {
            if (stop.state() == Future.State.SUCCESS) {
                outcomes.addAll(stop.resultNow());
                continue;
            }
            var failure = stop.exceptionNow();
            if (failure instanceof Error error) throw error;
            if (trouble == null) trouble = (RuntimeException) failure;
            else trouble.addSuppressed(failure);
        }
        if (trouble != null) throw trouble;
        return outcomes;
    }

    /** Who does not want to wait longer interrupts all stops: they cut all power then. */
    private static boolean join(Thread thread, List<Thread> all) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                return interrupted;
            } catch (InterruptedException e) {
                interrupted = true;
                all.forEach(Thread::interrupt);
            }
        }
    }

    @Override
    public void close() {
        stop();
    }
}
