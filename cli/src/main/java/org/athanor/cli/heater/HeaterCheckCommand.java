package org.athanor.cli.heater;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.athanor.cli.terminal.UserMistake;
import org.athanor.cli.train.SandboxOption;
import org.athanor.devices.gpu.LimitedGpu;
import org.athanor.training.engine.EngineLibraries;
import org.athanor.training.engine.EngineLimits.Isolation;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Reads a heater file and says what it means, or all that is wrong with it. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        header = "Checks a heater file, and says what of it is unprotected.",
        description =
                "Reads the whole file and tells every mistake at once, with its line. No device is asked but a GPU of"
                        + " this computer, and, with --try-plugs, what it says below.",
        footer = {
            "",
            "Examples:",
            "  athanor heater check heater.yaml",
            "  athanor heater check --try-plugs heater.yaml    when a Zigbee plug was installed"
        })
final class HeaterCheckCommand implements Callable<Integer> {
    /** With libtorch for cards. */
    private static final String CARDS_ENGINE = "480 MB, with libtorch for CUDA";

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", defaultValue = "heater.yaml", description = "Default: ${DEFAULT-VALUE}.")
    private Path file;

    @Option(
            names = "--try-plugs",
            description = "Switches each plug behind Zigbee2MQTT on for " + PlugTrials.SECONDS
                    + " s, with whatever hangs on it, and looks whether it goes off by itself: only then it protects.")
    private boolean tryPlugs;

    @Override
    public Integer call() throws IOException, InterruptedException {
        var out = spec.commandLine().getOut();
        var setup = read(file);
        if (tryPlugs) PlugTrials.run(setup, out);
        try (var cards = new Cards(setup, LimitedGpu::open)) {
            return tell(setup, cards, out);
        }
    }

    private int tell(HomeSetup setup, Cards cards, PrintWriter out) {
        var tried = new TriedPlugs(setup.state());
        for (var sink : setup.rooms()) {
            out.println(sink.name() + ", at most " + HomeSetup.limits(sink).roomMaximum());
            if (sink instanceof HomeSetup.Tank tank
                    && tank.spec().disinfection().isEmpty())
                out.println("  is not disinfected against legionella; disinfection: {} does that once a week");
            for (var advice : SinkAdvice.of(setup, sink, cards::nameplate)) out.println("  " + advice);
            for (var heater : setup.heaters()) {
                if (!heater.sink().equals(sink.id())) continue;
                out.println("  " + heater.name() + ", " + protection(heater, tried)
                        + heater.circuit().map(circuit -> ", on " + circuit).orElse(""));
                if (heater.source() instanceof HomeSetup.Computer computer) out.print(work(setup, computer));
                if (heater.source() instanceof HomeSetup.Gpu gpu)
                    gpu.training()
                            .ifPresent(training -> out.printf(
                                    "%s    between rounds nothing else computes on the card: it idles then, whatever its level%n",
                                    work(setup, training, CARDS_ENGINE)));
                boolean isProtected = isProtected(heater, tried);
                boolean untried = !isProtected
                        && PlugTrials.zigbee(heater)
                                .filter(TriedPlugs::hasCountdown)
                                .isPresent();
                if (untried)
                    out.println(
                            "    its plug was not seen yet to go off by itself: athanor heater check --try-plugs looks");
                if (!isProtected && !leases(heater) && !heater.unprotectedAccepted() && !untried)
                    out.println(
                            "    it will not heat: nothing would switch it off if this program died. Give it a plug, or"
                                    + " say acceptUnprotected: true");
            }
        }
        var absent = Stream.concat(
                        Stream.concat(cards.troubles().stream(), withoutCard(setup)),
                        setup.hosts()
                                .filter(InetSocketAddress::isUnresolved)
                                .map(host -> "the name " + host.getHostString() + " is not known to this network now"))
                .toList();
        out.println(file + " is right");
        for (var each : absent) out.println("but " + each);
        out.flush();
        return absent.isEmpty() ? 0 : 1;
    }

    /** What a computer that may train does, and why. */
    private static String work(HomeSetup setup, HomeSetup.Computer computer) {
        if (computer.training().isEmpty()) return "";
        var training = computer.training().get();
        var pay = HomePay.best(computer, setup);
        var currency = setup.scenario().currency();
        if (!pay.trains())
            return String.format(
                    Locale.ROOT,
                    "    mines, which pays %.3g %s/kWh; training pays %.3g (work: training trains all the same)%n",
                    pay.perKwh(),
                    currency,
                    training.paysPerKwh());
        return work(setup, training, "115 MB");
    }

    /** @param engine what is fetched of it */
    private static String work(HomeSetup setup, HomeSetup.Training training, String engine) {
        var currency = setup.scenario().currency();
        var paid = training.paysPerKwh() > 0
                ? String.format(Locale.ROOT, "%.3g %s/kWh", training.paysPerKwh(), currency)
                : "nothing that this file says: it heats with training only what would be heated anyway";
        return String.format(
                Locale.ROOT,
                "    trains for %s, which pays %s; its engine may take %d MiB, and is fetched at the first start (%s)%n%s",
                training.coordinator(),
                paid,
                training.limits().memoryBytes() >> 20,
                engine,
                training.limits().sandbox() == Isolation.NONE
                        ? String.format(Locale.ROOT, "    without a sandbox: %s%n", SandboxOption.WARNING)
                        : "");
    }

    /** @throws UserMistake with all that is wrong */
    static HomeSetup read(Path file) {
        try {
            return HeaterFile.read(file);
        } catch (HeaterMistakes e) {
            throw new UserMistake(e.getMessage(), e);
        }
    }

    /** Cards that are to train where no engine can. */
    private static Stream<String> withoutCard(HomeSetup setup) {
        var ids = setup.heaters().stream()
                .filter(heater -> heater.source() instanceof HomeSetup.Gpu gpu
                        && gpu.training().isPresent())
                .map(HomeSetup.HeaterEntry::id)
                .toList();
        return ids.isEmpty()
                ? Stream.empty()
                : noCard().stream().flatMap(why -> ids.stream().map(id -> "heater " + id + ", training: " + why));
    }

    private static Optional<String> noCard() {
        try {
            return EngineLibraries.Places.usual().noCard().map(why -> "there is no card to train on: " + why);
        } catch (IOException e) {
            return Optional.of("this computer cannot be looked at: " + e.getMessage());
        }
    }

    private static String protection(HomeSetup.HeaterEntry heater, TriedPlugs tried) {
        if (isProtected(heater, tried)) return "protected";
        return leases(heater)
                ? "protected once its firmware's timer has been seen to work, which no one has yet on a real device"
                : "unprotected";
    }

    private static boolean leases(HomeSetup.HeaterEntry heater) {
        return heater.source() instanceof HomeSetup.Network network
                && network.settings().lease().isPresent();
    }

    private static boolean isProtected(HomeSetup.HeaterEntry heater, TriedPlugs tried) {
        if (heater.source() instanceof HomeSetup.Computer) return true;
        if (heater.source() instanceof HomeSetup.Gpu gpu && gpu.training().isPresent()) return true;
        var zigbee = PlugTrials.zigbee(heater);
        return zigbee.isPresent() ? tried.seen(zigbee.get()) : heater.plug().isPresent();
    }
}
