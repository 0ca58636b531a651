package org.athanor.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.StreamSupport;
import org.athanor.cli.Main;
import org.athanor.edge.mining.MiningWorker;
import org.athanor.ledger.MiningScenario;
import org.athanor.network.FoundBlocks;
import org.athanor.network.Pool;
import org.athanor.network.PoolConfig;
import org.athanor.stratum.BlockFate;
import org.athanor.stratum.BlockVerdict;
import org.athanor.stratum.DifficultyPolicy;
import org.athanor.stratum.NodeException;
import org.athanor.stratum.NodeTemplates;
import org.athanor.stratum.PayoutAddress;
import org.athanor.stratum.Payouts;
import org.athanor.stratum.ShareVerdict;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/**
 * Our pool before a Bitcoin node in regtest, mined by our own miners: bcoin, and Bitcoin Core where {@code
 * ATHANOR_BITCOIND} names its bitcoind.
 */
@ParameterizedClass
@MethodSource("org.athanor.conformance.RegtestNode#kinds")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class SoloBeforeARealNodeTest {
    /** Other people's address on any regtest: a script hash of Bitcoin Core's key_io_valid.json. */
    private static final String SECOND = "2MxFajLApXpYk4VodBSZSt7rw8y4ryABkfA";

    private static final String SECOND_SCRIPT = "a91436e9f191e0b75036a77f65e2eaa4752443233fbe87";

    @TempDir
    static Path nodes;

    private static RegtestNode node;

    @Parameter
    RegtestNode.Kind kind;

    @TempDir
    Path folder;

    private NodeTemplates templates;
    private FoundBlocks found;
    private Pool pool;
    private final List<BlockFate> fates = Collections.synchronizedList(new ArrayList<>());

    @BeforeParameterizedClassInvocation
    static void startNode(RegtestNode.Kind kind) throws IOException {
        assumeTrue(kind.missing().isEmpty(), () -> kind.missing().orElseThrow());
        node = RegtestNode.start(kind, Files.createTempDirectory(nodes, "node"));
        node.grow();
    }

    @AfterParameterizedClassInvocation
    static void endNode() {
        if (node != null) node.close();
    }

    @BeforeEach
    void startPool() throws InterruptedException {
        startPool(Optional.empty());
    }

    private void startPool(Optional<InetSocketAddress> zmq) throws InterruptedException {
        var payouts = new Payouts(List.of(Payouts.Payout.parse(kind.address + "=2"), Payouts.Payout.parse(SECOND)));
        var config = NodeTemplates.Config.of(node.url(), node.credentials(), payouts);
        templates = NodeTemplates.start(zmq.map(config::withZmq).orElse(config), InstantSource.system());
        assertTrue(templates.awaitTemplate(Duration.ofSeconds(30)));
        found = FoundBlocks.open(folder, templates, templates::standing, fates::add);
        pool = Pool.start(
                PoolConfig.of(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        DifficultyPolicy.fixed(new BigDecimal("1e-6")),
                        folder,
                        MiningScenario.JULY_2025),
                found,
                line -> {},
                InstantSource.system());
    }

    @AfterEach
    void endPool() {
        if (pool != null) pool.close();
        if (found != null) found.close();
        if (templates != null) templates.close();
    }

    private static ShareVerdict verdict(HandMiner miner, HandMiner.Share share)
            throws ExecutionException, InterruptedException, TimeoutException {
        return miner.submit(share).get(30, TimeUnit.SECONDS);
    }

    /** Finds one and waits until it is the node's tip. */
    private static HandMiner.Share mineBlock(HandMiner miner) throws Exception {
        var share = HandMiner.find(miner.awaitJobOn(node.best()), true);
        assertInstanceOf(ShareVerdict.Accepted.class, verdict(miner, share));
        awaitTip(share.hash());
        return share;
    }

    private static void awaitTip(String hash) {
        RegtestNode.await(
                "block " + hash + " as the node's tip", () -> node.best().equals(hash));
    }

    @Test
    void aBlockPaysItsAddressesByTheirShares() throws Exception {
        int height = node.height();
        try (var miner = new HandMiner(pool.address())) {
            var share = mineBlock(miner);
            assertEquals(height + 1, node.height());
            var outputs = node.block(share.hash()).at("/tx/0/vout");
            var first = outputs.at("/0/value").decimalValue().movePointRight(8).longValueExact();
            var second = outputs.at("/1/value").decimalValue().movePointRight(8).longValueExact();
            assertEquals(SECOND_SCRIPT, outputs.at("/1/scriptPubKey/hex").textValue());
            assertTrue(first > 0 && first - 2 * second >= 0 && first - 2 * second <= 2, first + " and " + second);
            RegtestNode.await(
                    "the verdict", () -> delivered(new BlockVerdict.Accepted(height + 1, share.hash()), false));
        }
    }

    @Test
    void transactionsWithWitnessesAreMined() throws Exception {
        // the node's answers may be some seconds old until the tip changes
        var coin = node.spend(node.coin(1));
        var child = node.spend(coin);
        try (var miner = new HandMiner(pool.address())) {
            mineBlock(miner);
            // the tip has changed: now the node tells of them
            for (int i = 0; i < 3 && !node.rpc("getrawmempool").isEmpty(); i++) mineBlock(miner);
            assertTrue(node.rpc("getrawmempool").isEmpty());
        }
        var mined = List.of(coin.txid(), child.txid());
        int height = node.height();
        var block = node.block(node.rpc("getblockhash", height).textValue());
        while (block.get("tx").size() == 1)
            block = node.block(node.rpc("getblockhash", --height).textValue());
        var txids = StreamSupport.stream(block.get("tx").spliterator(), false)
                .skip(1)
                .map(transaction -> transaction.get("txid").textValue())
                .toList();
        assertEquals(mined, txids);
        // the coinbase commits to their witnesses
        var outputs = block.at("/tx/0/vout");
        assertTrue(outputs.at("/2/scriptPubKey/hex").textValue().startsWith("6a24aa21a9ed"), outputs.toString());
    }

    @Test
    void aMinerAtWorkFindsBlocksThatTheNodeTakes() throws Exception {
        int height = node.height();
        try (var worker = MiningWorker.start(
                MiningWorker.Config.of(pool.address(), "home.computer", "athanor/0.1")
                        .throttledTo(500),
                event -> {})) {
            worker.setThreads(1);
            RegtestNode.await("three blocks", () -> node.height() >= height + 3);
        }
        RegtestNode.await("no block is without an answer", () -> found.pending() == 0);
        for (int i = height + 1; i <= node.height(); i++)
            assertTrue(
                    node.rawBlock(node.rpc("getblockhash", i).textValue()).contains("2f417468616e6f722f"),
                    "block " + i + " bears our tag");
    }

    @Test
    void aChangedTipMakesJobsStaleAtOnce() throws Exception {
        try (var miner = new HandMiner(pool.address())) {
            var old = miner.awaitJobOn(node.best());
            var tip = node.generate(1).getFirst();
            var job = miner.awaitJobOn(tip);
            assertTrue(job.clean());
            var late = assertInstanceOf(ShareVerdict.Rejected.class, verdict(miner, HandMiner.find(old, true)));
            assertEquals(ShareVerdict.Reason.JOB_NOT_FOUND, late.reason());
            assertEquals(tip, node.best());
            mineBlock(miner);
        }
    }

    @Test
    void invalidSharesAreRefused() throws Exception {
        try (var miner = new HandMiner(pool.address())) {
            var job = miner.awaitJobOn(node.best());
            var weak = assertInstanceOf(ShareVerdict.Rejected.class, verdict(miner, HandMiner.find(job, false)));
            assertEquals(ShareVerdict.Reason.LOW_DIFFICULTY, weak.reason());
            var share = mineBlock(miner);
            var again = assertInstanceOf(ShareVerdict.Rejected.class, verdict(miner, share));
            assertTrue(
                    again.reason() == ShareVerdict.Reason.DUPLICATE
                            || again.reason() == ShareVerdict.Reason.JOB_NOT_FOUND,
                    again.toString());
        }
    }

    @Test
    void aBlockFoundWhileTheNodeIsDownIsDeliveredWhenItIsBack() throws Exception {
        try (var miner = new HandMiner(pool.address())) {
            var job = miner.awaitJobOn(node.best());
            node.stop();
            RegtestNode.await("the loss is noticed", () -> !templates.status().connected());
            var share = HandMiner.find(job, true);
            var verdict = miner.submit(share);
            RegtestNode.await("the block is kept", () -> found.pending() == 1);
            node.start();
            awaitTip(share.hash());
            assertInstanceOf(ShareVerdict.Accepted.class, verdict.get(30, TimeUnit.SECONDS));
            RegtestNode.await("the answer", () -> found.pending() == 0);
            mineBlock(miner); // and on it goes
        }
    }

    @Test
    void aLongerBranchOrphansOurBlockAndGivesNewJobs() throws Exception {
        int height = node.height();
        try (var other = RegtestNode.start(kind, Files.createTempDirectory(nodes, "node"));
                var miner = new HandMiner(pool.address())) {
            other.takeBlocksOf(node, 1, height);
            var share = mineBlock(miner);
            other.generate(2);
            node.takeBlocksOf(other, height + 1, height + 2);
            awaitTip(other.best());
            assertTrue(miner.awaitJobOn(other.best()).clean());
            RegtestNode.await(
                    "the block's fate", () -> fates.contains(new BlockFate.Orphaned(share.hash(), height + 1)));
            var late = assertInstanceOf(ShareVerdict.Rejected.class, verdict(miner, HandMiner.find(share.job(), true)));
            assertEquals(ShareVerdict.Reason.JOB_NOT_FOUND, late.reason());
            mineBlock(miner);
        }
    }

    @Test
    void aPoolThatIsKilledBeforeTheNodeAnsweredDeliversAtItsNextStart() throws Exception {
        endPool();
        var log = folder.resolve("killed");
        var command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "pool",
                "--node",
                node.url().toString(),
                "--payout",
                kind.address,
                "--share-log",
                log.toString(),
                "--difficulty",
                "1e-6",
                "--listen",
                "127.0.0.1:0");
        var secret = node.userAndPassword();
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("ATHANOR_NODE_USER", secret.substring(0, secret.indexOf(':')));
        builder.environment().put("ATHANOR_NODE_PASSWORD", secret.substring(secret.indexOf(':') + 1));
        HandMiner.Share share;
        var child = builder.start();
        try (var output = child.inputReader()) {
            var said = new ArrayList<String>();
            for (var line = output.readLine(); line != null; line = output.readLine()) {
                said.add(line);
                if (line.startsWith("pool on stratum+tcp://127.0.0.1:")) break;
            }
            assertTrue(said.getLast().startsWith("pool on "), said.toString());
            int port = Integer.parseInt(said.getLast().replaceAll("^[^,]*:(\\d+), .*", "$1"));
            try (var miner = new HandMiner(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
                share = HandMiner.find(miner.awaitJobOn(node.best()), true);
                node.stop();
                var answer = miner.submit(share);
                var file = log.resolve("blocks/" + share.hash() + ".pending.hex");
                RegtestNode.await("the block on the disk", () -> Files.exists(file));
                child.destroyForcibly().waitFor();
                RegtestNode.await("the connection's end", answer::isDone);
            }
        } finally {
            child.destroyForcibly().waitFor();
            if (!node.isRunning()) node.start();
        }
        folder = log;
        startPool();
        awaitTip(share.hash());
        int height = node.height();
        RegtestNode.await("the verdict", () -> delivered(new BlockVerdict.Accepted(height, share.hash()), true));
    }

    /** Whether this is all that was heard, with what the block pays. */
    private boolean delivered(BlockVerdict.Accepted verdict, boolean again) {
        return fates.size() == 1
                && fates.getFirst() instanceof BlockFate.Delivered heard
                && heard.hash().equals(verdict.hash())
                && heard.verdict().equals(verdict)
                && heard.again() == again
                && heard.coinbaseSats().orElse(0) > 0;
    }

    /** bcoin publishes nothing, so a publisher of the test's own says what Bitcoin Core would. */
    @Test
    void aNotificationByZmqBringsATemplate() throws Exception {
        endPool();
        try (var context = new ZContext();
                var publisher = context.createSocket(SocketType.PUB)) {
            int port = publisher.bindToRandomPort("tcp://127.0.0.1");
            startPool(Optional.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
            long before = templates.status().templates();
            RegtestNode.await("a notification", () -> {
                publisher.send("hashblock", ZMQ.SNDMORE);
                publisher.send(new byte[32], ZMQ.SNDMORE);
                publisher.send(new byte[4]);
                return templates.status().notifications() > 0;
            });
            RegtestNode.await("a template", () -> templates.status().templates() > before);
            assertEquals(Optional.empty(), templates.status().problem());
        }
    }

    @Test
    void addressesOfAnotherChainAreRefused() throws Exception {
        for (var payout : List.of("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "1FsSia9rv4NeEwvJ2GvXrX7LyxYspbN2mo"))
            try (var refused = NodeTemplates.start(
                    NodeTemplates.Config.of(node.url(), node.credentials(), Payouts.to(PayoutAddress.parse(payout))),
                    InstantSource.system())) {
                var why = assertThrows(NodeException.class, () -> refused.awaitTemplate(Duration.ofSeconds(30)));
                assertTrue(why.getMessage().endsWith("is of main, and the node's chain is regtest"), why.getMessage());
            }
    }
}
