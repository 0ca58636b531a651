package org.athanor.training.data;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A job's key, with which its shards are encrypted wherever they lie: AES-256 in Galois/Counter Mode (NIST SP 800-38D). A sealed
 * shard is its nonce (12 bytes, random), its ciphertext, and a tag (16 bytes). With random nonces a key is good for 2^32 shards.
 *
 * @param base64 of 32 bytes
 */
public record DataKey(@JsonValue String base64) {
    /** By how many bytes a shard grows. */
    public static final int OVERHEAD = 28;

    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** @throws IllegalArgumentException when it is no such key; the message does not show it */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public DataKey {
        if (bytes(base64).length != KEY_BYTES) {
            throw new IllegalArgumentException("a key of data has " + KEY_BYTES + " bytes in base64");
        }
    }

    private static byte[] bytes(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException _) {
            return new byte[0]; // a length that no key has
        }
    }

    public static DataKey fresh() {
        var key = new byte[KEY_BYTES];
        RANDOM.nextBytes(key);
        return new DataKey(Base64.getEncoder().encodeToString(key));
    }

    /** Encrypts a shard. */
    public byte[] seal(byte[] shard) {
        var nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        try {
            var sealed = cipher(Cipher.ENCRYPT_MODE, nonce).doFinal(shard);
            return ByteBuffer.allocate(nonce.length + sealed.length)
                    .put(nonce)
                    .put(sealed)
                    .array();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every JDK has AES in GCM", impossible);
        }
    }

    /**
     * Decrypts a shard.
     *
     * @throws IllegalArgumentException when it was not sealed with this key, or was changed since
     */
    public byte[] open(byte[] sealed) {
        if (sealed.length < OVERHEAD) {
            throw new IllegalArgumentException(
                    "an encrypted shard has " + OVERHEAD + " bytes or more, but not " + sealed.length);
        }
        var nonce = java.util.Arrays.copyOf(sealed, NONCE_BYTES);
        try {
            return cipher(Cipher.DECRYPT_MODE, nonce).doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES);
        } catch (AEADBadTagException wrong) {
            throw new IllegalArgumentException(
                    "the shard was not encrypted with this job's key, or was changed", wrong);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every JDK has AES in GCM", impossible);
        }
    }

    private Cipher cipher(int mode, byte[] nonce) throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(bytes(base64), "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        return cipher;
    }

    /** Never shows the key. */
    @Override
    public String toString() {
        return "DataKey[hidden]";
    }
}
