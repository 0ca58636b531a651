package org.athanor.stratum;

import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A pool as users write it.
 *
 * @param tls whether it is reached by TLS only
 */
public record PoolAddress(String host, int port, boolean tls) {
    private static final Pattern FORM =
            Pattern.compile("stratum\\+(tcp|ssl)://(\\[[0-9a-fA-F:.]+]|[^\\s:/@\\[\\]]+):([0-9]{1,5})/?");

    public PoolAddress {
        if (host.isEmpty() || port < 1 || port > 65535)
            throw new IllegalArgumentException(
                    "pool \"" + host + ":" + port + "\": accepted is a host and a port from 1 to 65535");
    }

    /** Without TLS. */
    public PoolAddress(String host, int port) {
        this(host, port, false);
    }

    /**
     * For callers that connect without TLS: they must not be given an address whose owner asked for it.
     *
     * @throws IllegalArgumentException unless it reads {@code stratum+tcp://HOST:PORT}
     */
    public static PoolAddress parse(String text) {
        return read(text)
                .filter(address -> !address.tls())
                .orElseThrow(() -> refused(text, "stratum+tcp://HOST:PORT, such as stratum+tcp://127.0.0.1:3333"));
    }

    /** @throws IllegalArgumentException unless it reads as in {@link #parse}, or {@code stratum+ssl://HOST:PORT} */
    public static PoolAddress parseWithTls(String text) {
        return read(text).orElseThrow(() -> refused(text, "stratum+tcp://HOST:PORT or stratum+ssl://HOST:PORT"));
    }

    private static IllegalArgumentException refused(String text, String accepted) {
        return new IllegalArgumentException("pool \"" + Json.clean(text) + "\": accepted is " + accepted);
    }

    private static Optional<PoolAddress> read(String text) {
        var matcher = FORM.matcher(text);
        if (!matcher.matches()) return Optional.empty();
        var host = matcher.group(2);
        if (host.startsWith("[")) host = host.substring(1, host.length() - 1);
        return Optional.of(new PoolAddress(
                host, Integer.parseInt(matcher.group(3)), matcher.group(1).equals("ssl")));
    }

    /** Looks the name up; an unknown host is found out when it is dialled. */
    public InetSocketAddress socket() {
        return new InetSocketAddress(host, port);
    }

    @Override
    public String toString() {
        return (tls ? "stratum+ssl://" : "stratum+tcp://") + (host.contains(":") ? "[" + host + "]" : host) + ":"
                + port;
    }
}
