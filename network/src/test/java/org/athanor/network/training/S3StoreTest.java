package org.athanor.network.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.athanor.training.job.JobSpec;
import org.athanor.training.mailbox.CoordinatorClient;
import org.athanor.training.mailbox.MailboxException;
import org.athanor.training.mailbox.MailboxException.Kind;
import org.athanor.training.mailbox.Messages;
import org.athanor.training.mailbox.Messages.Phase;
import org.athanor.training.mailbox.ObjectStore;
import org.athanor.training.mailbox.Throttle;
import org.athanor.training.model.GptShape;
import org.athanor.training.outer.LocalModel;
import org.athanor.training.rounds.RoundRules;
import org.athanor.training.update.Codec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.exception.SdkClientException;

/** A job whose objects lie in an S3 store: its server is real, and another process. */
@Timeout(90)
class S3StoreTest {
    private static final RoundRules RULES =
            new RoundRules(2, 0.5, Duration.ofMinutes(10), Duration.ofSeconds(20), true);
    private static final String JOB = "ab".repeat(32);
    private static final Messages.Join REQUEST = new Messages.Join("test", "", "");

    @TempDir
    static Path shared;

    @TempDir
    Path folder;

    private static ServerIdentity identity;
    private static S3Server store;

    private final List<AutoCloseable> opened = new ArrayList<>();

    @BeforeAll
    static void startStore() throws Exception {
        identity = ServerIdentity.in(shared);
        store = S3Server.start(shared);
    }

    @AfterAll
    static void stopStore() {
        store.close();
    }

    @AfterEach
    void close() throws Exception {
        for (var each : opened.reversed()) each.close();
    }

    private <T extends AutoCloseable> T open(T what) {
        opened.add(what);
        return what;
    }

    private static byte[] random(int length, int seed) {
        var bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /** Of an object that comes as one. */
    private static Messages.Piece whole(S3Store bucket, String hash, int bytes) throws IOException {
        var place = bucket.bringTo(hash, bytes);
        assertFalse(place.more());
        assertEquals(1, place.pieces().size());
        return place.pieces().getFirst();
    }

    private static int put(Messages.Piece place, byte[] body) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(place.url()));
        place.headers().forEach((name, value) -> {
            if (!Set.of("host", "content-length").contains(name)) request.header(name, value);
        });
        try (var client = HttpClient.newHttpClient()) {
            return client.send(
                            request.PUT(HttpRequest.BodyPublishers.ofByteArray(body))
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
    }

    @Test
    void anAddressIsGoodForOneObjectAndNamesNoSecret() throws Exception {
        var bucket = open(store.open("trials", JOB));
        var object = random(5000, 1);
        var hash = ObjectStore.hash(object);
        assertNull(bucket.get(hash, 5000));
        var place = whole(bucket, hash, object.length);
        assertFalse((place.url() + place.headers()).contains(S3Server.SECRET), place.url());
        assertTrue(place.url().contains("/jobs/trials/abababababababab/" + hash), place.url());
        var signed = place.url().replace("%3B", ";");
        assertTrue(signed.matches(".*X-Amz-SignedHeaders=[^&]*content-length.*"), "its length is signed: " + signed);
        var told = place.url() + place.headers();
        assertTrue(told.contains("x-amz-checksum-sha256") || told.contains("X-Amz-Checksum-Sha256"), told);
        assertEquals(200, put(place, object));
        assertArrayEquals(object, bucket.get(hash, 5000));
        assertEquals(1001, bucket.get(hash, 1000).length, "of a longer object just one byte more is read");
        try (var client = HttpClient.newHttpClient()) {
            var fetched = client.send(
                    HttpRequest.newBuilder(bucket.fetchFrom(hash)).build(), HttpResponse.BodyHandlers.ofByteArray());
            assertArrayEquals(object, fetched.body());
        }
        assertEquals(Set.of(hash), bucket.all().keySet());
        bucket.delete(hash);
        assertEquals(Set.of(), bucket.all().keySet());
    }

    @Test
    void aSignatureIsForOneMethodOneLengthAndOneContent() throws Exception {
        var gate = open(new SignatureGate(store.settings("").endpoint(), S3Server.SECRET));
        var bucket = open(S3Store.open(
                new S3Settings(S3Server.BUCKET, gate.address(), "us-east-1", "gate", false), JOB, S3Server.KEYS));
        var object = random(5000, 8);
        var place = whole(bucket, ObjectStore.hash(object), object.length);
        assertEquals(403, put(place, random(5001, 8)), "another length");
        assertEquals(
                403,
                put(new Messages.Piece(0, 5000, place.url(), Map.of()), object),
                "without the hash that was signed");
        var other = place.url().replace(ObjectStore.hash(object), "0".repeat(64));
        assertEquals(403, put(new Messages.Piece(0, 5000, other, place.headers()), object), "another object");
        var fetch = new Messages.Piece(
                0, 5000, bucket.fetchFrom(ObjectStore.hash(object)).toString(), Map.of());
        assertEquals(403, put(fetch, object), "an address to fetch from");
        assertEquals(0, gate.passed());
        assertEquals(200, put(place, object));
    }

    @Test
    void theStoreItselfRefusesAnotherContent() throws Exception {
        var bucket = open(store.open("", JOB));
        var hash = ObjectStore.hash(random(5000, 2));
        assertEquals(400, put(whole(bucket, hash, 5000), random(5000, 3)));
        assertNull(bucket.get(hash, 5000));
    }

    @Test
    void whatCannotBeUsedIsSaidAtOnce() throws Exception {
        var nowhere = new S3Settings("no-such-bucket", store.settings("").endpoint(), "us-east-1", "", false);
        var missing = assertThrows(IOException.class, () -> S3Store.open(nowhere, JOB, S3Server.KEYS));
        assertTrue(missing.getMessage().contains("no-such-bucket"), missing.getMessage());
        assertTrue(missing.getMessage().contains("(404)"), missing.getMessage());
        var stranger = assertThrows(IOException.class, () -> S3Store.open(store.untrusted(), JOB, S3Server.KEYS));
        assertTrue(stranger.getMessage().contains("cannot be asked"), stranger.getMessage());
        assertFalse(stranger.getMessage().contains(S3Server.SECRET), stranger.getMessage());
        var keyless = assertThrows(
                IOException.class,
                () -> S3Store.open(store.settings(""), JOB, () -> {
                    throw SdkClientException.create("no keys");
                }));
        assertTrue(keyless.getMessage().contains("AWS_ACCESS_KEY_ID"), keyless.getMessage());
        var plain = URI.create("http://10.0.0.1:9000");
        assertThrows(IllegalArgumentException.class, () -> new S3Settings("jobs", plain, "x", "", false));
        assertEquals(plain, new S3Settings("jobs", plain, "x", "", true).endpoint());
        assertTrue(
                S3Settings.problem(URI.create("https://user:word@host"), false).contains("https://HOST"));
    }

    @Test
    void aLargeObjectComesInPartsAndGoesOnWhereTheLineBroke() throws Exception {
        var spec = TinyJob.in(folder, 1, new GptShape(1, 1, 432, 4, 8, false, 0));
        var gate = open(new SignatureGate(store.settings("").endpoint(), S3Server.SECRET));
        var settings = new S3Settings(S3Server.BUCKET, gate.address(), "us-east-1", "parts", false);
        var job = new Job(spec, settings);
        var client = job.member(new Throttle(0));
        client.get(spec.shards().getFirst().hash(), 400); // it learns where objects are
        var object = random((int) S3Store.PART + 1_000_000, 8);
        var hash = ObjectStore.hash(object);
        gate.breaks("partNumber=2&");
        var broke = assertThrows(MailboxException.class, () -> client.put(object));
        assertEquals(Kind.UNREACHABLE, broke.kind());
        assertFalse(job.coordinator.folder().objects().has(hash));
        gate.breaks("partNumber=1&"); // it is there and must not be sent again
        assertEquals(hash, client.put(object));
        assertArrayEquals(object, job.coordinator.folder().objects().read(hash));
        assertEquals(object.length, job.bucket.all().get(hash).bytes());
        assertEquals(0, gate.refused(), "all parts are as they were signed");
    }

    @Test
    void partsOfAnObjectOutliveTheCoordinatorButNotForEver() throws Exception {
        var object = random((int) S3Store.PART + 5000, 9);
        var hash = ObjectStore.hash(object);
        var first = open(store.open("outlive", JOB));
        var place = first.bringTo(hash, object.length);
        assertTrue(place.more());
        assertEquals(
                List.of(0L, S3Store.PART),
                place.pieces().stream().map(Messages.Piece::from).toList());
        var second = place.pieces().getLast();
        assertEquals(200, put(second, Arrays.copyOfRange(object, (int) second.from(), object.length)));
        assertNull(first.get(hash, object.length), "it is not whole");

        var later = open(store.open("outlive", JOB));
        var left = later.bringTo(hash, object.length).pieces();
        assertEquals(List.of(0L), left.stream().map(Messages.Piece::from).toList());
        later.dropUnfinished(Instant.now().minusSeconds(3600));
        assertEquals(1, later.bringTo(hash, object.length).pieces().size(), "it was begun just now");
        later.dropUnfinished(Instant.now().plusSeconds(60));
        assertEquals(2, later.bringTo(hash, object.length).pieces().size(), "it begins anew");
        later.dropUnfinished(Instant.now().plusSeconds(60));
    }

    /** The parts of a job as the command puts them together. */
    private final class Job {
        private final S3Store bucket;
        private final TokenMembership membership;
        private final Coordinator coordinator;
        private final CoordinatorServer server;

        Job(JobSpec spec, String prefix) throws IOException {
            this(spec, store.settings(prefix));
        }

        Job(JobSpec spec, S3Settings settings) throws IOException {
            bucket = open(S3Store.open(settings, spec.id(), S3Server.KEYS));
            membership = new TokenMembership(folder, identity.sha256());
            coordinator = open(Coordinator.start(
                    folder, RULES, InstantSource.system(), (round, last, weights) -> null, null, bucket, new Ledger()));
            server = open(CoordinatorServer.start(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), identity, coordinator, membership));
        }

        CoordinatorClient member(Throttle up) throws Exception {
            var client = open(new CoordinatorClient(
                    URI.create("https://127.0.0.1:" + server.address().getPort()),
                    identity.sha256(),
                    up,
                    new Throttle(0)));
            client.join(membership.invite().secret(), REQUEST);
            return client;
        }
    }

    /** Does all that a worker does, with made-up steps, and ends with the weights that it was told. */
    private static float[] work(CoordinatorClient client, JobSpec spec, String name) throws Exception {
        var shard = spec.shards().getFirst();
        assertEquals(400, client.get(shard.hash(), 400).length);
        var state = client.state(-1);
        var snapshot = state.snapshot();
        var weights =
                Codec.named(snapshot.codec()).decode(client.get(snapshot.hash(), snapshot.bytes()), spec.parameters());
        var local = new LocalModel(spec.outer(), spec.fragments(), weights);
        for (var round = 0; round < spec.rounds(); round++) {
            var update = TinyJob.update(spec, name, round);
            client.put(update);
            var verdict = client.deliver(round, TinyJob.told(update));
            assertTrue(verdict.counts(), verdict.reason());
            state = client.state(round);
            while (state.round() <= round) state = client.state(round);
            for (var change : state.changes()) {
                if (change.round() == round) {
                    local.take(round, client.get(change.hash(), change.bytes()), weights);
                }
            }
        }
        assertEquals(Phase.DONE, state.phase());
        return weights;
    }

    @Test
    void aJobOverTheStoreEndsAsOneOverTheCoordinatorAlone() throws Exception {
        var spec = TinyJob.in(folder, 3);
        var gate = open(new SignatureGate(store.settings("").endpoint(), S3Server.SECRET));
        var job = new Job(spec, new S3Settings(S3Server.BUCKET, gate.address(), "us-east-1", "whole", false));
        var first = job.member(new Throttle(0));
        var second = job.member(new Throttle(0));
        var other = CompletableFuture.supplyAsync(() -> {
            try {
                return work(second, spec, "worker-2");
            } catch (Exception failed) {
                throw new CompletionException(failed);
            }
        });
        var weights = work(first, spec, "worker-1");
        assertArrayEquals(weights, other.get());
        var published = job.coordinator.folder().state().orElseThrow().published();
        assertArrayEquals(job.coordinator.folder().vector(published), weights);

        // as without a store outside
        var plain = folder.resolve("plain");
        TinyJob.in(plain, 3);
        try (var alone = Coordinator.start(plain, RULES, InstantSource.system(), (round, last, told) -> null)) {
            for (var round = 0; round < 3; round++) {
                TinyJob.deliver(alone, "worker-1", round);
                TinyJob.deliver(alone, "worker-2", round);
                alone.await(round, Duration.ofSeconds(10));
            }
            assertEquals(published, alone.folder().state().orElseThrow().published());
        }

        assertEquals(0, gate.refused(), "all that workers send is as it was signed");
        assertTrue(gate.passed() >= 2 * (2 + 3 + 3), "data, snapshot, changes and updates of two: " + gate.passed());

        var updates = 6L * TinyJob.update(spec, "worker-1", 0).length;
        var traffic = job.server.traffic();
        assertTrue(traffic.up() > updates, "updates are counted: " + traffic.up());
        assertTrue(traffic.datasetDown() >= 800, "so is data: " + traffic.datasetDown());
        var state = job.coordinator.state();
        var needed = new HashSet<>(
                Set.of(state.snapshot().hash(), spec.shards().getFirst().hash()));
        state.changes().forEach(change -> needed.add(change.hash()));
        job.coordinator.stop();
        assertEquals(needed, job.bucket.all().keySet(), "updates that were taken in are gone");
    }

    @Test
    void bodiesDoNotPassTheCoordinator() throws Exception {
        var spec = TinyJob.in(folder, 3);
        var job = new Job(spec, "bodies");
        var client = job.member(new Throttle(0));
        client.state(-1);
        client.get(spec.shards().getFirst().hash(), 400);
        // only the folder's copy is spoiled: what arrives whole came from the store
        Files.write(
                job.coordinator.folder().objects().file(spec.shards().getFirst().hash()), new byte[400]);
        assertEquals(400, client.get(spec.shards().getFirst().hash(), 400).length);
        var update = TinyJob.update(spec, "worker-1", 0);
        var before = job.bucket.all().size();
        client.put(update);
        assertEquals(before + 1, job.bucket.all().size());
        assertArrayEquals(update, job.coordinator.folder().objects().read(ObjectStore.hash(update)));
        assertArrayEquals(update, client.get(ObjectStore.hash(update), update.length), "its own it may read");
        var second = TinyJob.update(spec, "worker-2", 0);
        var unaware = job.member(new Throttle(0)); // it has fetched nothing yet, so it does not know where objects are
        unaware.put(second);
        assertEquals(before + 2, job.bucket.all().size());
        assertArrayEquals(second, job.coordinator.folder().objects().read(ObjectStore.hash(second)));
        var stranger = job.member(new Throttle(0));
        var refused = assertThrows(MailboxException.class, () -> stranger.get(ObjectStore.hash(update), update.length));
        assertEquals(Kind.GONE, refused.kind());
    }

    @Test
    void sizesThrottleAndDamageAreHeldAgainstWhatComes() throws Exception {
        var spec = TinyJob.in(folder, 3);
        var job = new Job(spec, "limits");
        var client = job.member(new Throttle(200_000));
        client.get(spec.shards().getFirst().hash(), 400); // it learns where objects are
        var large = assertThrows(MailboxException.class, () -> client.put(new byte[5 << 20]));
        assertTrue(large.getMessage().contains("at most"), large.getMessage());
        var began = System.nanoTime();
        client.put(random(150_000, 4));
        var seconds = (System.nanoTime() - began) / 1e9;
        assertTrue(seconds > 0.45, "150 kB at 200 kB/s took " + seconds + " s");

        // a store that does not look at what it is given
        var object = random(3000, 5);
        var hash = ObjectStore.hash(object);
        var exchange = job.coordinator.exchange();
        exchange.bringTo("worker-1", hash, object.length);
        job.bucket.put(ObjectStore.hash(random(3000, 6)), random(3000, 6));
        assertFalse(exchange.take(hash), "nothing came");
        var other = new Exchange(job.coordinator.folder().objects(), new Careless(job.bucket), InstantSource.system());
        other.bringTo("worker-1", hash, object.length);
        assertThrows(IOException.class, () -> other.take(hash));
        assertFalse(job.coordinator.folder().objects().has(hash));
    }

    /** As where the coordinator's disk was full when it came: its worker would send it again and again. */
    @Test
    void whatLiesInTheStoreWholeIsNotBroughtAgain() throws Exception {
        var job = new Job(TinyJob.in(folder, 3), "whole");
        var exchange = new Exchange(job.coordinator.folder().objects(), job.bucket, InstantSource.system());
        var object = random(9_000_000, 30);
        var hash = ObjectStore.hash(object);
        assertEquals(1, exchange.bringTo("a", hash, 5000).orElseThrow().pieces().size());
        job.bucket.put(hash, object);
        // another coordinator has forgotten that it was waited for
        var again = new Exchange(job.coordinator.folder().objects(), job.bucket, InstantSource.system());
        assertFalse(again.take(hash));
        var place = again.bringTo("a", hash, object.length).orElseThrow();
        assertEquals(List.of(), place.pieces());
        assertFalse(place.here() || place.more());
        assertTrue(again.take(hash));
        assertArrayEquals(object, job.coordinator.folder().objects().read(hash));
    }

    @Test
    void whoAsksWhereToBringMoreThanItEverNeedsWaitsAndDisturbsNobody() throws Exception {
        var job = new Job(TinyJob.in(folder, 3), "hoarder");
        var now = new AtomicReference<>(Instant.now());
        var exchange = new Exchange(job.coordinator.folder().objects(), job.bucket, now::get);
        var hashes = new ArrayList<String>();
        for (var number = 0; number < Uploads.MOST_WAITING; number++) {
            var object = random(3000, 20 + number);
            hashes.add(ObjectStore.hash(object));
            assertTrue(
                    exchange.bringTo("hoarder", hashes.getLast(), object.length).isPresent());
            job.bucket.put(hashes.getLast(), object); // and never says so
            now.updateAndGet(before -> before.plusSeconds(1));
        }
        var one = random(3000, 7);
        var hash = ObjectStore.hash(one);
        assertTrue(exchange.bringTo("hoarder", hash, one.length).isEmpty());
        assertTrue(exchange.bringTo("hoarder", hashes.getFirst(), 3000).isPresent(), "it goes on with what it began");
        assertTrue(exchange.bringTo("other", hash, one.length).isPresent());
        job.bucket.put(hash, one);
        assertTrue(exchange.take(hash), "the other's came");
        now.updateAndGet(before -> before.plus(OutsideStore.GOOD_FOR).minusSeconds(1));
        var next = random(3000, 8);
        assertTrue(
                exchange.bringTo("hoarder", ObjectStore.hash(next), next.length).isPresent());
        assertNull(job.bucket.get(hashes.get(1), 3000), "the one it asked for longest ago made room");
        assertEquals(3000, job.bucket.get(hashes.get(2), 3000).length);
    }

    /** Gives something else than what is asked for. */
    private static class Careless implements OutsideStore {
        private final OutsideStore store;

        Careless(OutsideStore store) {
            this.store = store;
        }

        @Override
        public boolean holds(String hash, long bytes) throws IOException {
            return store.holds(hash, bytes);
        }

        @Override
        public Map<String, Lying> all() throws IOException {
            return store.all();
        }

        @Override
        public void put(String hash, byte[] object) throws IOException {
            store.put(hash, object);
        }

        @Override
        public byte[] get(String hash, long most) {
            return new byte[(int) most];
        }

        @Override
        public void withdraw(String hash) throws IOException {
            store.withdraw(hash);
        }

        @Override
        public void delete(String hash) throws IOException {
            store.delete(hash);
        }

        @Override
        public URI fetchFrom(String hash) {
            return store.fetchFrom(hash);
        }

        @Override
        public Messages.Place bringTo(String hash, long bytes) throws IOException {
            return store.bringTo(hash, bytes);
        }

        @Override
        public void dropUnfinished(Instant old) throws IOException {
            store.dropUnfinished(old);
        }

        @Override
        public void close() {
            store.close();
        }
    }

    @Test
    void aBucketThatLostObjectsIsFilledAgainAndLeftoversGo() throws Exception {
        var spec = TinyJob.in(folder, 3);
        var job = new Job(spec, "lost");
        var shard = spec.shards().getFirst().hash();
        job.bucket.delete(shard);
        var leftover = random(100, 7);
        job.bucket.put(ObjectStore.hash(leftover), leftover);
        job.server.close();
        job.coordinator.close();
        new Job(spec, "lost");
        assertTrue(job.bucket.all().containsKey(shard));
        assertTrue(job.bucket.all().containsKey(ObjectStore.hash(leftover)), "it may just have come");
        var exchange = new Exchange(new ObjectStore(folder.resolve("objects")), job.bucket, InstantSource.system());
        exchange.settle(Set.of(shard), Set.of(), Instant.now().plusSeconds(60));
        assertEquals(Set.of(shard), job.bucket.all().keySet());
    }

    @Test
    void anObjectOfAStoreWithoutTlsElsewhereIsNotFetched() throws Exception {
        var spec = TinyJob.in(folder, 3);
        var bucket = open(S3Store.open(store.settings("plain"), spec.id(), S3Server.KEYS));
        var elsewhere = new Careless(bucket) {
            @Override
            public URI fetchFrom(String hash) {
                return URI.create("http://10.0.0.1:9000/jobs/" + hash + "?X-Amz-Signature=secret");
            }
        };
        var membership = new TokenMembership(folder, identity.sha256());
        var coordinator = open(Coordinator.start(
                folder, RULES, InstantSource.system(), (round, last, weights) -> null, null, elsewhere, new Ledger()));
        var server = open(CoordinatorServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), identity, coordinator, membership));
        var client = open(new CoordinatorClient(
                URI.create("https://127.0.0.1:" + server.address().getPort()),
                identity.sha256(),
                new Throttle(0),
                new Throttle(0)));
        client.join(membership.invite().secret(), REQUEST);
        var refused = assertThrows(
                MailboxException.class,
                () -> client.get(spec.shards().getFirst().hash(), 400));
        assertEquals(Kind.REFUSED, refused.kind());
        assertTrue(refused.getMessage().contains("by https"), refused.getMessage());
        assertFalse(refused.getMessage().contains("secret"), refused.getMessage());
    }

    @Test
    void aJobWaitsForAStoreThatIsAway() throws Exception {
        var spec = TinyJob.in(folder, 1);
        var bucket = open(store.open("away", spec.id()));
        var away = new AtomicBoolean();
        var asked = new CountDownLatch(2);
        var unreliable = new Careless(bucket) {
            @Override
            public void put(String hash, byte[] object) throws IOException {
                if (away.get()) {
                    asked.countDown();
                    throw new IOException("the store is away");
                }
                super.put(hash, object);
            }
        };
        var coordinator = open(Coordinator.start(
                folder, RULES, InstantSource.system(), (round, last, weights) -> null, null, unreliable, new Ledger()));
        away.set(true);
        TinyJob.deliver(coordinator, "a", 0);
        TinyJob.deliver(coordinator, "b", 0);
        asked.await();
        assertEquals(Phase.RUNNING, coordinator.state().phase());
        assertEquals(0, coordinator.state().round(), "what workers could not fetch is not told");
        away.set(false);
        assertTrue(coordinator.awaitEnd(Duration.ofSeconds(20)));
        assertEquals(Phase.DONE, coordinator.state().phase());
        var change = coordinator.state().changes().getLast();
        assertEquals(change.bytes(), bucket.all().get(change.hash()).bytes());
    }
}
