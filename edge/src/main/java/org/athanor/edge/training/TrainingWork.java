package org.athanor.edge.training;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntToDoubleFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.athanor.devices.Computation;
import org.athanor.training.engine.EngineException;
import org.athanor.training.mailbox.Messages;
import org.athanor.units.Hashrate;

/**
 * Training as what a heater computes: its level is the threads that a step may use, at level 0 the engine is frozen where it is.
 *
 * <p>Whoever sets a level waits for nothing and hears of no trouble: engine, line and coordinator may come and go, and so may the
 * worker, which is started again. While there is nothing to train (between rounds, while the line is broken, after the job) something
 * else computes on as many threads, so that a room that is cold stays no colder for it.
 */
public final class TrainingWork implements Computation {
    private static final int MOST_THREADS = 1024;
    private static final Duration GLANCE = Duration.ofMillis(100);
    private static final Duration FIRST_WAIT = Duration.ofSeconds(5);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);
    /** Without a step, after which one more is not believed to help soon. */
    private static final int VAIN_STARTS = 3;

    private static final Duration LEAVE = Duration.ofSeconds(10);

    private final String name;
    private final Start start;
    private final Computation meanwhile;
    private final Consumer<String> notes;
    private final HeatMeter meter;
    private final Semaphore changes = new Semaphore(0);
    private final Thread levels;
    private final Thread runner;
    private volatile int wanted;
    private volatile boolean closed;
    private volatile TrainingWorker worker;
    private volatile String trouble;
    private volatile String said;
    private volatile int vain;
    private volatile boolean over;

    private static final Computation NOTHING = new Computation() {
        @Override
        public void setThreads(int threads) {}

        @Override
        public Counters counters() {
            return Counters.NONE;
        }

        @Override
        public void close() {}
    };

    /** How a worker is made; may take as long as a download takes. */
    @FunctionalInterface
    public interface Start {
        /** @param meter of what it draws */
        TrainingWorker worker(Meter meter) throws EngineException, IOException, InterruptedException;
    }

    /**
     * How it goes.
     *
     * @param worker    what the worker does; empty while there is none
     * @param takesPart whether it has joined a job that goes on, and is not without its coordinator just now
     * @param trouble   why there is none, or what hinders it; empty when nothing does
     * @param over      whether the job is
     * @param joules    that training took since the start: not those of what was computed meanwhile
     */
    public record Standing(
            Optional<TrainingWorker.Status> worker,
            boolean takesPart,
            Optional<String> trouble,
            boolean over,
            double joules) {}

    private TrainingWork(
            String name,
            Start start,
            Computation meanwhile,
            Function<TrainingWork, HeatMeter> meter,
            Consumer<String> notes) {
        this.name = name;
        this.start = start;
        this.meanwhile = meanwhile;
        this.notes = notes;
        this.meter = meter.apply(this);
        levels = Thread.ofPlatform().name("level of " + name).daemon().unstarted(this::followLevels);
        runner = Thread.ofPlatform().name("training " + name).daemon().unstarted(this::train);
    }

    /**
     * Begins at level 0.
     *
     * @param name      for people
     * @param meanwhile computes while there is nothing to train; stays its giver's to close
     * @param watts     of a level, as metered or declared
     * @param nanoTime  by which energy is reckoned
     * @param notes     takes sentences on trouble, from a thread of its own
     */
    public static TrainingWork start(
            String name,
            Start start,
            Computation meanwhile,
            IntToDoubleFunction watts,
            LongSupplier nanoTime,
            Consumer<String> notes) {
        return started(
                new TrainingWork(name, start, meanwhile, work -> new LevelMeter(watts, work::trains, nanoTime), notes));
    }

    /**
     * The same where nothing else computes between rounds, and a gauge shows what is drawn: energy is what it showed, or unknown.
     *
     * @param watts what the gauge shows; empty where it shows nothing just now. May take its time
     */
    public static TrainingWork measured(
            String name, Start start, Supplier<OptionalDouble> watts, LongSupplier nanoTime, Consumer<String> notes) {
        return started(new TrainingWork(
                name, start, NOTHING, work -> new GaugeMeter(watts, work::trains, nanoTime).started(), notes));
    }

    private static TrainingWork started(TrainingWork work) {
        work.levels.start();
        work.runner.start();
        return work;
    }

    @Override
    public void setThreads(int threads) {
        if (threads < 0 || threads > MOST_THREADS)
            throw new IllegalArgumentException("threads " + threads + ": 0 to " + MOST_THREADS + " is accepted");
        wanted = threads;
        if (threads == 0) meanwhile.setThreads(0);
        changes.release();
        meter.level(threads);
    }

    @Override
    public Counters counters() {
        return Counters.NONE;
    }

    @Override
    public Optional<Hashrate> hashrate() {
        return Optional.empty();
    }

    /** Threads that are wanted now. */
    public int level() {
        return wanted;
    }

    /**
     * Where nothing else computes meanwhile: that the job is over, or what kept the last few workers from their first step. It is over when
     * one has joined: at level 0 nobody makes a step, and without this one no level would be tried again.
     */
    @Override
    public Optional<String> hindrance() {
        var now = worker;
        var joined = now != null && now.status().worker() != null;
        var lasts = over || (vain >= VAIN_STARTS && !joined);
        return meanwhile == NOTHING && lasts
                ? Optional.ofNullable(said).map("it does not train: "::concat)
                : Optional.empty();
    }

    private static boolean stepped(TrainingWorker worker) {
        return worker != null && worker.status().loss() != null;
    }

    private boolean trains() {
        var now = worker;
        return now != null && now.status().doing() == Messages.Doing.TRAINING;
    }

    public Standing standing() {
        var running = Optional.ofNullable(worker);
        var now = running.map(TrainingWorker::status);
        var hindered = Optional.ofNullable(trouble).or(() -> now.map(TrainingWorker.Status::note));
        var takesPart =
                trouble == null && running.map(TrainingWorker::takesPart).orElse(false);
        return new Standing(now, takesPart, hindered, over, meter.total());
    }

    /** Ends the engine as a crash would: for trials of what happens then. */
    public void killEngine() {
        var now = worker;
        if (now != null) now.killEngine();
    }

    // ---- levels

    /** What a worker was told last. */
    private record Told(TrainingWorker worker, int level) {
        static final Told NOTHING = new Told(null, -1);
    }

    /** Only this thread tells workers their level, so that what was wanted last is what they were told last. */
    private void followLevels() {
        var told = Told.NOTHING;
        try {
            while (!closed) {
                try {
                    told = follow(told);
                } catch (RuntimeException | Error broken) {
                    killEngine(); // what cannot be told to stop must not go on
                    told = Told.NOTHING;
                    trouble("an error of the program: " + broken);
                }
                if (changes.tryAcquire(GLANCE.toNanos(), TimeUnit.NANOSECONDS)) changes.drainPermits();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            end(); // whatever ended this thread: nobody could be told to stop any more
            meanwhile.setThreads(0);
        }
    }

    private void end() {
        closed = true;
        var now = worker;
        if (now != null) now.close();
        runner.interrupt();
    }

    private Told follow(Told told) throws InterruptedException {
        var wish = new Told(worker, wanted);
        if (wish.worker() != null && !wish.equals(told)) tell(wish.worker(), wish.level());
        meter.total(); // it asks at every glance what the level's heat comes from
        meanwhile.setThreads(wish.level() == 0 || trains() ? 0 : wish.level());
        return wish;
    }

    private static void tell(TrainingWorker worker, int level) throws InterruptedException {
        if (level == 0) {
            worker.paused(true);
            return;
        }
        try {
            worker.threads(level);
        } catch (EngineException _) {
            // it has died: the next one is started with so many
        }
        worker.paused(false);
    }

    // ---- the worker

    private void train() {
        var wait = FIRST_WAIT;
        try {
            while (!closed && !over) {
                try {
                    run();
                } catch (WorkerStopped | EngineException | IOException stopped) {
                    if (closed) return;
                    trouble(stopped.getMessage());
                } catch (InterruptedException ended) {
                    if (closed) throw ended;
                    trouble("its worker was interrupted");
                } catch (RuntimeException | Error broken) { // the heater goes on without it
                    if (closed) return;
                    trouble("an error of the program: " + broken);
                } finally {
                    vain = stepped(worker) ? 0 : vain + 1;
                    if (worker != null && worker.delivered() > 0) wait = FIRST_WAIT; // it was of use
                    worker = null;
                    if (!closed) Thread.interrupted(); // a worker's own affair, and over
                }
                if (closed || over) return;
                Thread.sleep(wait);
                wait = wait.multipliedBy(2).compareTo(LONGEST_WAIT) < 0 ? wait.multipliedBy(2) : LONGEST_WAIT;
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() throws WorkerStopped, EngineException, IOException, InterruptedException {
        var fresh = start.worker(meter);
        fresh.paused(true); // until it is told its level
        worker = fresh;
        changes.release();
        if (closed) {
            fresh.close();
            return;
        }
        trouble = null;
        var end = fresh.run();
        switch (end.phase()) {
            case DONE -> over("the job is done after " + end.round() + " rounds");
            // a disk that is full may be emptied, and the same job goes on
            case FAILED -> trouble("its coordinator has stopped (" + end.reason() + "): it is asked again");
            case RUNNING -> {} // it was closed
        }
    }

    private void over(String how) {
        over = true;
        trouble(how);
    }

    private void trouble(String what) {
        if (what == null) return;
        var again = what.equals(trouble) || (what.equals(said) && !stepped(worker));
        trouble = what;
        if (again) return;
        said = what;
        notes.accept("training " + name + ": " + what);
    }

    /** Leaves the job and ends the engine. */
    @Override
    public void close() {
        setThreads(0);
        end();
        meter.close();
        levels.interrupt();
        try {
            runner.join(LEAVE);
            levels.join(LEAVE);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** The level's watts over time: in a round all of it is the round's; training is paid only while it trains. */
    private static final class LevelMeter implements HeatMeter {
        private final IntToDoubleFunction watts;
        private final BooleanSupplier trains;
        private final LongSupplier nanoTime;
        private int level;
        private double joules;
        private double trained;
        private long until;

        LevelMeter(IntToDoubleFunction watts, BooleanSupplier trains, LongSupplier nanoTime) {
            this.watts = watts;
            this.trains = trains;
            this.nanoTime = nanoTime;
            until = nanoTime.getAsLong();
        }

        private void settle() {
            var now = nanoTime.getAsLong();
            if (level > 0) {
                var more = watts.applyAsDouble(level) * (now - until) / 1e9;
                joules += more;
                trained += trains.getAsBoolean() ? more : 0;
            }
            until = now;
        }

        @Override
        public synchronized void level(int next) {
            settle();
            level = next;
        }

        @Override
        public synchronized double total() {
            settle();
            return trained;
        }

        private synchronized double heat() {
            settle();
            return joules;
        }

        @Override
        public Count begin() {
            var before = heat();
            return _ -> OptionalDouble.of(heat() - before);
        }

        @Override
        public synchronized OptionalDouble watts() {
            return OptionalDouble.of(level == 0 ? 0 : watts.applyAsDouble(level));
        }
    }
}
