package org.athanor.edge.page;

import io.javalin.http.Context;
import java.net.InetAddress;
import java.util.Optional;
import java.util.function.Predicate;
import org.athanor.edge.page.Pairing.Device;

/** Who asks: the heater's own computer, a device that was paired, or a stranger. */
final class Visitors {
    static final String COOKIE = "athanor-token";
    /** The name of the attribute under which a request's device is kept. */
    private static final String DEVICE = "athanor.device";

    private static final String BEARER = "Bearer ";

    private final Optional<Pairing> pairing;
    private final Predicate<InetAddress> own;

    /** @param own addresses of the heater's own computer: loopback, but for tests */
    Visitors(Optional<Pairing> pairing, Predicate<InetAddress> own) {
        this.pairing = pairing;
        this.own = own;
    }

    boolean isOwn(Context context) {
        try {
            return own.test(InetAddress.ofLiteral(unbracketed(context.req().getRemoteAddr())));
        } catch (IllegalArgumentException e) {
            return false; // an address that is not understood is a stranger's
        }
    }

    private static String unbracketed(String address) {
        return address.startsWith("[") ? address.substring(1, address.length() - 1) : address;
    }

    /** The paired device that a request comes from. */
    Optional<Device> device(Context context) {
        Optional<Device> known = context.attribute(DEVICE);
        if (known != null) return known;
        var found = pairing.flatMap(paired -> token(context).flatMap(paired::device));
        context.attribute(DEVICE, found);
        return found;
    }

    private static Optional<String> token(Context context) {
        var header = context.header("Authorization");
        if (header != null && header.startsWith(BEARER)) return Optional.of(header.substring(BEARER.length()));
        return Optional.ofNullable(context.cookie(COOKIE));
    }

    boolean mayEnter(Context context) {
        return isOwn(context) || device(context).isPresent();
    }

    /** Whether one who was let in before still may be: a device may have been revoked meanwhile. */
    boolean mayStay(Context context) {
        return isOwn(context)
                || device(context)
                        .filter(device -> pairing.orElseThrow().isPaired(device.id()))
                        .isPresent();
    }
}
