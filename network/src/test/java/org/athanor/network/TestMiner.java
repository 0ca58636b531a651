package org.athanor.network;

import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.athanor.hash.NonceScanners;
import org.athanor.hash.Target;
import org.athanor.stratum.MiningJob;
import org.athanor.stratum.ShareEvent;
import org.athanor.stratum.ShareVerdict;
import org.athanor.stratum.StratumClient;

/** Mines one share after the other when it is told to. */
final class TestMiner implements StratumClient.Listener, AutoCloseable {
    private static final int BATCH = 1000;

    final List<ShareEvent> events = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch firstJob = new CountDownLatch(1);
    private final StratumClient client;
    private long extranonce;
    private int lastNonce;
    private MiningJob lastJob;

    TestMiner(InetSocketAddress pool, String user) {
        client = StratumClient.connect(StratumClient.Config.of(pool, user, "test/1"), this);
    }

    ShareVerdict mine() throws InterruptedException, ExecutionException, TimeoutException {
        if (!firstJob.await(10, TimeUnit.SECONDS)) throw new TimeoutException("no job");
        while (true) {
            extranonce++;
            lastJob = client.job().orElseThrow();
            var nonces = new ArrayList<Integer>();
            var header = lastJob.header(extranonce2(), lastJob.ntime(), 0, 0);
            NonceScanners.best().scan(header, lastJob.target(), 0, BATCH, (nonce, hash) -> nonces.add(nonce));
            if (nonces.isEmpty()) continue;
            lastNonce = nonces.getFirst();
            return again();
        }
    }

    /** Submits the share that {@link #mine} found once more. */
    ShareVerdict again() throws InterruptedException, ExecutionException, TimeoutException {
        var bits = lastJob.versionMask() == 0 ? OptionalInt.empty() : OptionalInt.of(0);
        return client.submit(lastJob, extranonce2(), lastJob.ntime(), bits, lastNonce)
                .get(10, TimeUnit.SECONDS);
    }

    List<String> accepted() {
        synchronized (events) {
            return events.stream()
                    .filter(event -> event.verdict() instanceof ShareVerdict.Accepted)
                    .map(ShareEvent::hash)
                    .toList();
        }
    }

    private byte[] extranonce2() {
        var size = lastJob.extranonce2Size();
        var number = BigInteger.valueOf(extranonce).toByteArray();
        return ByteBuffer.allocate(size).put(size - number.length, number).array();
    }

    @Override
    public void job(MiningJob job, Target target) {
        firstJob.countDown();
    }

    @Override
    public void verdict(ShareEvent event) {
        events.add(event);
    }

    @Override
    public void disconnected(String why) {}

    @Override
    public void close() {
        client.close();
    }
}
