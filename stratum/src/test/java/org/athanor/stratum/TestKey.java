package org.athanor.stratum;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.athanor.hash.Hex;

/** A key made for this run, for pool.example.org and localhost; its certificate is trusted by nobody but the context. */
final class TestKey {
    private static final char[] PASSWORD = "only for this test".toCharArray();

    static final SSLContext CONTEXT;
    static final String SHA256;

    static {
        try {
            var store = store();
            var certificate = store.getCertificate("pool");
            SHA256 = Hex.encode(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
            var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, PASSWORD);
            var trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            trusted.setCertificateEntry("pool", certificate);
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            CONTEXT = SSLContext.getInstance("TLS");
            CONTEXT.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        } catch (IOException | GeneralSecurityException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private TestKey() {}

    private static KeyStore store() throws IOException, GeneralSecurityException, InterruptedException {
        var folder = Files.createTempDirectory("test-key");
        var file = folder.resolve("key.p12");
        try {
            make(file);
            var store = KeyStore.getInstance("PKCS12");
            try (var in = Files.newInputStream(file)) {
                store.load(in, PASSWORD);
            }
            return store;
        } finally {
            Files.deleteIfExists(file);
            Files.delete(folder);
        }
    }

    private static void make(Path file) throws IOException, InterruptedException {
        var tool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        var arguments = List.of(
                tool,
                "-genkeypair",
                "-alias",
                "pool",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-validity",
                "2",
                "-dname",
                "CN=pool.example.org",
                "-ext",
                "san=dns:pool.example.org,dns:localhost",
                "-storetype",
                "PKCS12",
                "-storepass",
                String.valueOf(PASSWORD),
                "-keystore",
                file.toString());
        var keytool = new ProcessBuilder(arguments).redirectErrorStream(true).start();
        var said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (keytool.waitFor() != 0) throw new AssertionError(said);
    }
}
