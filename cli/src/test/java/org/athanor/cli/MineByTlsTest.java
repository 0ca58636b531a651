package org.athanor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.athanor.hash.Target;
import org.athanor.stratum.DifficultyPolicy;
import org.athanor.stratum.LocalChain;
import org.athanor.stratum.ShareVerdict;
import org.athanor.stratum.StratumServer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code athanor mine --pool stratum+ssl://...} against a pool whose certificate no authority has signed. */
class MineByTlsTest {
    private static final char[] PASSWORD = "only for this test".toCharArray();

    private static SSLContext context;
    private static String sha256;

    private static final Duration SOON = Duration.ofSeconds(90);

    private final AtomicInteger accepted = new AtomicInteger();

    @BeforeAll
    static void makeAKey(@TempDir Path folder) throws Exception {
        var file = folder.resolve("key.p12");
        TestKey.make(file, String.valueOf(PASSWORD));
        var store = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
        sha256 = HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256")
                        .digest(store.getCertificate("pool").getEncoded()));
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD);
        context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
    }

    private StratumServer pool() {
        return StratumServer.start(
                StratumServer.Config.of(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                                DifficultyPolicy.fixed(new BigDecimal("2e-10")))
                        .withTls(context),
                new LocalChain(Target.ofDifficulty(BigDecimal.ONE), InstantSource.system()),
                event -> {
                    if (event.verdict() instanceof ShareVerdict.Accepted) accepted.incrementAndGet();
                });
    }

    private static Child mine(StratumServer pool, String... more) throws Exception {
        var arguments = new ArrayList<>(List.of(
                "mine", "--pool", "stratum+ssl://127.0.0.1:" + pool.address().getPort()));
        arguments.addAll(List.of("--user", "me", "--threads", "1"));
        arguments.addAll(List.of(more));
        return Child.start(Main.class, arguments.toArray(String[]::new));
    }

    @Test
    void thePinnedCertificateIsEnough() throws Exception {
        try (var pool = pool();
                var miner = mine(pool, "--pool-certificate", sha256)) {
            miner.await("accepted shares", SOON, line -> line.matches(".* [1-9]\\d* accepted,.*"));
            assertTrue(accepted.get() > 0);
        }
    }

    @Test
    void aCertificateThatNobodyKnowsIsRefused() throws Exception {
        try (var pool = pool();
                var trusting = mine(pool);
                var pinning =
                        mine(pool, "--pool-certificate", (sha256.startsWith("0") ? "1" : "0") + sha256.substring(1))) {
            for (var miner : List.of(trusting, pinning))
                miner.await("a refusal", SOON, line -> line.contains("not connected") && line.contains("certificat"));
            assertEquals(0, accepted.get());
        }
    }
}
