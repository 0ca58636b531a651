package org.athanor.edge.page;

import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.athanor.edge.RefusalReason;
import org.athanor.edge.RefusalWords;

/**
 * Decides whether a request may pass, from its headers alone.
 *
 * <p>Host: a name that an attacker's page resolved to this address (DNS rebinding) is not ours; the very address that was
 * dialled is, since no name was resolved. Origin and Sec-Fetch-Site: browsers add them to a page's writes, and a page
 * elsewhere cannot forge them. Programs that send neither, such as curl, may write: they run with their user's rights
 * already, or show a token.
 */
final class Gate {
    private final Set<String> hosts = new HashSet<>();
    private final int port;

    /** @param names that are ours, besides the address at which a request arrives */
    Gate(Set<String> names, int port) {
        this.port = port;
        for (var name : names) hosts.addAll(withPort(name));
    }

    private Set<String> withPort(String name) {
        var host = name.toLowerCase(Locale.ROOT);
        return port == 80 ? Set.of(host, host + ":80") : Set.of(host + ":" + port);
    }

    /**
     * Why a request is refused, if it is.
     *
     * @param address literal at which it arrived
     */
    Optional<RefusalReason> refusesRequest(String host, String address) {
        if (host != null && isOurs(host.toLowerCase(Locale.ROOT), address)) return Optional.empty();
        return Optional.of(RefusalWords.HOST.with(
                "host",
                shown(host),
                "names",
                String.join(", ", hosts.stream().sorted().toList())));
    }

    /** Why a write is refused, if it is. */
    Optional<RefusalReason> refusesWrite(String origin, String fetchSite, String address) {
        if (origin != null && !isOrigin(origin.toLowerCase(Locale.ROOT), address))
            return Optional.of(RefusalWords.ORIGIN.with("origin", shown(origin)));
        if (fetchSite != null && !fetchSite.equals("same-origin") && !fetchSite.equals("none"))
            return Optional.of(RefusalWords.FETCH_SITE.with("site", shown(fetchSite)));
        return Optional.empty();
    }

    private boolean isOrigin(String origin, String address) {
        return origin.startsWith("http://") && isOurs(origin.substring("http://".length()), address);
    }

    private boolean isOurs(String host, String address) {
        return hosts.contains(host) || withPort(bracketed(address)).contains(host);
    }

    /** As an address stands in a URL. */
    private static String bracketed(String address) {
        return address.contains(":") && !address.startsWith("[") ? "[" + address + "]" : address;
    }

    private static String shown(String header) {
        if (header == null) return "(missing)";
        return header.length() <= 100 ? header : header.substring(0, 100) + "...";
    }
}
