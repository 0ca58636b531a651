package org.athanor.cli.terminal;

import java.net.InetSocketAddress;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code HOST:PORT} and {@code PORT} (on loopback) as socket addresses; IPv6 hosts in brackets. */
public final class Addresses implements ITypeConverter<InetSocketAddress> {
    public static final String LOOPBACK = "127.0.0.1";

    @Override
    public InetSocketAddress convert(String text) {
        int colon = text.lastIndexOf(':');
        var host = colon < 0 ? LOOPBACK : text.substring(0, colon);
        var port = text.substring(colon + 1);
        if (host.startsWith("[") && host.endsWith("]")) host = host.substring(1, host.length() - 1);
        if (host.isEmpty() || !port.matches("\\d{1,5}") || Integer.parseInt(port) > 65_535)
            throw new TypeConversionException(
                    "\"" + text + "\" is not an address (HOST:PORT with a port from 0 to 65535; 0 takes a free one)");
        var address = new InetSocketAddress(host, Integer.parseInt(port));
        if (address.isUnresolved()) throw new TypeConversionException("host \"" + host + "\" is not known");
        return address;
    }

    public static String text(InetSocketAddress address) {
        var host = address.getAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}
