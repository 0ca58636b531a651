package org.athanor.devices.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.athanor.devices.Credentials;

/**
 * What a server wants proven, by RFC 7616 (and by RFC 2069, where it names no quality of protection).
 *
 * @param opaque to be sent back as it came, if it is there
 * @param algorithm MD5 or SHA-256
 * @param counted whether answers carry a count and a nonce of the client's own
 */
record DigestChallenge(String realm, String nonce, Optional<String> opaque, String algorithm, boolean counted) {
    private static final Set<String> ALGORITHMS = Set.of("MD5", "SHA-256");
    private static final Pattern PARAMETER = Pattern.compile("(\\w+)\\s*=\\s*(?:\"([^\"]*)\"|([^\\s,\"]+))");

    /** Empty when the header holds no challenge that can be answered here. */
    static Optional<DigestChallenge> parse(String header) {
        if (!header.regionMatches(true, 0, "Digest ", 0, 7)) return Optional.empty();
        var parameters = new HashMap<String, String>();
        var matcher = PARAMETER.matcher(header.substring(7));
        while (matcher.find())
            parameters.put(
                    matcher.group(1).toLowerCase(Locale.ROOT),
                    matcher.group(2) != null ? matcher.group(2) : matcher.group(3));
        var algorithm = parameters.getOrDefault("algorithm", "MD5");
        var protections = parameters.get("qop");
        boolean counted = protections != null;
        boolean known =
                !counted || Arrays.asList(protections.split("\\s*,\\s*")).contains("auth");
        if (!ALGORITHMS.contains(algorithm) || !known || !parameters.containsKey("nonce")) return Optional.empty();
        return Optional.of(new DigestChallenge(
                parameters.getOrDefault("realm", ""),
                parameters.get("nonce"),
                Optional.ofNullable(parameters.get("opaque")),
                algorithm,
                counted));
    }

    /**
     * Content of the header Authorization.
     *
     * @param target path and query of the request
     * @param use how often this challenge was answered, this time included
     */
    String answer(String method, String target, Credentials credentials, int use, String clientNonce) {
        var who = hash(credentials.user() + ":" + realm + ":" + credentials.password());
        var what = hash(method + ":" + target);
        var count = String.format("%08x", use);
        var response = hash(who + ":" + nonce + ":" + (counted ? count + ":" + clientNonce + ":auth:" : "") + what);
        return "Digest username=\"" + credentials.user() + "\", realm=\"" + realm + "\", nonce=\"" + nonce
                + "\", uri=\""
                + target + "\", response=\"" + response + "\", algorithm=" + algorithm
                + opaque.map(text -> ", opaque=\"" + text + "\"").orElse("")
                + (counted ? ", qop=auth, nc=" + count + ", cnonce=\"" + clientNonce + "\"" : "");
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
