package org.athanor.devices.discovery;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * Addresses of a home's network that a person has named.
 *
 * @param first as a number
 * @param count of addresses from there on
 */
public record Subnet(int first, int count) {
    /** A home's network has 254; a few thousand take minutes. */
    private static final int LARGEST = 4096;

    /**
     * Reads 192.168.1.0/24 or a single address.
     *
     * @throws IllegalArgumentException for anything else, for more than 4096 addresses, and for those of the internet
     */
    public static Subnet parse(String text) {
        int slash = text.indexOf('/');
        int bits = 32;
        InetAddress address;
        try {
            if (slash >= 0) bits = Integer.parseInt(text.substring(slash + 1));
            address = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "subnet " + text + " (such as 192.168.1.0/24, or one address, is accepted)", e);
        }
        if (!(address instanceof Inet4Address) || bits < 20 || bits > 32)
            throw new IllegalArgumentException(
                    "subnet " + text + " (IPv4 with /20 to /32, at most " + LARGEST + " addresses, is accepted)");
        if (!address.isSiteLocalAddress() && !address.isLoopbackAddress() && !address.isLinkLocalAddress())
            throw new IllegalArgumentException("subnet " + text
                    + " (a private network, 10.*, 172.16-31.*, 192.168.*, 169.254.* or 127.*, is accepted:"
                    + " the internet is not searched)");
        int number = 0;
        for (byte part : address.getAddress()) number = (number << 8) | (part & 0xff);
        int count = 1 << (32 - bits);
        int first = number & -count;
        // its own name and its broadcast are no devices
        return count > 2 ? new Subnet(first + 1, count - 2) : new Subnet(first, count);
    }

    public List<InetAddress> addresses() {
        var addresses = new ArrayList<InetAddress>();
        for (int i = 0; i < count; i++) {
            int number = first + i;
            addresses.add(InetAddress.ofLiteral((number >>> 24) + "." + ((number >>> 16) & 0xff) + "."
                    + ((number >>> 8) & 0xff) + "." + (number & 0xff)));
        }
        return addresses;
    }
}
