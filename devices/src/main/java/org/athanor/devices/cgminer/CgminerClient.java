package org.athanor.devices.cgminer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Serial;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.IntStream;
import org.athanor.devices.DeviceException;
import org.athanor.devices.DeviceException.Kind;
import org.athanor.devices.HostNames;

/**
 * The cgminer API over TCP: one request a connection, one at a time, the reply ends with NUL.
 *
 * <p>Reading stops at the NUL, since some firmwares leave the socket open after it. The whole exchange has one time
 * limit, and a reply has a size limit: the longest known (a rack miner's estats) is 9 kB.
 */
public final class CgminerClient {
    static final int LARGEST_REPLY = 256 * 1024;
    private static final int QUOTED = 80;

    private final String device;
    private final InetSocketAddress address;
    private final Duration timeout;

    /** @throws IllegalArgumentException for a time-out that is not positive */
    public CgminerClient(String device, InetSocketAddress address, Duration timeout) {
        if (timeout.isNegative() || timeout.isZero())
            throw new IllegalArgumentException(device + ": time-out " + timeout + " (must be positive)");
        this.device = device;
        this.address = address;
        this.timeout = timeout;
    }

    /** @throws DeviceException if there is no reply, or none that can be understood; an error reply is returned */
    public CgminerReply request(String command, String parameter) {
        return requestOrSilence(command, parameter)
                .orElseThrow(() -> failure(Kind.GARBLED, command, parameter, "closed without a reply", null));
    }

    /** As {@link #request}, with a session before the parameter, which messages do not show. */
    public CgminerReply requestInSession(String command, String session, String parameter) {
        var whole = parameter.isEmpty() ? session : session + "," + parameter;
        var text = exchange(command, parameter, json(command, whole));
        if (text.isEmpty()) throw failure(Kind.GARBLED, command, parameter, "closed without a reply", null);
        return parse(command, parameter, text);
    }

    /** As {@link #request}, but empty when the device took the request and closed without a word. */
    public Optional<CgminerReply> requestOrSilence(String command, String parameter) {
        var text = exchange(command, parameter, json(command, parameter));
        return text.isEmpty() ? Optional.empty() : Optional.of(parse(command, parameter, text));
    }

    private static String json(String command, String parameter) {
        return "{\"command\":\"" + command + "\"" + (parameter.isEmpty() ? "" : ",\"parameter\":\"" + parameter + "\"")
                + "}";
    }

    /**
     * A reply that says yes, is whole and answers what was asked.
     *
     * @param codes with which the device answers this command: a reply bears no name of its request, but its code tells one
     *     command's from another's
     * @throws DeviceException if there is no such reply
     */
    public CgminerReply ask(String command, String parameter, int... codes) {
        return accepted(command, parameter, request(command, parameter), codes);
    }

    /** {@code reply}, if it says yes, is whole and has one of {@code codes}; otherwise the exception that says what it is. */
    public CgminerReply accepted(String command, String parameter, CgminerReply reply, int... codes) {
        if (reply.refused()) throw failure(Kind.REFUSED, command, parameter, reply.described(), null);
        if (IntStream.of(codes).noneMatch(code -> code == reply.code()))
            throw failure(Kind.GARBLED, command, parameter, "a reply to another request: " + reply.described(), null);
        if (!reply.whole()) throw failure(Kind.GARBLED, command, parameter, "the reply is cut off", null);
        return reply;
    }

    /** @throws DeviceException of kind GARBLED if the text is no reply */
    public CgminerReply parse(String command, String parameter, String text) {
        try {
            return CgminerReply.parse(text);
        } catch (IllegalArgumentException e) {
            throw failure(Kind.GARBLED, command, parameter, e.getMessage() + ": " + quote(text), e);
        }
    }

    /**
     * Sends any request and brings the text that comes back, empty if the device closed without a word.
     *
     * @param command and {@code parameter}: for messages, so without secrets
     * @throws DeviceException if there is no whole reply in time
     */
    public synchronized String exchange(String command, String parameter, String request) {
        try {
            return exchange(request);
        } catch (SocketTimeoutException e) {
            throw failure(Kind.UNREACHABLE, command, parameter, "no whole reply within " + timeout, e);
        } catch (ReplyTooLongException e) {
            throw failure(Kind.GARBLED, command, parameter, e.getMessage(), e);
        } catch (IOException e) {
            throw failure(Kind.UNREACHABLE, command, parameter, e.toString(), e);
        }
    }

    /** @param cause may be null */
    public DeviceException failure(Kind kind, String command, String parameter, String what, Throwable cause) {
        var operation = parameter.isEmpty() ? command : command + " " + parameter;
        return new DeviceException(
                kind,
                operation + " on " + device + " at " + address.getHostString() + ":" + address.getPort() + ": " + what,
                cause);
    }

    private String exchange(String request) throws IOException {
        long deadline = System.nanoTime() + timeout.toNanos();
        try (var socket = new Socket()) {
            socket.setTcpNoDelay(true);
            socket.connect(HostNames.now(address), millisUntil(deadline));
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            var in = socket.getInputStream();
            var reply = new ByteArrayOutputStream(4096);
            var buffer = new byte[4096];
            while (true) {
                socket.setSoTimeout(millisUntil(deadline));
                int count = in.read(buffer);
                if (count < 0) break;
                int end = 0;
                while (end < count && buffer[end] != 0) end++;
                reply.write(buffer, 0, end);
                if (end < count) break;
                if (reply.size() > LARGEST_REPLY)
                    throw new ReplyTooLongException("more than " + LARGEST_REPLY + " bytes without an end");
            }
            return reply.toString(StandardCharsets.UTF_8);
        }
    }

    private static int millisUntil(long deadline) throws SocketTimeoutException {
        long nanos = deadline - System.nanoTime();
        if (nanos <= 0) throw new SocketTimeoutException("deadline passed");
        return (int) Math.min(Integer.MAX_VALUE, nanos / 1_000_000 + 1); // 0 would mean no limit
    }

    private static String quote(String text) {
        var printable = text.replaceAll("\\p{Cntrl}", "?");
        return "\"" + (printable.length() > QUOTED ? printable.substring(0, QUOTED) + "…" : printable) + "\"";
    }

    private static final class ReplyTooLongException extends IOException {
        @Serial
        private static final long serialVersionUID = 1;

        ReplyTooLongException(String message) {
            super(message);
        }
    }
}
