package org.athanor.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.athanor.comfort.series.Weather;
import org.athanor.edge.training.Meter;
import org.athanor.edge.training.TrainingWorker;
import org.athanor.edge.training.WorkerConfig;
import org.athanor.network.training.Coordinator;
import org.athanor.network.training.CoordinatorServer;
import org.athanor.network.training.NewJob;
import org.athanor.network.training.RoundRecord;
import org.athanor.network.training.ServerIdentity;
import org.athanor.network.training.TokenMembership;
import org.athanor.training.data.Tokenizer;
import org.athanor.training.engine.EngineException;
import org.athanor.training.engine.EngineLibraries;
import org.athanor.training.engine.EngineLimits;
import org.athanor.training.job.JobSpec;
import org.athanor.training.model.AdamW;
import org.athanor.training.model.GptShape;
import org.athanor.training.model.LearningRate;
import org.athanor.training.model.ModelSpec;
import org.athanor.training.outer.OuterSettings;
import org.athanor.training.rounds.RoundRules;

/** What the homes of {@code demo --train} train: a small GPT on the weather's own diary, with a real coordinator on loopback. */
final class DemoTrainJob implements AutoCloseable {
    private static final int STEPS_OF_ROUND = 20;
    private static final int SEQUENCES = 8;
    private static final double HELD = 0.05;
    /** More than any demo does: it ends when its time is over. */
    private static final long ROUNDS = 1_000_000;

    private static final LearningRate RATE = new LearningRate(3e-3, 3e-4, 40, 4000);
    private static final RoundRules RULES = new RoundRules(1, 0.5, Duration.ofSeconds(4), Duration.ofSeconds(10), true);
    private static final EngineLimits LIMITS = new EngineLimits(1L << 30, 1, EngineLimits.Isolation.WHERE_POSSIBLE);
    private static final DateTimeFormatter HOUR = DateTimeFormatter.ofPattern("d MMMM HH:mm", Locale.ROOT);

    private final Path place;
    private final EngineLibraries libraries;
    private final TokenMembership membership;
    private final Coordinator coordinator;
    private final CoordinatorServer server;

    DemoTrainJob(Path place, EngineLibraries libraries, long seed, List<Weather> weathers)
            throws IOException, EngineException, InterruptedException {
        this.place = place;
        this.libraries = libraries;
        Files.createDirectories(place);
        var text = diary(weathers);
        var tokenizer = Tokenizer.Characters.of(text);
        var wish = new JobSpec(
                "The weather's diary",
                new ModelSpec.Gpt(new GptShape(2, 2, 32, 48, tokenizer.vocabulary(), false, 0)),
                List.of(),
                tokenizer,
                List.of(),
                AdamW.USUAL,
                SEQUENCES,
                SEQUENCES,
                RATE,
                OuterSettings.diLoCo(STEPS_OF_ROUND, "int4"),
                ROUNDS,
                seed,
                false,
                JobSpec.Moments.KEPT);
        NewJob.create(place, wish, null, tokenizer.encode(text), HELD, libraries, LIMITS);
        var identity = ServerIdentity.in(place);
        membership = new TokenMembership(place, identity.sha256());
        coordinator = Coordinator.start(place, RULES, InstantSource.system(), (_, _, _) -> null);
        server = CoordinatorServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), identity, coordinator, membership);
    }

    /** A year of hourly readings, a line each. */
    private static String diary(List<Weather> weathers) {
        var text = new StringBuilder();
        var newYear = LocalDateTime.of(DemoData.YEAR, 1, 1, 0, 0);
        for (int hour = 0; hour < 365 * 24; hour++) {
            text.append(HOUR.format(newYear.plusHours(hour)));
            for (var weather : weathers)
                text.append(String.format(
                        Locale.ROOT,
                        ", %s %.0f",
                        weather.location().name(),
                        weather.at(Duration.ofHours(hour)).outdoorCelsius()));
            text.append('\n');
        }
        return text.toString();
    }

    /** A worker that has not begun yet. */
    TrainingWorker worker(String name, Path folder, Meter meter) throws IOException {
        return new TrainingWorker(
                new WorkerConfig(
                        URI.create("https://127.0.0.1:" + server.address().getPort()),
                        membership.invite(),
                        folder,
                        name,
                        LIMITS,
                        libraries,
                        0,
                        0),
                meter);
    }

    List<RoundRecord> rounds() throws IOException {
        return coordinator.history();
    }

    Coordinator coordinator() {
        return coordinator;
    }

    CoordinatorServer server() {
        return server;
    }

    Path place() {
        return place;
    }

    /** The round that is open stays as it is. */
    @Override
    public void close() {
        server.close();
        coordinator.close();
    }
}
