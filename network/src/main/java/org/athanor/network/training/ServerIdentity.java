package org.athanor.network.training;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.athanor.training.mailbox.ObjectStore;

/**
 * A server's certificate, made by itself at its first start and kept. No authority vouches for it: join tokens carry its hash.
 *
 * @param context for the server's sockets
 * @param sha256  of the certificate, in hexadecimal
 */
public record ServerIdentity(SSLContext context, String sha256) {
    private static final String ALIAS = "server";
    private static final int PASSWORD_BYTES = 24;

    /**
     * Reads the identity in {@code folder}, or makes it there.
     *
     * @throws IOException when it cannot be read or made
     */
    public static ServerIdentity in(Path folder) throws IOException, InterruptedException {
        JobFolder.make(folder);
        var keys = folder.resolve("identity.p12");
        var password = folder.resolve("identity.password");
        if (!Files.exists(keys)) {
            make(folder, keys, password);
        }
        var secret = Files.readString(password).strip().toCharArray();
        try (var input = Files.newInputStream(keys)) {
            var store = KeyStore.getInstance("PKCS12");
            store.load(input, secret);
            var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(store, secret);
            var context = SSLContext.getInstance("TLSv1.3");
            context.init(managers.getKeyManagers(), null, null);
            return new ServerIdentity(
                    context, ObjectStore.hash(store.getCertificate(ALIAS).getEncoded()));
        } catch (GeneralSecurityException | IOException wrong) {
            throw new IOException(keys + " cannot be used as the server's identity: " + wrong.getMessage(), wrong);
        }
    }

    /** By the JDK's own keytool: no library is needed for one certificate. */
    private static void make(Path folder, Path keys, Path password) throws IOException, InterruptedException {
        var random = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(random);
        var secret = HexFormat.of().formatHex(random);
        JobFolder.writeSecret(password, secret);
        var fresh = folder.resolve("identity.new");
        Files.deleteIfExists(fresh);
        var keytool = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        ALIAS,
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=Athanor",
                        "-validity",
                        "36500",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        fresh.toString(),
                        "-storepass:file",
                        password.toString()))
                .redirectErrorStream(true)
                .start();
        keytool.getOutputStream().close();
        String said;
        try (var output = keytool.getInputStream()) {
            said = new String(output.readAllBytes(), StandardCharsets.UTF_8);
        }
        if (keytool.waitFor() != 0) {
            throw new IOException("the server's certificate cannot be made: " + said.strip());
        }
        try (var channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
            channel.force(true); // what a power cut left half would be nobody's identity
        }
        Files.move(fresh, keys, StandardCopyOption.ATOMIC_MOVE);
    }
}
