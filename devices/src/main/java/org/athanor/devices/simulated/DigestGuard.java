package org.athanor.devices.simulated;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import org.athanor.devices.Credentials;

/** The server's side of HTTP digest authentication (RFC 7616): counted, with a nonce that runs out. */
final class DigestGuard {
    private static final Pattern PARAMETER = Pattern.compile("(\\w+)=(?:\"([^\"]*)\"|([^\\s,\"]+))");

    private final Credentials credentials;
    private final String realm;
    private final String algorithm;
    private int nonces = 1;

    /** @param algorithm MD5 or SHA-256 */
    DigestGuard(Credentials credentials, String realm, String algorithm) {
        this.credentials = credentials;
        this.realm = realm;
        this.algorithm = algorithm;
    }

    /** From now on the last challenge is answered no more. */
    void renew() {
        nonces++;
    }

    String challenge() {
        return "Digest realm=\"" + realm + "\", nonce=\"" + nonce() + "\", qop=\"auth\""
                + (algorithm.equals("MD5") ? "" : ", algorithm=" + algorithm);
    }

    private String nonce() {
        return "nonce" + nonces;
    }

    /** @param call method, and path with its query */
    boolean admits(String call, Optional<String> authorization) {
        var given = authorization.orElse("");
        int space = call.indexOf(' ');
        var what = hash(call.substring(0, space) + ":" + call.substring(space + 1));
        var who = hash(credentials.user() + ":" + realm + ":" + credentials.password());
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

    private String hash(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance(algorithm).digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java machine has " + algorithm, e);
        }
    }
}
