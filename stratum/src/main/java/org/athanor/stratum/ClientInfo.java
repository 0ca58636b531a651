package org.athanor.stratum;

import java.math.BigDecimal;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * A connection of the server as it stands now.
 *
 * @param users authorized on it
 * @param difficulty of the jobs that it gets from now on
 */
public record ClientInfo(
        InetSocketAddress address,
        String agent,
        List<String> users,
        BigDecimal difficulty,
        long accepted,
        long rejected) {
    public ClientInfo {
        users = List.copyOf(users);
    }
}
