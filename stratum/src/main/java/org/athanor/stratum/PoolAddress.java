package org.athanor.stratum;

import java.net.InetSocketAddress;

/** A pool as users write it. */
public record PoolAddress(String host, int port) {
    /** @throws IllegalArgumentException unless it reads {@code stratum+tcp://HOST:PORT} */
    public static PoolAddress parse(String text) {
        throw new UnsupportedOperationException("parse");
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
