package org.athanor.stratum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.athanor.hash.Sha256d;
import org.athanor.hash.Target;
import org.athanor.stratum.ShareVerdict.Accepted;
import org.athanor.stratum.ShareVerdict.Reason;
import org.athanor.stratum.ShareVerdict.Rejected;
import org.athanor.units.Work;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StratumClientTest {
    private static final byte[] EXTRANONCE2 = {0, 0, 0, 1};

    static final class Events implements StratumClient.Listener {
        final BlockingQueue<MiningJob> jobs = new LinkedBlockingQueue<>();
        final BlockingQueue<ShareEvent> verdicts = new LinkedBlockingQueue<>();
        final CompletableFuture<String> disconnected = new CompletableFuture<>();

        @Override
        public void job(MiningJob job, Target target) {
            assertEquals(job.target(), target);
            jobs.add(job);
        }

        @Override
        public void verdict(ShareEvent event) {
            verdicts.add(event);
        }

        @Override
        public void disconnected(String why) {
            assertTrue(disconnected.complete(why), "told once");
        }

        MiningJob job() throws InterruptedException {
            var job = jobs.poll(10, TimeUnit.SECONDS);
            assertTrue(job != null, "no job came");
            return job;
        }
    }

    private final Events events = new Events();

    private static StratumClient.Config config(InetSocketAddress pool) {
        return StratumClient.Config.of(pool, "home.heater", "athanor/0.1");
    }

    private static StratumClient.Config impatient(InetSocketAddress pool) {
        return new StratumClient.Config(pool, "u", "x", "a", true, Optional.empty(), Duration.ofMillis(200));
    }

    private static void shut(AutoCloseable early) throws Exception {
        early.close();
    }

    private StratumClient connect(FakePool pool) {
        return StratumClient.connect(config(pool.address()), events);
    }

    /** The pool's end of a connection whose other end is being made. */
    private static CompletableFuture<Wire> welcome(FakePool pool) {
        var wire = new CompletableFuture<Wire>();
        Thread.ofVirtual().start(() -> {
            try {
                wire.complete(pool.welcome());
            } catch (IOException | RuntimeException e) {
                wire.completeExceptionally(e);
            }
        });
        return wire;
    }

    @Test
    void minesAgainstTheServer() throws Exception {
        var chain = new LocalChain(Target.ofBits(0x1f0fffff), () -> Instant.parse("2026-01-10T12:00:00Z"));
        var sink = new RecordingSink();
        var difficulty = new BigDecimal("2e-10");
        try (var server = StratumServer.start(
                        StratumServer.Config.of(StratumServerTest.loopback(), DifficultyPolicy.fixed(difficulty)),
                        chain,
                        sink);
                var client = StratumClient.connect(config(server.address()), events)) {
            var job = events.job();
            if (job.versionMask() == 0) job = events.job();
            assertEquals(0x1fffe000, job.versionMask());
            assertEquals(8, job.extranonce2Size());
            var extranonce2 = new byte[8];
            int nonce = 0;
            while (job.network().metBy(Sha256d.hash(job.header(extranonce2, job.ntime(), 0x2000, nonce)))) nonce++;
            var verdict = client.submit(job, extranonce2, job.ntime(), OptionalInt.of(0x2000), nonce)
                    .get(10, TimeUnit.SECONDS);
            assertEquals(new Accepted(Work.ofHashes(java.math.BigInteger.ONE), false), verdict);
            assertEquals(sink.events(), List.copyOf(events.verdicts));

            var again = client.submit(job, extranonce2, job.ntime(), OptionalInt.of(0x2000), nonce)
                    .get(10, TimeUnit.SECONDS);
            assertEquals(new Rejected(Reason.DUPLICATE, "duplicate share"), again);

            int block = 0;
            while (!job.network().metBy(Sha256d.hash(job.header(extranonce2, job.ntime(), 0, block)))) block++;
            var found = client.submit(job, extranonce2, job.ntime(), OptionalInt.empty(), block)
                    .get(10, TimeUnit.SECONDS);
            assertTrue(((Accepted) found).block());
            assertEquals(1, chain.height());
            var next = events.job();
            assertTrue(next.clean());
            assertEquals(next, client.job().orElseThrow());
            assertEquals(sink.events(), List.copyOf(events.verdicts));
            assertTrue(client.open());
            shut(server);
            assertTrue(events.disconnected.get(10, TimeUnit.SECONDS).contains("closed"));
            assertFalse(client.open());
            var late = client.submit(next, extranonce2, next.ntime(), OptionalInt.empty(), 1);
            assertThrows(ExecutionException.class, () -> late.get(10, TimeUnit.SECONDS));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            'result':null,'error':[21,'Job not found',null]                          | JOB_NOT_FOUND  | Job not found
            'result':null,'error':[22,'Duplicate share',null]                        | DUPLICATE      | Duplicate share
            'error':[23,'low']                                                       | LOW_DIFFICULTY | low
            'result':false,'error':null,'reject-reason':'Stale'                      | JOB_NOT_FOUND  | Stale
            'result':false,'error':null,'reject-reason':'Above target'               | LOW_DIFFICULTY | Above target
            'result':false,'error':null,'reject-reason':'Duplicate'                  | DUPLICATE      | Duplicate
            'result':false,'error':null,'reject-reason':'Invalid JobID'              | JOB_NOT_FOUND  | Invalid JobID
            'result':false,'error':null,'reject-reason':'Ntime out of range'         | OTHER          | Ntime out of range
            'result':null,'error':{'code':24,'message':'unauthorized worker'}        | UNAUTHORIZED   | unauthorized worker
            'result':null,'error':'not subscribed'                                   | NOT_SUBSCRIBED | not subscribed
            'result':null,'error':[99,'strange',null]                                | OTHER          | strange
            'result':null,'error':null                                               | OTHER          | refused without a reason
            'result':true,'error':[20,'contradiction',null]                          | OTHER          | contradiction
            """)
    void understandsEveryFormOfRefusal(String answer, Reason reason, String detail) throws Exception {
        try (var pool = new FakePool()) {
            var welcomed = welcome(pool);
            try (var client = connect(pool);
                    var wire = welcomed.get(10, TimeUnit.SECONDS)) {
                wire.send(FakePool.NOTIFY);
                var future = client.submit(events.job(), EXTRANONCE2, 0x504e86ed, OptionalInt.empty(), 0xb2957c02);
                var submit = wire.next();
                wire.send("{'id':" + submit.path("id") + "," + answer + "}");
                assertEquals(new Rejected(reason, detail), future.get(10, TimeUnit.SECONDS));
            }
        }
    }

    @Test
    void submitsAreWrittenAsPoolsExpectThem() throws Exception {
        try (var pool = new FakePool()) {
            var welcomed = welcome(pool);
            try (var client = connect(pool);
                    var wire = welcomed.get(10, TimeUnit.SECONDS)) {
                wire.send("{'method':'mining.set_difficulty','params':[2],'id':null}");
                wire.send(FakePool.NOTIFY);
                var job = events.job();
                assertEquals(Target.ofDifficulty(BigDecimal.TWO), job.target());
                var plain = client.submit(job, EXTRANONCE2, 0x504e86ed, OptionalInt.empty(), 0x00957c02);
                assertEquals(
                        "[\"home.heater\",\"bf\",\"00000001\",\"504e86ed\",\"00957c02\"]",
                        wire.next().path("params").toString());
                var rolled = client.submit(job, EXTRANONCE2, 0x504e86ed, OptionalInt.of(0x2000), 1);
                assertEquals("00002000", wire.next().path("params").path(5).asText());
                assertFalse(plain.isDone() || rolled.isDone());
            }
        }
    }

    /** Answers may come in another order than the questions. */
    @Test
    void verdictsAreMatchedByIdAndOldJobsKeepTheirDifficulty() throws Exception {
        try (var pool = new FakePool()) {
            var welcomed = welcome(pool);
            try (var client = connect(pool);
                    var wire = welcomed.get(10, TimeUnit.SECONDS)) {
                wire.send("{'method':'mining.set_difficulty','params':[2e-10],'id':null}");
                wire.send(FakePool.NOTIFY);
                var first = events.job();
                wire.send("{'method':'mining.set_difficulty','params':['0.5'],'id':null}");
                wire.send("{'method':'mining.set_extranonce','params':['0800000203',2],'id':null}");
                wire.send(FakePool.NOTIFY.replace("'bf'", "'c0'"));
                var second = events.job();
                assertEquals(Target.MAX, first.target());
                assertEquals(4, first.extranonce2Size());
                assertEquals(Target.ofDifficulty(new BigDecimal("0.5")), second.target());
                assertEquals(2, second.extranonce2Size());
                var a = client.submit(first, EXTRANONCE2, first.ntime(), OptionalInt.empty(), 1);
                var b = client.submit(second, new byte[2], first.ntime(), OptionalInt.empty(), 2);
                var idA = wire.next().path("id");
                var idB = wire.next().path("id");
                wire.send("{'id':12345,'result':true,'error':null}"); // nobody asked
                wire.send("{'id':" + idB + ",'result':true,'error':null}");
                wire.send("{'id':" + idA + ",'result':true,'error':null}");
                assertEquals(Work.ofTarget(second.target().value()), ((Accepted) b.get(10, TimeUnit.SECONDS)).work());
                assertEquals(Work.ofHashes(java.math.BigInteger.ONE), ((Accepted) a.get(10, TimeUnit.SECONDS)).work());
                assertEquals(
                        List.of("c0", "bf"),
                        events.verdicts.stream().map(ShareEvent::jobId).toList());
            }
        }
    }

    @Test
    void whatThePoolLeavesUnansweredFailsWhenTheConnectionBreaks() throws Exception {
        try (var pool = new FakePool()) {
            var welcomed = welcome(pool);
            try (var client = connect(pool);
                    var wire = welcomed.get(10, TimeUnit.SECONDS)) {
                wire.send(FakePool.NOTIFY);
                var job = events.job();
                var future = client.submit(job, EXTRANONCE2, job.ntime(), OptionalInt.empty(), 1);
                wire.next();
                shut(wire);
                var failure = assertThrows(ExecutionException.class, () -> future.get(10, TimeUnit.SECONDS));
                assertTrue(failure.getCause() instanceof StratumException);
                events.disconnected.get(10, TimeUnit.SECONDS);
                assertTrue(events.verdicts.isEmpty());
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            not even JSON                                                | does not speak Stratum
            {'method':'mining.notify','params':['bf'],'id':null}         | a job that cannot be read
            {'method':'mining.notify','params':[],'id':null}             | a job that cannot be read
            {'method':'mining.set_difficulty','params':[0],'id':null}    | difficulty
            {'method':'mining.set_difficulty','params':['x'],'id':null}  | difficulty
            {'method':'mining.set_version_mask','params':[{}],'id':null} | version mask
            {'method':'mining.set_extranonce','params':['zz',4]}         | extranonces
            {'method':'mining.set_extranonce','params':['00',400]}       | extranonces
            {'method':'client.reconnect','params':['evil.example',1,0]}  | connect again
            """)
    void nonsenseFromThePoolEndsTheConnectionWithAReason(String line, String words) throws Exception {
        try (var pool = new FakePool()) {
            var welcomed = welcome(pool);
            try (var client = connect(pool);
                    var wire = welcomed.get(10, TimeUnit.SECONDS)) {
                wire.send(line);
                var why = events.disconnected.get(10, TimeUnit.SECONDS);
                assertTrue(why.contains(words), why);
                assertFalse(client.open());
            }
        }
    }

    @Test
    void answersWhatThePoolAsks() throws Exception {
        try (var pool = new FakePool()) {
            var welcomed = welcome(pool);
            try (var client = connect(pool);
                    var wire = welcomed.get(10, TimeUnit.SECONDS)) {
                wire.send("{'id':'v','method':'client.get_version','params':[]}");
                assertEquals(
                        "{\"id\":\"v\",\"result\":\"athanor/0.1\",\"error\":null}",
                        wire.next().toString());
                wire.send("{'id':9,'method':'mining.ping','params':[]}");
                assertEquals("pong", wire.next().path("result").asText());
                assertTrue(client.open());
            }
        }
    }

    @Test
    void aMinerThatIsFasterThanItsPoolWaitsAndLosesNothing() throws Exception {
        try (var pool = new FakePool()) {
            var welcomed = welcome(pool);
            try (var client = connect(pool);
                    var wire = welcomed.get(10, TimeUnit.SECONDS)) {
                wire.send(FakePool.NOTIFY);
                var job = events.job();
                var submitted = new AtomicInteger();
                var miner = Thread.ofVirtual().start(() -> {
                    for (int nonce = 0; nonce < 3000; nonce++) {
                        assertFalse(client.submit(job, EXTRANONCE2, job.ntime(), OptionalInt.empty(), nonce)
                                .isCompletedExceptionally());
                        submitted.incrementAndGet();
                    }
                });
                Until.holds(() -> submitted.get() == 1024 && miner.getState() == Thread.State.TIMED_WAITING);
                for (int i = 0; i < 3000; i++)
                    wire.send("{'id':" + wire.next().path("id") + ",'result':true,'error':null}");
                Until.holds(() -> events.verdicts.size() == 3000);
                assertTrue(client.open());
            }
        }
    }

    @Test
    void closingIsNotToldAsALoss() throws Exception {
        try (var pool = new FakePool()) {
            var welcomed = welcome(pool);
            var client = connect(pool);
            try (var wire = welcomed.get(10, TimeUnit.SECONDS)) {
                client.close();
                assertTrue(wire.closedByPeer());
                assertFalse(events.disconnected.isDone());
            }
        }
    }

    @Test
    void aPoolThatCannotBeReachedIsAClearError() throws IOException {
        InetSocketAddress nobody;
        try (var pool = new FakePool()) {
            nobody = pool.address();
        }
        var refused = assertThrows(StratumException.class, () -> StratumClient.connect(config(nobody), events));
        assertTrue(refused.getMessage().contains("cannot reach the pool at"), refused.getMessage());
        var unknown = assertThrows(
                StratumException.class,
                () -> StratumClient.connect(
                        config(InetSocketAddress.createUnresolved("no.such.pool.invalid", 3333)), events));
        assertTrue(unknown.getMessage().contains("unknown host"), unknown.getMessage());
    }

    @Test
    void aPoolThatSaysNothingIsGivenUp() throws Exception {
        try (var pool = new FakePool()) {
            var silent = assertThrows(
                    StratumException.class, () -> StratumClient.connect(impatient(pool.address()), events));
            assertTrue(silent.getMessage().contains("did not answer mining.subscribe"), silent.getMessage());
        }
    }

    @Test
    void aRefusedUserIsAClearError() throws Exception {
        try (var pool = new FakePool()) {
            Thread.ofVirtual().start(() -> {
                try {
                    var wire = pool.accept();
                    for (var request = wire.next(); request != null; request = wire.next())
                        wire.send(
                                request.path("method").asText().equals("mining.subscribe")
                                        ? "{'id':" + request.path("id") + ",'result':[[],'00',4],'error':null}"
                                        : "{'id':" + request.path("id") + ",'result':null,'error':[24,'who?',null]}");
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            var refused = assertThrows(StratumException.class, () -> connect(pool));
            assertEquals("the pool refused user home.heater: who?", refused.getMessage());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "stratum+tcp://127.0.0.1:3333, 127.0.0.1, 3333",
        "stratum+tcp://pool.example.org:443/, pool.example.org, 443",
        "stratum+tcp://[::1]:3333, ::1, 3333",
    })
    void poolAddressesAreRead(String text, String host, int port) {
        assertEquals(new PoolAddress(host, port), PoolAddress.parse(text));
        assertEquals(
                PoolAddress.parse(text),
                PoolAddress.parse(PoolAddress.parse(text).toString()));
        assertEquals(
                port,
                PoolAddress.parse("stratum+tcp://127.0.0.1:" + port).socket().getPort());
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:3333",
        "stratum+ssl://pool:1",
        "stratum+tcp://pool",
        "stratum+tcp://pool:0",
        "stratum+tcp://pool:65536",
        "stratum+tcp://:3333",
        "stratum+tcp://user@pool:3333",
        "stratum+tcp://pool:3333/x",
        "http://pool:80",
    })
    void otherAddressesAreRefusedWithWhatIsAccepted(String text) {
        var refused = assertThrows(IllegalArgumentException.class, () -> PoolAddress.parse(text));
        assertTrue(refused.getMessage().contains("accepted is"), refused.getMessage());
    }
}
