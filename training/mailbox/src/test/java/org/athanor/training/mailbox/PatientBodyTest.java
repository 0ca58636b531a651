package org.athanor.training.mailbox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PatientBodyTest {
    private static final Duration SILENCE = Duration.ofMillis(400);

    private ServerSocket server;
    private final List<Socket> lines = new CopyOnWriteArrayList<>();

    /** Says that ten bytes will come, and sends five. */
    @BeforeEach
    void start() throws IOException {
        server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> {
            try {
                var line = server.accept();
                lines.add(line);
                line.getOutputStream()
                        .write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345"
                                .getBytes(StandardCharsets.US_ASCII));
            } catch (IOException _) {
                // the test is over
            }
        });
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        for (var line : lines) line.close();
    }

    private static PatientBody patient(HttpClient client, URI address, Duration silence) throws Exception {
        var response = client.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofInputStream());
        return new PatientBody(response.body(), silence);
    }

    @Test
    void aLineThatDiesWithoutAWordEndsWithOne() throws Exception {
        var address = URI.create("http://127.0.0.1:" + server.getLocalPort() + "/");
        try (var client = HttpClient.newHttpClient();
                var body = patient(client, address, SILENCE)) {
            var broke = assertThrows(IOException.class, body::readAllBytes);
            assertTrue(broke.getMessage().contains("nothing has come for"), broke.toString());
        }
    }

    @Test
    void whoTakesItsTimeToReadIsNotSilence() throws Exception {
        var bytes = new byte[] {1, 2, 3, 4, 5, 6};
        try (var body = new PatientBody(InputStream.nullInputStream(), SILENCE)) {
            Thread.sleep(2 * SILENCE.toMillis());
            assertArrayEquals(new byte[0], body.readAllBytes());
        }
        try (var body = new PatientBody(new java.io.ByteArrayInputStream(bytes), SILENCE)) {
            var first = body.read();
            Thread.sleep(2 * SILENCE.toMillis());
            assertArrayEquals(new byte[] {2, 3, 4, 5, 6}, body.readAllBytes());
            assertTrue(first == 1);
        }
    }
}
