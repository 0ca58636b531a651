package org.athanor.devices.whatsminer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.athanor.devices.DeviceException;
import org.athanor.devices.DeviceException.Kind;
import org.athanor.devices.HostNames;
import org.athanor.devices.http.JsonHttp;

/**
 * Version 3 of a Whatsminer's API: a length of four bytes, the lowest first, and JSON, in both directions. One request a
 * connection, with one time limit for the whole of it, and a size limit.
 */
final class WhatsminerV3Client {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LARGEST_REPLY = 256 * 1024;

    private final String device;
    private final InetSocketAddress address;
    private final Duration timeout;

    WhatsminerV3Client(String device, InetSocketAddress address, Duration timeout) {
        if (timeout.isNegative() || timeout.isZero())
            throw new IllegalArgumentException(device + ": time-out " + timeout + " (must be positive)");
        this.device = device;
        this.address = address;
        this.timeout = timeout;
    }

    /**
     * @return a reply that says yes and answers this command: it bears its name
     * @throws DeviceException if there is none
     */
    synchronized JsonNode request(ObjectNode request) {
        var command = request.path("cmd").textValue();
        var reply = parsed(command, exchange(command, request.toString()));
        var code = reply.path("code");
        if (!code.isInt()) throw failure(Kind.GARBLED, command, "no code in its reply", null);
        if (code.intValue() != 0)
            throw failure(
                    Kind.REFUSED,
                    command,
                    JsonHttp.quote(reply.path("msg").asText()) + " (code " + code + ")" + advice(command),
                    null);
        var answered = reply.path("desc").asText();
        if (!answered.equals(command))
            throw failure(Kind.GARBLED, command, "a reply to another request: \"" + answered + "\"", null);
        return reply;
    }

    private static String advice(String command) {
        return command.startsWith("set.")
                ? ": if it is about the token or permission, its account or password is wrong, or its API may not write"
                        + " yet; see WhatsMinerTool"
                : "";
    }

    private JsonNode parsed(String command, byte[] text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            var quoted = JsonHttp.quote(new String(text, StandardCharsets.UTF_8));
            throw failure(Kind.GARBLED, command, "not JSON: " + quoted, e);
        }
    }

    private byte[] exchange(String command, String request) {
        long deadline = System.nanoTime() + timeout.toNanos();
        try (var socket = new Socket()) {
            socket.setTcpNoDelay(true);
            socket.connect(HostNames.now(address), millisUntil(deadline));
            socket.getOutputStream().write(framed(request));
            int length = ByteBuffer.wrap(read(socket, 4, deadline))
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .getInt();
            if (length < 2 || length > LARGEST_REPLY)
                throw failure(
                        Kind.GARBLED,
                        command,
                        "a reply of " + length + " bytes (2 to " + LARGEST_REPLY + " are accepted)",
                        null);
            return read(socket, length, deadline);
        } catch (SocketTimeoutException e) {
            throw failure(Kind.UNREACHABLE, command, "no whole reply within " + timeout, e);
        } catch (EOFException e) {
            throw failure(Kind.GARBLED, command, "the reply is cut off: " + e.getMessage(), e);
        } catch (IOException e) {
            throw failure(Kind.UNREACHABLE, command, e.toString(), e);
        }
    }

    private static byte[] framed(String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(4 + bytes.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(bytes.length)
                .put(bytes)
                .array();
    }

    private static byte[] read(Socket socket, int length, long deadline) throws IOException {
        InputStream in = socket.getInputStream();
        var bytes = new byte[length];
        int at = 0;
        while (at < length) {
            socket.setSoTimeout(millisUntil(deadline));
            int count = in.read(bytes, at, length - at);
            if (count < 0) throw new EOFException("closed after " + at + " of " + length + " bytes");
            at += count;
        }
        return bytes;
    }

    private static int millisUntil(long deadline) throws SocketTimeoutException {
        long nanos = deadline - System.nanoTime();
        if (nanos <= 0) throw new SocketTimeoutException("deadline passed");
        return (int) Math.min(Integer.MAX_VALUE, nanos / 1_000_000 + 1); // 0 would mean no limit
    }

    /** @param cause may be null */
    DeviceException failure(Kind kind, String command, String what, Throwable cause) {
        return new DeviceException(
                kind,
                command + " on " + device + " at " + address.getHostString() + ":" + address.getPort() + ": " + what,
                cause);
    }
}
