package org.athanor.hash;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 applied twice, Bitcoin's hash. */
public final class Sha256d {
    private Sha256d() {}

    /** 32 bytes in internal order. */
    public static byte[] hash(byte[] data) {
        var digest = sha256();
        return digest.digest(digest.digest(data));
    }

    /** SHA-256's eight words after the first 64 of a header's 80 bytes, which are the same for all its nonces. */
    public static int[] midstate(byte[] header) {
        return PlainScanner.midstate(ByteBuffer.wrap(header));
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
