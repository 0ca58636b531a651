package org.athanor.training.mailbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OutsideLineTest {
    private ServerSocket store;
    private volatile String answer = "";

    @BeforeEach
    void start() throws IOException {
        store = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> {
            while (true) {
                try (var line = store.accept()) {
                    var asked =
                            new BufferedReader(new InputStreamReader(line.getInputStream(), StandardCharsets.US_ASCII));
                    while (!asked.readLine().isEmpty()) {} // the request's head
                    var head = "HTTP/1.1 403 Forbidden\r\nContent-Length: " + answer.length()
                            + "\r\nConnection: close\r\n\r\n";
                    line.getOutputStream().write((head + answer).getBytes(StandardCharsets.US_ASCII));
                } catch (IOException closed) {
                    if (store.isClosed()) return;
                }
            }
        });
    }

    @AfterEach
    void stop() throws IOException {
        store.close();
    }

    private String refused() {
        var address = "127.0.0.1:" + store.getLocalPort();
        try (var line = new OutsideLine("127.0.0.1", new Throttle(0))) {
            var place = URI.create("http://" + address + "/bucket/object?X-Amz-Signature=secret");
            var failed = assertThrows(MailboxException.class, () -> line.get(place, 0));
            assertEquals(MailboxException.Kind.UNREACHABLE, failed.kind());
            return failed.getMessage().replace(address, "STORE");
        }
    }

    /** A coordinator whose clock is wrong signs addresses that no store takes: its words are the only hint. */
    @Test
    void whatAStoreSaysOfItsRefusalIsRepeated() {
        assertEquals("the store STORE answers with status 403", refused());
        answer = "<?xml version='1.0'?><Error><Code>RequestTimeTooSkewed</Code>"
                + "<Message>The difference between the request time and the current time is too large.</Message></Error>";
        assertEquals(
                "the store STORE answers with status 403: RequestTimeTooSkewed, "
                        + "The difference between the request time and the current time is too large.",
                refused());
    }

    @Test
    void whatWasSignedIsNotRepeated() {
        answer = "<Error><Code>SignatureDoesNotMatch</Code><Message>see /bucket/object?X-Amz-Signature=secret</Message>"
                + "<StringToSign>AWS4-HMAC-SHA256 20261128T000000Z</StringToSign></Error>";
        assertEquals("the store STORE answers with status 403: SignatureDoesNotMatch", refused());
        answer = "<html>" + "x".repeat(100_000);
        assertEquals("the store STORE answers with status 403", refused());
    }
}
