package org.athanor.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.athanor.cli.resources.OpenResources;
import org.athanor.cli.terminal.Screen;
import org.athanor.comfort.series.Weather;
import org.athanor.simulation.ShippedData;
import org.athanor.simulation.World;
import org.athanor.training.engine.EngineException;
import org.athanor.training.engine.EngineLibraries;
import org.athanor.units.Celsius;

/** Three homes that train one model where heat is wanted: the parts list of {@code demo --train}. */
final class DemoTrain {
    /** @param start of the year in Denver and Chicago; the third home is half a year ahead */
    record Options(Duration span, double speed, long seed, Celsius setpoint, LocalDate start) {}

    static final Duration STEP = Duration.ofMinutes(1);
    private static final Duration HALF_A_YEAR = Duration.ofDays(182);
    private static final Duration LIVE_EVERY = Duration.ofMillis(250);
    private static final Duration SUMMARY_EVERY = Duration.ofSeconds(5);
    private static final long MEGABYTE = 1_000_000;

    private final Options options;
    private final CountDownLatch stop;
    private final List<String> notes = new CopyOnWriteArrayList<>();
    private final OpenResources open = new OpenResources("the demo");

    /** @param stop ends the demo when it is counted down */
    DemoTrain(Options options, CountDownLatch stop) {
        this.options = options;
        this.stop = stop;
    }

    /**
     * Runs to the end and tells what it came to.
     *
     * @throws EngineException when the engine cannot be had on this machine
     */
    DemoTrainStatement run(DataFolder folder) throws IOException, EngineException, InterruptedException {
        try (var screen = Screen.standard()) {
            screen.status("athanor demo --train: a model, a coordinator and three homes are made, some seconds");
            var libraries = EngineLibraries.get(
                    EngineLibraries.Places.usual(), (name, bytes, ofAll) -> fetching(screen, name, bytes, ofAll));
            var chicago = ShippedData.chicago();
            var job = open.opened(new DemoTrainJob(
                    folder.path().resolve("job"), libraries, options.seed(), List.of(ShippedData.denver(), chicago)));
            var lived = new AtomicReference<Pace>();
            var homes = new ArrayList<DemoTrainHome>();
            for (var coming : moving(folder, job, lived)) homes.add(open.opened(coming.join()));
            lived.set(new Pace(options.speed(), System::nanoTime));
            return live(job, homes, lived.get(), screen);
        } finally {
            open.close();
        }
    }

    /** Each has lived ten days before: that takes seconds, which they spend side by side. */
    private List<CompletableFuture<DemoTrainHome>> moving(
            DataFolder folder, DemoTrainJob job, AtomicReference<Pace> lived) throws IOException {
        var coming = new ArrayList<CompletableFuture<DemoTrainHome>>();
        for (var place : places()) {
            var number = coming.size();
            var own = Files.createDirectories(folder.path().resolve("home-" + (number + 1)));
            coming.add(CompletableFuture.supplyAsync(() -> new DemoTrainHome(
                    place,
                    options.seed() + number,
                    options.setpoint(),
                    own,
                    meter -> job.worker(place.name(), own.resolve("worker"), meter),
                    notes::add,
                    () -> OptionalDouble.of(lived.get().reached()))));
        }
        return coming;
    }

    private static void fetching(Screen screen, String name, long bytes, long ofAll) {
        if (screen.live() || bytes == ofAll)
            screen.status("fetching " + name + ": " + bytes / MEGABYTE + " of " + ofAll / MEGABYTE + " MB");
    }

    private List<DemoTrainHome.Place> places() {
        return List.of(
                place("Denver", ShippedData.denver(), Duration.ZERO),
                place("Chicago", ShippedData.chicago(), Duration.ZERO),
                place("Chicago + 1/2 year", ShippedData.chicago(), HALF_A_YEAR));
    }

    private DemoTrainHome.Place place(String name, Weather weather, Duration later) {
        Instant midnight = options.start().atStartOfDay().toInstant(World.offset(weather.location()));
        return new DemoTrainHome.Place(name, DemoData.of(weather), midnight.plus(later));
    }

    private DemoTrainStatement live(DemoTrainJob job, List<DemoTrainHome> homes, Pace pace, Screen screen)
            throws IOException, InterruptedException {
        var failure = new AtomicReference<Throwable>();
        var ended = new CountDownLatch(1);
        var control = Thread.ofPlatform().name("control").unstarted(() -> control(homes, pace, ended));
        control.setUncaughtExceptionHandler((_, broken) -> {
            failure.set(broken);
            stop.countDown();
        });
        control.start();
        var view = new DemoTrainScreen(homes, job, pace, notes);
        try {
            watch(screen, view);
        } finally {
            ended.countDown();
            pace.wake();
            control.join();
        }
        if (failure.get() != null) throw new IllegalStateException("control of the homes failed", failure.get());
        var speed = pace.reached();
        for (var home : homes) home.close();
        job.close();
        return DemoTrainStatement.of(job, homes, speed, notes);
    }

    /** One thread moves all homes on, so that they are at the same moment. */
    private static void control(List<DemoTrainHome> homes, Pace pace, CountDownLatch ended) {
        try {
            while (ended.getCount() > 0) {
                pace.await(STEP);
                for (var home : homes) home.step(STEP);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void watch(Screen screen, DemoTrainScreen view) throws IOException, InterruptedException {
        long end = options.span() == null
                ? Long.MAX_VALUE
                : System.nanoTime() + options.span().toNanos();
        var every = screen.live() ? LIVE_EVERY : SUMMARY_EVERY;
        while (true) {
            long wait = Math.min(every.toNanos(), end - System.nanoTime());
            if (wait <= 0 || stop.await(wait, TimeUnit.NANOSECONDS)) return;
            if (!view.ready()) continue;
            if (screen.live()) screen.show(view.lines(), "");
            else screen.show(List.of(), view.summary());
        }
    }
}
