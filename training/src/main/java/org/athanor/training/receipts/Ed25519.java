package org.athanor.training.receipts;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;

/** Signatures by Ed25519 (RFC 8032), with keys and signatures in base64: X.509 for public keys, PKCS #8 for private ones. */
public final class Ed25519 {
    private static final String NAME = "Ed25519";

    private Ed25519() {}

    /** A key of its own. */
    public static KeyPair fresh() {
        try {
            return KeyPairGenerator.getInstance(NAME).generateKeyPair();
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every JDK has Ed25519", missing);
        }
    }

    /** In base64. */
    public static String text(java.security.Key key) {
        return Base64.getEncoder().encodeToString(key.getEncoded());
    }

    /** @throws IllegalArgumentException when the text holds no such key */
    public static PrivateKey privateKey(String text) {
        try {
            return KeyFactory.getInstance(NAME)
                    .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(text)));
        } catch (GeneralSecurityException wrong) {
            throw new IllegalArgumentException("this is no private Ed25519 key", wrong);
        }
    }

    public static String sign(PrivateKey key, byte[] message) {
        try {
            var signature = Signature.getInstance(NAME);
            signature.initSign(key);
            signature.update(message);
            return Base64.getEncoder().encodeToString(signature.sign());
        } catch (GeneralSecurityException wrong) {
            throw new IllegalArgumentException("this key does not sign", wrong);
        }
    }

    /** Whether the owner of {@code publicKey} signed; false also when key or signature are none. */
    public static boolean signed(String publicKey, byte[] message, String signature) {
        if (publicKey == null || signature == null) {
            return false;
        }
        try {
            var decoder = Base64.getDecoder();
            var verifier = Signature.getInstance(NAME);
            verifier.initVerify(
                    KeyFactory.getInstance(NAME).generatePublic(new X509EncodedKeySpec(decoder.decode(publicKey))));
            verifier.update(message);
            return verifier.verify(decoder.decode(signature));
        } catch (GeneralSecurityException | IllegalArgumentException _) {
            return false;
        }
    }
}
