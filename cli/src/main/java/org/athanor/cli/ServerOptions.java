package org.athanor.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.util.Collections;
import java.util.HexFormat;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.athanor.cli.terminal.Addresses;
import org.athanor.cli.terminal.UserMistake;
import org.athanor.stratum.DifficultyPolicy;
import org.athanor.stratum.StratumServer;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** How miners are served. */
final class ServerOptions {
    static final String PASSWORD_VARIABLE = "ATHANOR_KEYSTORE_PASSWORD";

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:3333",
            converter = Addresses.class,
            description = "Where miners connect (default: ${DEFAULT-VALUE}; port 0 takes a free one).")
    private InetSocketAddress listen;

    @Option(
            names = "--tls-keystore",
            paramLabel = "FILE",
            description =
                    "Serves miners by TLS, and by nothing else, with the key in this PKCS#12 file, whose password is"
                            + " in " + PASSWORD_VARIABLE + " in the environment (make one with keytool -genkeypair).")
    private Path keystore;

    @Option(
            names = "--max-connections",
            paramLabel = "N",
            defaultValue = "16384",
            description = "Further connections are closed at once (default: ${DEFAULT-VALUE}).")
    private int connections;

    boolean tls() {
        return keystore != null;
    }

    /** How miners write where it listens. */
    String url(InetSocketAddress address) {
        return (tls() ? "stratum+ssl://" : "stratum+tcp://") + Addresses.text(address);
    }

    /** @throws ParameterException if an option cannot be understood */
    void check(CommandLine command) {
        if (connections < 1)
            throw new ParameterException(command, "--max-connections " + connections + ": accepted is 1 or more");
    }

    /** @throws UserMistake if the key cannot be read */
    StratumServer.Config config(DifficultyPolicy difficulty) {
        var usual = StratumServer.Config.of(listen, difficulty);
        var config =
                new StratumServer.Config(listen, difficulty, connections, usual.maximumLine(), usual.maximumQueue());
        return tls() ? config.withTls(context()) : config;
    }

    private SSLContext context() {
        try {
            var password = password();
            var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store(password), password);
            var context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new UserMistake(
                    "--tls-keystore " + keystore + ": no key can be read with the password in " + PASSWORD_VARIABLE
                            + " (" + e.getMessage() + "); accepted is a PKCS#12 file",
                    e);
        }
    }

    /** SHA-256 of the certificate's DER, for those who pin it. */
    String certificate() {
        try {
            var store = store(password());
            for (var alias : Collections.list(store.aliases()))
                if (store.isKeyEntry(alias))
                    return HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256")
                                    .digest(store.getCertificate(alias).getEncoded()));
            throw new UserMistake("--tls-keystore " + keystore + ": there is no key in it");
        } catch (IOException | GeneralSecurityException e) {
            throw new UserMistake("--tls-keystore " + keystore + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }

    private KeyStore store(char[] password) throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(keystore)) {
            store.load(in, password);
        } catch (NoSuchFileException e) {
            throw new UserMistake("--tls-keystore " + keystore + ": no such file", e);
        }
        return store;
    }

    private char[] password() {
        var password = System.getenv(PASSWORD_VARIABLE);
        if (password == null)
            throw new UserMistake("--tls-keystore " + keystore + ": " + PASSWORD_VARIABLE
                    + " is missing in the environment: accepted is the file's password");
        return password.toCharArray();
    }
}
