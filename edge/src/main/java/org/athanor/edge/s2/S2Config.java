package org.athanor.edge.s2;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.athanor.devices.http.JsonHttp;

/**
 * @param manager address of the energy manager, {@code ws://} or {@code wss://}
 * @param token sent as Bearer in the Authorization header, where the manager wants one
 * @param versions of the protocol that may be selected, the best first: the messages have the form of 1.0.0-beta
 */
public record S2Config(URI manager, Optional<String> token, List<String> versions) {
    public static final List<String> VERSIONS = List.of("1.0.0-beta");

    public S2Config {
        versions = List.copyOf(versions);
        var scheme = manager.getScheme();
        if (manager.getHost() == null
                || scheme == null
                || !scheme.matches("wss?")
                || manager.getPort() > 65_535
                || manager.getFragment() != null)
            throw new IllegalArgumentException(
                    "S2 manager " + manager + ": an address with ws:// or wss:// is accepted, without #");
        token.ifPresent(JsonHttp::bearer);
        if (versions.isEmpty()) throw new IllegalArgumentException("S2 versions: one at least is needed");
    }

    public static S2Config of(URI manager) {
        return new S2Config(manager, Optional.empty(), VERSIONS);
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "S2 manager " + manager;
    }
}
