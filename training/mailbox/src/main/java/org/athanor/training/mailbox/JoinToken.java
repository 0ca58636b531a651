package org.athanor.training.mailbox;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * What a worker needs to join beside the address: a secret that is good once, and the SHA-256 of the coordinator's
 * certificate, so that the very first connection is authenticated.
 *
 * @param certificate SHA-256 of the certificate, in hexadecimal
 * @param secret      in hexadecimal
 */
public record JoinToken(String certificate, String secret) {
    private static final int HASH_BYTES = 32;
    private static final int SECRET_BYTES = 16;
    /** Before a text that would begin with a hyphen, which a command line takes for an option. */
    private static final String NO_OPTION = "t";

    private static final int LENGTH = (HASH_BYTES + SECRET_BYTES) * 4 / 3;

    public static JoinToken fresh(String certificate) {
        var secret = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(secret);
        return new JoinToken(certificate, HexFormat.of().formatHex(secret));
    }

    /** @throws IllegalArgumentException when the text is no token */
    public static JoinToken parse(String text) {
        try {
            var marked = text.length() == LENGTH + 1 && text.startsWith(NO_OPTION);
            var bytes = Base64.getUrlDecoder().decode(marked ? text.substring(1) : text);
            if (bytes.length == HASH_BYTES + SECRET_BYTES) {
                var hex = HexFormat.of();
                return new JoinToken(
                        hex.formatHex(bytes, 0, HASH_BYTES), hex.formatHex(bytes, HASH_BYTES, bytes.length));
            }
        } catch (IllegalArgumentException _) {
            // said below
        }
        throw new IllegalArgumentException(
                "a join token has 64 letters, digits, - and _, as the coordinator prints it; this one has "
                        + text.length());
    }

    /** As it is handed on. */
    public String text() {
        var hex = HexFormat.of();
        var bytes = Arrays.copyOf(hex.parseHex(certificate), HASH_BYTES + SECRET_BYTES);
        System.arraycopy(hex.parseHex(secret), 0, bytes, HASH_BYTES, SECRET_BYTES);
        var text = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        return text.startsWith("-") ? NO_OPTION + text : text;
    }

    /** Never shows the secret. */
    @Override
    public String toString() {
        return "JoinToken[certificate=" + certificate + "]";
    }
}
