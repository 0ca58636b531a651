package org.athanor.cli;

import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.athanor.cli.heater.SimulatedHome;
import org.athanor.cli.terminal.Addresses;
import org.athanor.cli.terminal.Screen;
import org.athanor.cli.terminal.ShutdownSignal;
import org.athanor.cli.terminal.UserMistake;
import org.athanor.devices.Computation;
import org.athanor.devices.DeviceException;
import org.athanor.devices.simulated.Fault;
import org.athanor.devices.simulated.SimulatedDevice;
import org.athanor.edge.mining.MiningWorker;
import org.athanor.simulation.VirtualClock;
import org.athanor.stratum.PoolAddress;
import org.athanor.units.Watts;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** A simulated device, or a whole home of them, for trying drivers and foreign clients. */
@Command(
        name = "simulate-device",
        mixinStandardHelpOptions = true,
        header = "Runs a simulated device, or a home of them, that speaks its real protocol.",
        description = {
            "Runs a simulated device that speaks its real protocol, until Ctrl-C. The device \"home\" is a whole flat:",
            "an Avalon Mini 3 and a boost element behind plugs, and thermometers, thermally coupled; or, with a heater file,",
            "the home that the file describes."
        },
        footer = {
            "",
            "Examples:",
            "  athanor simulate-device --list",
            "  athanor simulate-device mini3 --listen 127.0.0.1:4028",
            "  athanor simulate-device nano3s --listen 127.0.0.2:4028 --pool stratum+tcp://127.0.0.1:3333 --user me",
            "  athanor simulate-device axeos --fault fan-failed --fault lies-about-watts --speed 60",
            "  athanor simulate-device home --speed 60",
            "  athanor simulate-device home examples/heater.yaml   and in another terminal:",
            "  athanor heater run --config examples/heater.yaml"
        })
final class SimulateDeviceCommand implements Callable<Integer> {
    private static final String HOME = "home";
    private static final Duration TURN = Duration.ofMillis(100);
    private static final Duration REPORT_EVERY = Duration.ofSeconds(5);
    private static final double HASHES_PER_SECOND = 200_000;

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", arity = "0..1", paramLabel = "DEVICE", description = "Name of the device (see --list).")
    private String device;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "FILE",
            description = "With home: a heater file, of which all rooms and devices are simulated at their addresses.")
    private Path file;

    @Option(
            names = "--list",
            description = "Lists what there is, a line each: its name, what it is, what can be wrong with it.")
    private boolean list;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:0",
            converter = Addresses.class,
            description = "Where it listens (default: ${DEFAULT-VALUE}, a free port); a home takes free ports of HOST.")
    private InetSocketAddress listen;

    @Option(
            names = "--speed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Virtual seconds per second (default: ${DEFAULT-VALUE}).")
    private double speed;

    @Option(
            names = "--pool",
            paramLabel = "URL",
            description = "Pool that a simulated miner really mines for, at some 200 kH/s.")
    private String pool;

    @Option(
            names = "--user",
            paramLabel = "NAME",
            defaultValue = "simulated",
            description = "User name at the pool (default: ${DEFAULT-VALUE}).")
    private String user;

    @Option(
            names = "--fault",
            paramLabel = "NAME",
            converter = FaultName.class,
            description = "What is wrong with the device from the start; again and again (see --list).")
    private List<Fault> faults = List.of();

    @Option(names = "--for", paramLabel = "SPAN", description = "Ends after this wall time (default: Ctrl-C).")
    private Duration span;

    private final CountDownLatch stop = new CountDownLatch(1);

    @Override
    public Integer call() throws Exception {
        var out = Screen.standardOutput();
        if (list) {
            for (var kind : SimulatedDevice.Kind.values())
                out.printf("%-15s %s; faults: %s%n", kind.title(), kind.description(), Fault.titles(kind.shows()));
            out.printf("%-15s %s%n", HOME, "flat of 40 m2 with a Mini 3, a boost element, plugs and thermometers");
            return 0;
        }
        if (device == null)
            throw new ParameterException(spec.commandLine(), "A device is missing: see athanor simulate-device --list");
        if (file != null && !device.equals(HOME))
            throw new ParameterException(
                    spec.commandLine(), "FILE " + file + ": accepted with home alone, not with " + device);
        if (!(speed > 0 && speed <= 10_000))
            throw new ParameterException(
                    spec.commandLine(), "--speed " + speed + ": more than 0 and at most 10000 is accepted");
        requireShown();
        try (var _ = ShutdownSignal.onStop(stop::countDown);
                var computation = computation()) {
            if (device.equals(HOME)) home(computation, out);
            else single(kind(), computation, out);
        } catch (DeviceException | UncheckedIOException e) {
            throw new UserMistake("--listen: " + e.getMessage(), e);
        }
        return 0;
    }

    private void requireShown() {
        var shown = device.equals(HOME) ? Set.<Fault>of() : kind().shows();
        for (var fault : faults)
            if (!shown.contains(fault))
                throw new ParameterException(
                        spec.commandLine(),
                        "--fault " + fault.title() + ": " + device + " cannot show " + fault.title() + " ("
                                + (shown.isEmpty() ? "it is for a single device" : "it can: " + Fault.titles(shown))
                                + ")");
    }

    private static final class FaultName implements ITypeConverter<Fault> {
        @Override
        public Fault convert(String name) {
            try {
                return Fault.named(name);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    private SimulatedDevice.Kind kind() {
        try {
            return SimulatedDevice.Kind.named(device);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage() + ", " + HOME, e);
        }
    }

    private Computation computation() {
        if (pool == null) return new IdleChips();
        try {
            return MiningWorker.start(
                    MiningWorker.Config.of(PoolAddress.parse(pool).socket(), user, Demo.SIMULATED_AGENT)
                            .throttledTo(HASHES_PER_SECOND),
                    _ -> {});
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--pool " + e.getMessage(), e);
        }
    }

    private void single(SimulatedDevice.Kind kind, Computation computation, PrintStream out)
            throws InterruptedException {
        var clock = new VirtualClock(DemoData.START);
        try (var simulated = kind.start(listen, computation, clock)) {
            simulated.inject(faults.toArray(Fault[]::new));
            out.println(kind.title() + " on " + Addresses.text(simulated.address()));
            run(
                    step -> {
                        simulated.advance(step);
                        clock.advance(step);
                    },
                    simulated::status,
                    out);
        }
    }

    private void home(Computation computation, PrintStream out) throws InterruptedException {
        if (file != null) {
            try (var home = SimulatedHome.open(file, DemoData.START, 1, computation)) {
                home.listening().forEach(out::println);
                run(home::advance, home::status, out);
            }
            return;
        }
        var data = DemoData.load(null, null);
        try (var home = new DemoHome(
                data.weather(),
                DemoData.START,
                1,
                DemoHome.Addresses.onFreePorts(listen.getHostString()),
                computation,
                () -> Watts.ZERO,
                _ -> DemoHome.INITIAL)) {
            var at = home.addresses();
            out.println("avalon " + Addresses.text(at.avalon()));
            out.println("avalon-plug " + Addresses.text(at.avalonPlug()));
            out.println("boost-plug " + Addresses.text(at.boostPlug()));
            out.println("thermometer " + Addresses.text(at.thermometer()));
            out.println("second-thermometer " + Addresses.text(at.secondThermometer()));
            out.println("outdoor-thermometer " + Addresses.text(at.outdoorThermometer()));
            run(home.world()::advance, home::status, out);
        }
    }

    private interface Advance {
        void by(Duration step);
    }

    private void run(Advance world, Supplier<String> status, PrintStream out) throws InterruptedException {
        long start = System.nanoTime();
        long now = start;
        long reported = start;
        while (span == null || now - start < span.toNanos()) {
            if (stop.await(TURN.toNanos(), TimeUnit.NANOSECONDS)) return;
            long last = now;
            now = System.nanoTime();
            world.by(Duration.ofNanos(Math.round((now - last) * speed)));
            if (now - reported >= REPORT_EVERY.toNanos()) {
                out.println(status.get());
                reported = now;
            }
        }
    }
}
