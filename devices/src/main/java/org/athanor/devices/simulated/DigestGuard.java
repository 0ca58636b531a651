package org.athanor.devices.simulated;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import org.athanor.devices.Credentials;

/** The server's side of HTTP digest authentication, as lighttpd on an Antminer does it: MD5, counted, a nonce that runs out. */
final class DigestGuard {
    private static final String REALM = "antMiner Configuration";
    private static final Pattern PARAMETER = Pattern.compile("(\\w+)=(?:\"([^\"]*)\"|([^\\s,\"]+))");

    private final Credentials credentials;
    private int nonces = 1;

    DigestGuard(Credentials credentials) {
        this.credentials = credentials;
    }

    /** From now on the last challenge is answered no more. */
    void renew() {
        nonces++;
    }

    String challenge() {
        return "Digest realm=\"" + REALM + "\", nonce=\"" + nonce() + "\", qop=\"auth\"";
    }

    private String nonce() {
        return "nonce" + nonces;
    }

    /** @param call method and path */
    boolean admits(String call, Optional<String> authorization) {
        var given = authorization.orElse("");
        int space = call.indexOf(' ');
        var what = hash(call.substring(0, space) + ":" + call.substring(space + 1));
        var who = hash(credentials.user() + ":" + REALM + ":" + credentials.password());
        var wanted = hash(who + ":" + nonce() + ":" + parameter(given, "nc") + ":" + parameter(given, "cnonce")
                + ":auth:" + what);
        return parameter(given, "nonce").equals(nonce())
                && parameter(given, "uri").equals(call.substring(space + 1))
                && parameter(given, "response").equals(wanted);
    }

    private static String parameter(String header, String name) {
        return PARAMETER
                .matcher(header)
                .results()
                .filter(match -> match.group(1).equals(name))
                .map(match -> match.group(2) != null ? match.group(2) : match.group(3))
                .findFirst()
                .orElse("");
    }

    private static String hash(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java machine has MD5", e);
        }
    }
}
