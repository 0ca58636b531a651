package org.athanor.stratum;

import java.net.InetSocketAddress;
import java.util.regex.Pattern;

/** A pool as users write it. */
public record PoolAddress(String host, int port) {
    private static final Pattern FORM =
            Pattern.compile("stratum\\+tcp://(\\[[0-9a-fA-F:.]+]|[^\\s:/@\\[\\]]+):([0-9]{1,5})/?");

    public PoolAddress {
        if (host.isEmpty() || port < 1 || port > 65535)
            throw new IllegalArgumentException(
                    "pool \"" + host + ":" + port + "\": accepted is a host and a port from 1 to 65535");
    }

    /** @throws IllegalArgumentException unless it reads {@code stratum+tcp://HOST:PORT} */
    public static PoolAddress parse(String text) {
        var matcher = FORM.matcher(text);
        if (!matcher.matches())
            throw new IllegalArgumentException("pool \"" + Json.clean(text)
                    + "\": accepted is stratum+tcp://HOST:PORT, such as stratum+tcp://127.0.0.1:3333");
        var host = matcher.group(1);
        if (host.startsWith("[")) host = host.substring(1, host.length() - 1);
        return new PoolAddress(host, Integer.parseInt(matcher.group(2)));
    }

    /** Looks the name up; an unknown host is found out when it is dialled. */
    public InetSocketAddress socket() {
        return new InetSocketAddress(host, port);
    }

    @Override
    public String toString() {
        return "stratum+tcp://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
