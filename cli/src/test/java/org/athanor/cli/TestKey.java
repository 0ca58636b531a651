package org.athanor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A key with a certificate of its own making, as a pool may have. */
final class TestKey {
    private TestKey() {}

    /** @param file PKCS12; made here, with the alias {@code pool} */
    static void make(Path file, String password) throws Exception {
        var keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "pool",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=pool.example.org",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        password,
                        "-keystore",
                        file.toString())
                .redirectErrorStream(true)
                .start();
        var said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, keytool.waitFor(), said);
    }
}
