package org.athanor.devices;

import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** Names in a home are a router's to give: they come later than a program after a power cut, and change their address in time. */
public final class HostNames {
    private HostNames() {}

    /**
     * The address that belongs to the name now.
     *
     * @param configured by name or number, resolved or not
     * @throws UnknownHostException if nobody knows the name, with a sentence that says so
     */
    public static InetSocketAddress now(InetSocketAddress configured) throws UnknownHostException {
        var fresh = new InetSocketAddress(configured.getHostString(), configured.getPort());
        if (fresh.isUnresolved())
            throw new UnknownHostException("the name " + configured.getHostString() + " is not known to this network");
        return fresh;
    }
}
