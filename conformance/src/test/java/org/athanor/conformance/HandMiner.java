package org.athanor.conformance;

import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import org.athanor.hash.BlockHeader;
import org.athanor.hash.Hex;
import org.athanor.hash.Sha256d;
import org.athanor.hash.Target;
import org.athanor.stratum.MiningJob;
import org.athanor.stratum.ShareVerdict;
import org.athanor.stratum.StratumClient;

/** A miner that does nothing unless told. */
final class HandMiner implements StratumClient.Listener, AutoCloseable {
    private final StratumClient client;
    private volatile MiningJob newest;
    private volatile String gone = "";

    /** @param hash display order */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Share(MiningJob job, byte[] extranonce2, int nonce, String hash) {}

    HandMiner(InetSocketAddress pool) {
        client = StratumClient.connect(StratumClient.Config.of(pool, "by.hand", "athanor-test"), this);
    }

    @Override
    public void job(MiningJob job, Target target) {
        newest = job;
    }

    @Override
    public void disconnected(String why) {
        gone = why;
    }

    MiningJob await(String what, Predicate<MiningJob> fits) {
        RegtestNode.await(what, () -> {
            if (!gone.isEmpty()) throw new AssertionError(what + ": the connection is gone: " + gone);
            return newest != null && fits.test(newest);
        });
        return newest;
    }

    MiningJob awaitJobOn(String tip) {
        return await("a job on " + tip, job -> previous(job).equals(tip));
    }

    static String previous(MiningJob job) {
        var header = BlockHeader.parse(job.header(new byte[job.extranonce2Size()], job.ntime(), 0, 0));
        return Hex.display(header.previous());
    }

    /** Tries nonces until one gives a block, or until one gives none. */
    static Share find(MiningJob job, boolean block) {
        var extranonce2 = new byte[job.extranonce2Size()];
        ThreadLocalRandom.current().nextBytes(extranonce2);
        for (int nonce = 0; nonce < 10_000; nonce++) {
            var hash = Sha256d.hash(job.header(extranonce2, job.ntime(), 0, nonce));
            if (job.network().metBy(hash) == block) return new Share(job, extranonce2, nonce, Hex.display(hash));
        }
        throw new AssertionError("10,000 nonces at regtest's target, and none fits: "
                + new BigInteger(1, Hex.decode(job.network().toString())));
    }

    CompletableFuture<ShareVerdict> submit(Share share) {
        return client.submit(share.job(), share.extranonce2(), share.job().ntime(), OptionalInt.empty(), share.nonce());
    }

    @Override
    public void close() {
        client.close();
    }
}
