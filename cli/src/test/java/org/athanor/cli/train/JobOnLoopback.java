package org.athanor.cli.train;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.OptionalLong;
import org.athanor.network.training.Coordinator;
import org.athanor.network.training.CoordinatorServer;
import org.athanor.network.training.NewJob;
import org.athanor.network.training.ServerIdentity;
import org.athanor.network.training.TokenMembership;
import org.athanor.training.engine.EngineLibraries;
import org.athanor.training.engine.EngineLimits;

/** A small job with a real coordinator, for those who bring workers. */
public final class JobOnLoopback implements AutoCloseable {
    private final Path place;
    private final TokenMembership membership;
    private final Coordinator coordinator;
    private final CoordinatorServer server;

    /** @param steps of a round */
    public JobOnLoopback(Path folder, int rounds, int steps) throws Exception {
        Files.createDirectories(folder);
        var text = new StringBuilder();
        for (var day = 0; day < 400; day++)
            text.append("day ")
                    .append(day % 30)
                    .append(": the room was ")
                    .append(17 + day % 5)
                    .append(" degrees; ");
        Files.writeString(folder.resolve("diary.txt"), text);
        var job = TrainingFile.read(
                Files.writeString(folder.resolve("job.yaml"), """
                name: tiny
                data: diary.txt
                rounds: %d
                model: {layers: 1, heads: 2, width: 32, context: 32}
                inner: {sequences: 8, rate: 1.0e-2, warmup: 5}
                outer: {steps: %d, up: int4, down: int4}
                """.formatted(rounds, steps)), OptionalLong.empty());
        place = folder.resolve("job");
        Files.createDirectories(place);
        NewJob.create(
                place,
                job.job(),
                null,
                job.job().tokenizer().encode(job.text()),
                job.held(),
                EngineLibraries.get(EngineLibraries.Places.usual(), (file, bytes, ofAll) -> {}),
                new EngineLimits(2L << 30, 1, EngineLimits.Isolation.WHERE_POSSIBLE));
        var identity = ServerIdentity.in(place);
        membership = new TokenMembership(place, identity.sha256());
        coordinator = Coordinator.start(place, job.rules(), InstantSource.system(), (round, weights) -> null);
        server = CoordinatorServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), identity, coordinator, membership);
    }

    public Path place() {
        return place;
    }

    public Coordinator coordinator() {
        return coordinator;
    }

    CoordinatorServer server() {
        return server;
    }

    public URI address() {
        return URI.create("https://127.0.0.1:" + server.address().getPort());
    }

    /** A token for one more worker. */
    public String token() throws IOException {
        return membership.invite().text();
    }

    @Override
    public void close() {
        server.close();
        coordinator.close();
    }
}
