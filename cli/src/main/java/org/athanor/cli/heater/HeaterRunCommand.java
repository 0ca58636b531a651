package org.athanor.cli.heater;

import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.athanor.cli.terminal.Addresses;
import org.athanor.cli.terminal.ReportFile;
import org.athanor.cli.terminal.Screen;
import org.athanor.cli.terminal.ShutdownSignal;
import org.athanor.cli.terminal.UserMistake;
import org.athanor.edge.ControlLoop.Stopped;
import org.athanor.edge.House;
import org.athanor.edge.RealTimeTicker;
import org.athanor.edge.Snapshot;
import org.athanor.edge.homeassistant.EnergyMemory;
import org.athanor.edge.homeassistant.HomeAssistant;
import org.athanor.edge.journal.JournalException;
import org.athanor.edge.page.PageException;
import org.athanor.edge.page.PageServer;
import org.athanor.edge.page.Pairing;
import org.athanor.edge.training.TrainingWork;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs a real home until it is told to end. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        header = "Keeps the rooms at their setpoints, until Ctrl-C.",
        description = {
            "Reads the file, opens a page, and controls every room once a minute. At its end every heater is asked to stop,",
            "read back, and cut at its plug if it does not obey; what was learned is kept in the state folder."
        },
        footer = {
            "",
            "Examples:",
            "  athanor heater run                                  with heater.yaml of this folder",
            "  athanor heater run --config /etc/athanor/heater.yaml --port 8642",
            "  athanor heater run --for 60s --report report.json   a trial that ends by itself",
            "  athanor heater run --listen 0.0.0.0:8642            other devices of the home reach the page, once paired"
        })
final class HeaterRunCommand implements Callable<Integer> {
    private static final Duration SUMMARY_EVERY = Duration.ofSeconds(60);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            defaultValue = "heater.yaml",
            description = "Default: ${DEFAULT-VALUE}.")
    private Path config;

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "Port of the page, on this computer alone; 0 takes a free one.")
    private Integer port;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            converter = Addresses.class,
            description = "Where the page listens instead of the file's page (127.0.0.1:8642 if that says nothing).")
    private InetSocketAddress listen;

    @Option(
            names = "--step",
            paramLabel = "SPAN",
            defaultValue = "60s",
            description = "Time between two control cycles, 1s to 60s (default: ${DEFAULT-VALUE}).")
    private Duration step;

    @Option(names = "--for", paramLabel = "SPAN", description = "Ends after this time (default: Ctrl-C).")
    private Duration span;

    @Option(
            names = "--report",
            paramLabel = "FILE",
            description = "Writes a report at the end (see athanor help report).")
    private Path report;

    private final CountDownLatch stop = new CountDownLatch(1);

    @Override
    public Integer call() throws Exception {
        if (port != null && listen != null)
            throw new ParameterException(spec.commandLine(), "--port and --listen: one of the two is accepted");
        if (port != null && (port < 0 || port > 65_535))
            throw new ParameterException(spec.commandLine(), "--port " + port + ": 0 to 65535 is accepted");
        if (step.compareTo(Duration.ofSeconds(1)) < 0 || step.compareTo(SinkLimits.STEP) > 0)
            throw new ParameterException(spec.commandLine(), "--step " + step + ": 1s to 60s is accepted");
        if (report != null) ReportFile.requireWritable("--report", report);
        var setup = HeaterCheckCommand.read(config);
        var out = Screen.standardOutput();
        var clock = InstantSource.system();
        var ticker = new RealTimeTicker(clock, step);
        try (var _ = ShutdownSignal.onStop(stop::countDown);
                var home = HeaterHome.open(setup, ticker, clock, note -> out.println("! " + note))) {
            run(setup, home, clock, out);
        } catch (JournalException | UncheckedIOException e) {
            throw new UserMistake("state " + setup.state() + ": " + e.getMessage(), e);
        } catch (PageException e) {
            throw new UserMistake(e.getMessage(), e);
        }
        return 0;
    }

    private void run(HomeSetup setup, HeaterHome home, InstantSource clock, PrintStream out) throws Exception {
        var house = home.house();
        var statement = new HeaterStatement(setup, clock);
        var pairing = new Pairing(home.journal(), clock);
        try (var page = PageServer.start(page(setup), house.rooms(), Optional.of(pairing), List.of());
                var _ = homeAssistant(setup, home, out)) {
            out.println(setup.name() + ": page on http://" + Addresses.text(page.address()) + "/"
                    + (span == null ? "; Ctrl-C stops all heaters" : ""));
            var offered = home.offerRooms().size();
            if (offered > 0)
                out.println((offered == 1 ? "1 room or tank is" : offered + " rooms and tanks are") + " offered to the "
                        + setup.manager().orElseThrow());
            if (!page.address().getAddress().isLoopbackAddress())
                out.println("other devices pair with the code " + pairing.open().digits() + ", good for five minutes;"
                        + " athanor heater pair, or the page on this computer, makes new ones");
            var failure = new AtomicReference<Throwable>();
            var printed = new java.util.HashMap<String, Long>();
            var control = Thread.ofPlatform().name("control").unstarted(() -> control(home, statement, printed, out));
            control.setUncaughtExceptionHandler((_, e) -> {
                failure.set(e);
                stop.countDown();
            });
            control.start();
            if (span == null) stop.await();
            else if (stop.await(span.toNanos(), TimeUnit.NANOSECONDS)) out.println("stopping");
            var stopped = house.stop();
            control.interrupt();
            control.join();
            tell(stopped, out);
            statement.print(out);
            if (report != null) {
                ReportFile.write(
                        report,
                        statement
                                .report()
                                .orElseThrow(() -> new UserMistake(
                                        "--report: no control cycle ran, so there is nothing to report")));
                out.println("report written to " + report);
            }
            if (failure.get() != null) throw new IllegalStateException("the heater's control failed", failure.get());
        }
    }

    private InetSocketAddress page(HomeSetup setup) {
        if (listen != null) return listen;
        return port == null ? setup.page() : new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private static AutoCloseable homeAssistant(HomeSetup setup, HeaterHome home, PrintStream out) {
        var announced = setup.announced();
        if (announced.isEmpty()) return () -> {};
        return HomeAssistant.start(
                announced.get(),
                home.house().rooms(),
                EnergyMemory.in(home.journal()),
                "0.1",
                note -> out.println("! " + note));
    }

    private static void control(
            HeaterHome home, HeaterStatement statement, Map<String, Long> printed, PrintStream out) {
        try {
            home.house().run(cycle -> {
                statement.add(
                        cycle.getKey().id(),
                        cycle.getValue(),
                        cycle.getKey().edge().wantedHeat());
                long now = System.nanoTime();
                var last = printed.get(cycle.getKey().id());
                if (last != null && now - last < SUMMARY_EVERY.toNanos()) return;
                printed.put(cycle.getKey().id(), now);
                out.println(summary(cycle.getKey(), cycle.getValue()));
                for (var heater : cycle.getValue().heaters())
                    if (home.trainings().containsKey(heater.id()))
                        out.println("  " + heater.name() + " "
                                + training(home.trainings().get(heater.id()).standing()));
            });
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String summary(House.Part part, Snapshot now) {
        var room = now.room();
        return TIME.format(now.time().atZone(now.world().zone())) + "  " + part.name() + "  "
                + room.temperature().map(Object::toString).orElse("? °C")
                + String.format(
                        Locale.ROOT,
                        " (wanted %s)  %.0f W  ",
                        room.setpoint(),
                        now.power().value())
                + now.explanation()
                + (now.alarms().isEmpty() ? "" : "  ! " + String.join("; ", now.alarms()));
    }

    private static String training(TrainingWork.Standing now) {
        var does = now.worker()
                .map(worker -> String.format(
                        Locale.ROOT,
                        "%s as %s, round %d, step %d%s",
                        worker.doing().name().toLowerCase(Locale.ROOT),
                        worker.worker() == null ? "nobody yet" : worker.worker(),
                        worker.round() + 1,
                        worker.step(),
                        worker.loss() == null ? "" : String.format(Locale.ROOT, ", loss %.3f", worker.loss())))
                .orElse("trains nothing");
        return does + now.trouble().map(why -> " (" + why + ")").orElse("");
    }

    private static void tell(List<Stopped> stopped, PrintStream out) {
        for (var heater : stopped) out.println((heater.off() ? "  " : "! ") + heater.heater() + " " + heater.how());
    }
}
