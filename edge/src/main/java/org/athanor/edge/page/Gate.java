package org.athanor.edge.page;

import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Decides whether a request may pass, from its headers alone.
 *
 * <p>Host: a name that an attacker's page resolved to this address (DNS rebinding) is not ours. Origin and
 * Sec-Fetch-Site: browsers add them to a page's writes, and a page elsewhere cannot forge them. Programs that send
 * neither, such as curl, may write: they run with their user's rights already.
 */
final class Gate {
    private final Set<String> hosts = new HashSet<>();
    private final Set<String> origins = new HashSet<>();

    Gate(Set<String> names, int port) {
        for (var name : names) {
            var host = name.toLowerCase(Locale.ROOT);
            hosts.add(host + ":" + port);
            origins.add("http://" + host + ":" + port);
            if (port == 80) {
                hosts.add(host);
                origins.add("http://" + host);
            }
        }
    }

    /** Why a request is refused, if it is. */
    Optional<String> refusesRequest(String host) {
        if (host != null && hosts.contains(host.toLowerCase(Locale.ROOT))) return Optional.empty();
        return Optional.of("Host " + shown(host) + ": this page answers to " + String.join(", ", sorted(hosts)));
    }

    /** Why a write is refused, if it is. */
    Optional<String> refusesWrite(String origin, String fetchSite) {
        if (origin != null && !origins.contains(origin.toLowerCase(Locale.ROOT)))
            return Optional.of(
                    "Origin " + shown(origin) + ": only this page itself may change a setting, not another one");
        if (fetchSite != null && !fetchSite.equals("same-origin") && !fetchSite.equals("none"))
            return Optional.of("Sec-Fetch-Site " + shown(fetchSite) + ": same-origin or none is accepted");
        return Optional.empty();
    }

    private static Iterable<String> sorted(Set<String> values) {
        return values.stream().sorted().toList();
    }

    private static String shown(String header) {
        if (header == null) return "(missing)";
        return header.length() <= 100 ? header : header.substring(0, 100) + "...";
    }
}
