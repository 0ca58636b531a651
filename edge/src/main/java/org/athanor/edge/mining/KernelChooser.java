package org.athanor.edge.mining;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.athanor.hash.NonceScanner;
import org.athanor.hash.NonceScanners;
import org.athanor.hash.WarmUp;

/**
 * Gives miners a scanner at once, and a faster one as soon as there is one. Vector kernels take HotSpot 3 to 16 seconds to
 * compile, and hash next to nothing until then. So everything begins with {@link NonceScanners#best()}; one thread in the
 * background runs the kernels one after the other until each is compiled, then the fastest once more, and that takes
 * over: a kernel that is in use already would lose its code when another is run for the first time. The outcome is
 * remembered, and with a memory only that kernel is run in the background.
 */
public final class KernelChooser implements Supplier<NonceScanner>, AutoCloseable {
    private static final Meter METER = (scanner, stop) ->
            HashMeter.measureHere(scanner, HashMeter.ROUND, stop).round();

    private static final Duration LEAVE = Duration.ofSeconds(2);

    private final Settings settings;
    private final CountDownLatch settled = new CountDownLatch(1);
    private final Thread thread;
    private volatile State state = new State(NonceScanners.best(), Optional.empty(), false);
    private volatile boolean closed;

    /**
     * @param scanner in use
     * @param warming name of the scanner that is being compiled, if any
     * @param decided whether the choice is final
     */
    public record State(NonceScanner scanner, Optional<String> warming, boolean decided) {}

    /** Hashes with a scanner for a moment. */
    interface Meter {
        WarmUp.Round round(NonceScanner scanner, BooleanSupplier stop);
    }

    /**
     * @param scanners to choose from; a single one is used whatever its speed
     * @param memory of earlier choices
     * @param key of what a choice holds for: {@link HostKey}
     * @param notes told in one sentence what a person should know
     * @param patience longest time that a scanner is warmed
     */
    record Settings(
            List<NonceScanner> scanners,
            Optional<KernelMemory> memory,
            String key,
            Consumer<String> notes,
            Meter meter,
            Duration patience) {}

    private record Trial(NonceScanner scanner, double rate, boolean warm) {}

    private KernelChooser(Settings settings) {
        this.settings = settings;
        thread = Thread.ofPlatform().daemon().name("choosing a kernel").unstarted(this::choose);
    }

    /**
     * Begins to warm kernels in the background.
     *
     * @param memory where choices are kept; empty measures at each start
     * @param version of this program: a choice holds for one
     */
    public static KernelChooser start(Optional<KernelMemory> memory, String version, Consumer<String> notes) {
        var scanners = NonceScanners.all().scanners();
        return start(new Settings(scanners, memory, HostKey.of(scanners, version), notes, METER, HashMeter.PATIENCE));
    }

    /**
     * No choice: hashes with one scanner, as soon as it is compiled.
     *
     * @throws IllegalArgumentException if there is none of this name here
     */
    public static KernelChooser only(String name, Consumer<String> notes) {
        var wanted = NonceScanners.own(name).orElseGet(() -> found(name));
        return start(new Settings(List.of(wanted), Optional.empty(), "", notes, METER, HashMeter.PATIENCE));
    }

    private static NonceScanner found(String name) {
        var scanners = NonceScanners.all().scanners();
        return scanners.stream()
                .filter(scanner -> scanner.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(name + ": accepted here is one of "
                        + scanners.stream().map(NonceScanner::name).collect(Collectors.joining(", "))));
    }

    static KernelChooser start(Settings settings) {
        var chooser = new KernelChooser(settings);
        chooser.thread.start();
        return chooser;
    }

    /** The scanner to use now. */
    @Override
    public NonceScanner get() {
        return state.scanner;
    }

    public State state() {
        return state;
    }

    /** Waits until the choice is final. */
    public void awaitDecision() throws InterruptedException {
        settled.await();
    }

    /** Leaves the choice as it is. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(LEAVE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void choose() {
        try {
            decide();
        } catch (InterruptedException _) {
            // closed: nobody waits for a better one any more
        } catch (RuntimeException | LinkageError e) {
            settings.notes.accept("no faster kernel was chosen: " + e);
        } finally {
            state = new State(state.scanner, Optional.empty(), true);
            settled.countDown();
        }
    }

    private void decide() throws InterruptedException {
        var first = NonceScanners.best();
        if (settings.scanners.size() == 1) {
            var only = settings.scanners.getFirst();
            if (!only.name().equals(first.name()) && warm(only).warm) use(only);
            return;
        }
        var remembered = settings.memory.flatMap(memory -> memory.recall(settings.key));
        if (remembered.isPresent()) {
            var name = remembered.get().name();
            if (name.equals(first.name())) return;
            var known = settings.scanners.stream()
                    .filter(s -> s.name().equals(name))
                    .findFirst();
            if (known.isPresent()) {
                var trial = warm(known.get());
                if (trial.warm) use(trial.scanner);
                return;
            }
        }
        var best = warm(first);
        boolean all = best.warm;
        // services come in the order of their widths; each is at its best before narrower ones have run
        for (var scanner : settings.scanners.reversed()) {
            if (scanner.name().equals(NonceScanners.plain().name())
                    || scanner.name().equals(first.name())) continue;
            var trial = warm(scanner);
            all &= trial.warm;
            if (trial.warm && trial.rate > best.rate) best = trial;
        }
        // those that ran later may have made HotSpot throw away what it had compiled for this one
        if (!best.scanner.name().equals(first.name())) {
            best = warm(best.scanner);
            if (!best.warm) return;
            use(best.scanner);
        }
        if (!all) return; // a busy start must not rule out a kernel for good
        var choice = new KernelMemory.Choice(best.scanner.name(), Math.round(best.rate));
        settings.memory.ifPresent(memory -> memory.remember(settings.key, choice));
    }

    private void use(NonceScanner scanner) {
        state = new State(scanner, Optional.empty(), false);
    }

    private Trial warm(NonceScanner scanner) throws InterruptedException {
        if (!scanner.name().equals(state.scanner.name()))
            state = new State(state.scanner, Optional.of(scanner.name()), false);
        var warmUp = new WarmUp();
        long begin = System.nanoTime();
        while (!warmUp.warm()) {
            if (System.nanoTime() - begin > settings.patience.toNanos()) {
                settings.notes.accept(scanner.name() + " was not compiled within " + settings.patience.toSeconds()
                        + " s, so " + state.scanner.name() + " goes on; the next start tries again");
                return new Trial(scanner, warmUp.fastest(), false);
            }
            warmUp.add(settings.meter.round(scanner, () -> closed));
            if (closed) throw new InterruptedException("closed");
        }
        return new Trial(scanner, warmUp.fastest(), true);
    }
}
