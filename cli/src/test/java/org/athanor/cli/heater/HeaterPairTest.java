package org.athanor.cli.heater;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.athanor.cli.Main;
import org.athanor.edge.Tick;
import org.athanor.edge.page.PageServer;
import org.athanor.edge.page.Pairing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeaterPairTest {
    private static final Instant START = Instant.parse("2019-01-05T06:00:00Z");
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private final StringWriter said = new StringWriter();

    @TempDir
    private Path folder;

    private int pair(int port) {
        var line = Main.commandLine();
        line.setOut(new PrintWriter(said, true));
        line.setErr(new PrintWriter(said, true));
        return line.execute("heater", "pair", "--port", Integer.toString(port));
    }

    private static String answer(int port, String host) throws IOException {
        try (var socket = new Socket(LOOPBACK, port)) {
            socket.getOutputStream()
                    .write(("GET /api/access HTTP/1.1\r\nHost: " + host + ":" + port + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void theRunningHeaterGivesACodeAndAnswersToTheNameOfItsComputer() throws Exception {
        var setup = HeaterFile.parse("heater.yaml", """
                tariff: {kind: flat, price: 0.3}
                state: state
                rooms:
                  - {id: study, floorArea: 15, thermometer: {kind: shelly, address: "127.0.0.1:9"}}
                heaters:
                  - {id: pc, kind: computer, threads: 1}
                """, folder);
        try (var home = HeaterHome.open(setup, () -> new Tick(START, 0), () -> START, _ -> {})) {
            var pairing = new Pairing(home.journal(), () -> START);
            try (var page = PageServer.start(
                    new InetSocketAddress(LOOPBACK, 0), home.house().rooms(), Optional.of(pairing), List.of())) {
                int port = page.address().getPort();
                assertEquals(0, pair(port), said::toString);
                assertTrue(
                        said.toString()
                                .contains("code " + pairing.code().orElseThrow().digits() + ", good until"),
                        said.toString());
                var name = InetAddress.getLocalHost().getHostName().split("\\.", 2)[0];
                assertTrue(answer(port, name + ".local").startsWith("HTTP/1.1 200"), name);
                assertTrue(answer(port, "elsewhere.example").startsWith("HTTP/1.1 403"));
            }
        }
    }

    @Test
    void withoutARunningHeaterItSaysSo() throws IOException {
        int port;
        try (var free = new ServerSocket(0, 1, LOOPBACK)) {
            port = free.getLocalPort();
        }
        assertEquals(1, pair(port));
        assertTrue(said.toString().contains("(nobody listens there): is athanor heater run running?"), said.toString());
    }
}
