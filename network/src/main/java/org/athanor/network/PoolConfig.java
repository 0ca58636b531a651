package org.athanor.network;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.athanor.ledger.MiningScenario;
import org.athanor.stratum.DifficultyPolicy;
import org.athanor.stratum.StratumServer;

/**
 * @param server where to listen, how hard shares are, how many connections
 * @param logFolder holds the share log; made where it is missing, carried on where there is one
 * @param scenario what a hash is assumed to pay
 */
public record PoolConfig(StratumServer.Config server, Path logFolder, MiningScenario scenario) {
    /** @param listen port 0 takes a free one */
    public static PoolConfig of(
            InetSocketAddress listen, DifficultyPolicy difficulty, Path logFolder, MiningScenario scenario) {
        return new PoolConfig(StratumServer.Config.of(listen, difficulty), logFolder, scenario);
    }
}
