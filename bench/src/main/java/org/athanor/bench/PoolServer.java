package org.athanor.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.athanor.hash.Hex;
import org.athanor.hash.Sha256d;
import org.athanor.hash.Target;
import org.athanor.ledger.MiningScenario;
import org.athanor.network.Pool;
import org.athanor.network.PoolConfig;
import org.athanor.stratum.BlockVerdict;
import org.athanor.stratum.DifficultyPolicy;
import org.athanor.stratum.LocalChain;
import org.athanor.stratum.Template;
import org.athanor.stratum.TemplateSource;

/**
 * The pool as it is run, share log included, for {@link PoolBench} to load: every hash is a share, and a job has three
 * merkle branches. Prints its port; then each line of its input is a command: {@code job} changes the chain's tip and
 * prints the time by the system's monotonic clock at which that was known, {@code gc} collects garbage and says so,
 * {@code jit} prints for how many ms the JIT has worked.
 */
public final class PoolServer {
    /** Seven transactions beside the coinbase make three branches. */
    private static final int TRANSACTIONS = 7;

    private PoolServer() {}

    public static void main(String[] arguments) throws IOException {
        var folder = Files.createTempDirectory("athanor-bench");
        var chain = new Chain();
        var config = PoolConfig.of(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                DifficultyPolicy.fixed(new BigDecimal("2e-10")),
                folder,
                MiningScenario.JULY_2025);
        try (var pool = Pool.start(config, chain, _ -> {}, InstantSource.system());
                var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            say("port " + pool.address().getPort());
            for (var line = in.readLine(); line != null; line = in.readLine())
                switch (line) {
                    case "job" -> {
                        long at = System.nanoTime();
                        chain.advance();
                        say("at " + at);
                    }
                    case "gc" -> {
                        System.gc();
                        say("collected");
                    }
                    case "jit" ->
                        say("compiled "
                                + ManagementFactory.getCompilationMXBean().getTotalCompilationTime());
                    case "shares" -> say("shares " + pool.status().total().accepted());
                    default -> say("unknown command " + line);
                }
        } finally {
            delete(folder);
        }
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }

    private static void delete(Path folder) {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Templates of a local chain, with transactions that no chain would take: no share is ever a block here. */
    private static final class Chain implements TemplateSource {
        private final LocalChain chain =
                new LocalChain(Target.ofDifficulty(new BigDecimal("1e9")), InstantSource.system());
        private final List<Consumer<Template>> listeners = new CopyOnWriteArrayList<>();
        private final AtomicLong tip = new AtomicLong();
        private final List<Template.Transaction> transactions = new ArrayList<>();

        Chain() {
            for (int i = 0; i < TRANSACTIONS; i++) {
                var bytes = ByteBuffer.allocate(250).putInt(i).array();
                transactions.add(new Template.Transaction(bytes, Sha256d.hash(bytes)));
            }
        }

        void advance() {
            tip.incrementAndGet();
            var template = current();
            for (var listener : listeners) listener.accept(template);
        }

        @Override
        public Template current() {
            var empty = chain.current();
            var previous = Hex.decode("%064x".formatted(tip.get()));
            return new Template(
                    empty.height(),
                    empty.version(),
                    previous,
                    empty.bits(),
                    empty.time(),
                    empty.minimumTime(),
                    empty.maximumTime(),
                    empty.outputs(),
                    empty.fees(),
                    empty.witnessCommitment(),
                    transactions);
        }

        @Override
        public AutoCloseable onChange(Consumer<Template> listener) {
            listeners.add(listener);
            return () -> listeners.remove(listener);
        }

        @Override
        public BlockVerdict submit(byte[] block) {
            return new BlockVerdict.Refused("high-hash");
        }
    }
}
