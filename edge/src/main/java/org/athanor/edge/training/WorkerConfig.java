package org.athanor.edge.training;

import java.net.URI;
import java.nio.file.Path;
import org.athanor.training.engine.EngineLibraries;
import org.athanor.training.engine.EngineLimits;
import org.athanor.training.mailbox.JoinToken;

/**
 * How a machine takes part in a job.
 *
 * @param address   of the coordinator, {@code https://HOST:PORT}
 * @param token     to join with; not looked at when the folder holds a membership already
 * @param folder    for what it keeps: membership, data, the engine's files
 * @param name      for people
 * @param limits    of its engine
 * @param libraries of its engine
 * @param upRate    bytes a second at most that it sends; 0 for no limit
 * @param downRate  bytes a second at most that it fetches; 0 for no limit
 */
public record WorkerConfig(
        URI address,
        JoinToken token,
        Path folder,
        String name,
        EngineLimits limits,
        EngineLibraries libraries,
        double upRate,
        double downRate) {}
