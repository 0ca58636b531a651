package org.athanor.stratum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.athanor.hash.Target;
import org.athanor.stratum.ShareVerdict.Accepted;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsTest {
    private static final BigDecimal EVERY_HASH = new BigDecimal("2e-10");

    private final SSLContext context = TestKey.CONTEXT;
    private final String sha256 = TestKey.SHA256;

    private final RecordingSink sink = new RecordingSink();
    private final LocalChain chain =
            new LocalChain(Target.ofBits(0x1d00ffff), () -> Instant.parse("2026-01-10T12:00:00Z"));
    private final StratumClientTest.Events events = new StratumClientTest.Events();

    private StratumServer server() {
        return StratumServer.start(
                StratumServer.Config.of(StratumServerTest.loopback(), DifficultyPolicy.fixed(EVERY_HASH))
                        .withTls(context)
                        .withRegularWork(Duration.ofMinutes(1)),
                chain,
                sink);
    }

    private static void shut(AutoCloseable early) throws Exception {
        early.close();
    }

    private static StratumClient.Config config(StratumServer server) {
        return StratumClient.Config.of(server.address(), "home.heater", "athanor/0.1");
    }

    @Test
    void minesOverTlsWithThePoolsPinnedCertificate() throws Exception {
        var colons = sha256.toUpperCase(Locale.ROOT).replaceAll("..(?!$)", "$0:");
        try (var server = server();
                var client = StratumClient.connect(config(server).withTls(new PoolTrust.Pinned(colons)), events)) {
            var job = events.job();
            if (job.versionMask() == 0) job = events.job();
            for (int nonce = 0; nonce < 200; nonce++) {
                var verdict = client.submit(job, new byte[8], job.ntime(), OptionalInt.empty(), nonce)
                        .get(10, TimeUnit.SECONDS);
                assertTrue(verdict instanceof Accepted, verdict.toString());
            }
            assertEquals(200, sink.events().size());
            server.refresh();
            events.job();
            shut(server);
            assertFalse(events.disconnected.get(10, TimeUnit.SECONDS).isEmpty());
        }
    }

    @Test
    void anotherCertificateThanThePinnedIsRefusedAndNamed() {
        try (var server = server()) {
            var pinned = config(server).withTls(new PoolTrust.Pinned("00".repeat(32)));
            var refused = assertThrows(StratumException.class, () -> StratumClient.connect(pinned, events));
            assertTrue(refused.getMessage().contains(sha256), refused.getMessage());
        }
    }

    @Test
    void aCertificateOfNoKnownAuthorityIsRefused() {
        try (var server = server()) {
            var system = config(server).withTls(new PoolTrust.SystemStore());
            var refused = assertThrows(StratumException.class, () -> StratumClient.connect(system, events));
            assertTrue(refused.getMessage().contains("certif"), refused.getMessage());
            Until.holds(() -> server.clients().isEmpty());
        }
    }

    @Test
    void anAuthoritysCertificateMustBearThePoolsName() throws Exception {
        try (var server = server()) {
            for (var name : List.of("pool.example.org", "other.example.org"))
                try (var socket = new Socket(
                        server.address().getAddress(), server.address().getPort())) {
                    var named = InetSocketAddress.createUnresolved(
                            name, server.address().getPort());
                    var patience = Duration.ofSeconds(10);
                    if (name.startsWith("pool")) Tls.over(socket, named, context, "HTTPS", patience);
                    else assertThrows(IOException.class, () -> Tls.over(socket, named, context, "HTTPS", patience));
                }
        }
    }

    @Test
    void whoSpeaksNoTlsIsDroppedAndTheOthersGoOn() throws Exception {
        try (var server = server();
                var client = StratumClient.connect(config(server).withTls(new PoolTrust.Pinned(sha256)), events);
                var plain = new Wire(server.address())) {
            plain.raw("{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[]}\n");
            assertTrue(plain.closedByPeer());
            Until.holds(() -> server.clients().size() == 1);
            assertTrue(client.open());
        }
    }

    @Test
    void aPoolThatNeverShakesHandsIsGivenUp() throws Exception {
        try (var silent = new FakePool()) {
            var config = new StratumClient.Config(
                    silent.address(),
                    "u",
                    "x",
                    "a",
                    true,
                    Optional.empty(),
                    Duration.ofMillis(200),
                    Optional.of(new PoolTrust.Pinned(sha256)));
            var refused = assertThrows(StratumException.class, () -> StratumClient.connect(config, events));
            assertTrue(refused.getMessage().startsWith("cannot reach the pool"), refused.getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1234", "zz", "sha256"})
    void aPinThatIsNoSha256IsRefused(String pin) {
        assertThrows(IllegalArgumentException.class, () -> new PoolTrust.Pinned(pin));
    }

    @Test
    void addressesSayWhetherTheyWantTlsAndAreNeverReadAsPlain() {
        var address = PoolAddress.parseWithTls("stratum+ssl://pool.example.org:443");
        assertEquals(new PoolAddress("pool.example.org", 443, true), address);
        assertEquals("stratum+ssl://pool.example.org:443", address.toString());
        assertFalse(PoolAddress.parseWithTls("stratum+tcp://[::1]:3333").tls());
        assertThrows(IllegalArgumentException.class, () -> PoolAddress.parse(address.toString()));
        assertThrows(IllegalArgumentException.class, () -> PoolAddress.parseWithTls("stratum+tls://pool:1"));
    }
}
