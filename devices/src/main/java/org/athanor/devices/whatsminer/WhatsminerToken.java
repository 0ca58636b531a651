package org.athanor.devices.whatsminer;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.apache.commons.codec.digest.Md5Crypt;

/**
 * How writing commands of version 2 are signed and hidden: the key is the SHA-256 of the password's md5crypt, the sign is the
 * md5crypt of that with the device's time, and the whole goes through AES-256-ECB, filled up with zeros.
 *
 * <p>ECB and md5crypt are the device's choice and protect little: whoever hears one exchange can try passwords on it.
 *
 * @param key md5crypt of the password, without its salt
 * @param sign to be sent as the token
 */
public record WhatsminerToken(String key, String sign) {
    private static final int BLOCK = 16;
    private static final int V3_LENGTH = 8;

    /** @throws IllegalArgumentException for a salt that is none */
    public static WhatsminerToken of(String password, String salt, String time, String newSalt) {
        var key = crypt(password, salt);
        return new WhatsminerToken(key, crypt(key + time, newSalt));
    }

    private static String crypt(String text, String salt) {
        if (!salt.matches("[./0-9A-Za-z]{1,8}"))
            throw new IllegalArgumentException("salt \"" + salt + "\" (1 to 8 of ./0-9A-Za-z are accepted)");
        var hashed = Md5Crypt.md5Crypt(text.getBytes(StandardCharsets.UTF_8), "$1$" + salt);
        return hashed.substring(hashed.lastIndexOf('$') + 1);
    }

    /** What version 3 wants in place of all this: the first eight characters of a SHA-256 in base64. */
    public static String v3(String command, String password, String salt, long time) {
        return Base64.getEncoder()
                .encodeToString(sha256(command + password + salt + time))
                .substring(0, V3_LENGTH);
    }

    public String encrypt(String text) {
        var plain = text.getBytes(StandardCharsets.UTF_8);
        int blocks = (plain.length + BLOCK - 1) / BLOCK;
        return Base64.getEncoder().encodeToString(aes(Cipher.ENCRYPT_MODE, Arrays.copyOf(plain, blocks * BLOCK)));
    }

    /** @throws IllegalArgumentException for what is no base64 of whole blocks */
    public String decrypt(String text) {
        var hidden = Base64.getMimeDecoder().decode(text);
        if (hidden.length == 0 || hidden.length % BLOCK != 0)
            throw new IllegalArgumentException(hidden.length + " bytes, not whole blocks of " + BLOCK);
        var plain = aes(Cipher.DECRYPT_MODE, hidden);
        int end = plain.length;
        while (end > 0 && plain[end - 1] == 0) end--;
        return new String(plain, 0, end, StandardCharsets.UTF_8);
    }

    @SuppressWarnings("InsecureCryptoUsage") // the device knows no other
    private byte[] aes(int mode, byte[] bytes) {
        try {
            var cipher = Cipher.getInstance("AES/ECB/NoPadding");
            cipher.init(mode, new SecretKeySpec(sha256(key), "AES"));
            return cipher.doFinal(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java machine has AES", e);
        }
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java machine has SHA-256", e);
        }
    }

    /** It opens the device, so it stays out of all messages. */
    @Override
    public String toString() {
        return "token";
    }
}
