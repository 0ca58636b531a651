package org.athanor.stratum;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.net.InetSocketAddress;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.athanor.hash.Sha256d;
import org.athanor.hash.Target;
import org.athanor.stratum.ShareVerdict.Accepted;

/** A miner that hashes nonce after nonce of its newest job and submits what it finds. */
final class TestMiner implements AutoCloseable {
    final StratumClientTest.Events events = new StratumClientTest.Events();
    final StratumClient client;
    private int nonce;

    TestMiner(InetSocketAddress pool, String user) {
        this(StratumClient.Config.of(pool, user, "test/1"));
    }

    TestMiner(StratumClient.Config config) {
        client = StratumClient.connect(config, events);
    }

    /** The newest of all that came so far, but at least one. */
    MiningJob job() throws InterruptedException {
        if (client.job().isEmpty()) events.job();
        return client.job().orElseThrow();
    }

    /** The first of all jobs to come that has the property. */
    MiningJob await(java.util.function.Predicate<MiningJob> wanted) throws InterruptedException {
        for (var job = events.job(); ; job = events.job()) if (wanted.test(job)) return job;
    }

    ShareVerdict submit(MiningJob job, Target target, int bits) throws Exception {
        var extranonce2 = new byte[job.extranonce2Size()];
        while (true) {
            int tried = nonce++;
            if (!target.metBy(Sha256d.hash(job.header(extranonce2, job.ntime(), bits, tried)))) continue;
            var rolled = job.versionMask() == 0 ? OptionalInt.empty() : OptionalInt.of(bits);
            return client.submit(job, extranonce2, job.ntime(), rolled, tried).get(10, TimeUnit.SECONDS);
        }
    }

    ShareVerdict submit(MiningJob job) throws Exception {
        return submit(job, job.target(), 0);
    }

    void mine(int shares) throws Exception {
        for (int i = 0; i < shares; i++) assertInstanceOf(Accepted.class, submit(job()));
    }

    @Override
    public void close() {
        client.close();
    }
}
