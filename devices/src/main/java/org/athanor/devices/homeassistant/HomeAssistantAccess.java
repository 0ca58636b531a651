package org.athanor.devices.homeassistant;

import java.net.InetSocketAddress;
import java.time.Duration;
import org.athanor.devices.http.JsonHttp;

/**
 * How Home Assistant is reached. Its token stays out of all messages.
 *
 * @param path before {@code /api}: empty, or {@code /core} through the Supervisor of an add-on
 * @param token long-lived access token of a user's profile, or the Supervisor's
 * @param timeout of one request with its reply
 */
public record HomeAssistantAccess(InetSocketAddress address, String path, String token, Duration timeout) {
    /** Of its own web server. */
    public static final int PORT = 8123;

    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

    /** @throws IllegalArgumentException for a token that is empty or holds what no header may hold */
    public HomeAssistantAccess {
        token(token);
        if (!path.isEmpty() && !path.matches("/[A-Za-z0-9_/-]*[A-Za-z0-9_-]"))
            throw new IllegalArgumentException(
                    "path of Home Assistant: \"" + path + "\" (empty, or such as /core, is accepted)");
    }

    /** @throws IllegalArgumentException for a token that is empty or holds what no header may hold */
    public static String token(String text) {
        try {
            return JsonHttp.bearer(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "token of Home Assistant: " + e.getMessage()
                            + " (a long-lived access token is accepted, as its profile page shows it once)",
                    e);
        }
    }

    public static HomeAssistantAccess of(InetSocketAddress address, String token) {
        return new HomeAssistantAccess(address, "", token, DEFAULT_TIMEOUT);
    }

    @Override
    public String toString() {
        return address.getHostString() + ":" + address.getPort() + path;
    }
}
