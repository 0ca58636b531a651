package org.athanor.stratum;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.athanor.hash.BlockHeader;

/** Builds headers of jobs and hashes them, over and over in the same memory. One thread. */
final class HeaderHasher {
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final MessageDigest sha256 = sha256();
    private final byte[] header = new byte[BlockHeader.SIZE];
    private final byte[] hash = new byte[32];

    /** @return the 80 bytes, until the next call */
    byte[] header(MiningJob job, byte[] extranonce2, int ntime, int versionBits, int nonce) {
        var body = job.body();
        sha256.update(job.coinbaseHead());
        sha256.update(extranonce2);
        sha256.update(body.coinbase2());
        finish();
        for (var branch : body.branches()) {
            sha256.update(hash);
            sha256.update(branch);
            finish();
        }
        WORD.set(header, 0, job.version(versionBits));
        System.arraycopy(body.previous(), 0, header, 4, 32);
        System.arraycopy(hash, 0, header, 36, 32);
        WORD.set(header, 68, ntime);
        WORD.set(header, 72, body.bits());
        WORD.set(header, 76, nonce);
        return header;
    }

    /** Of the last header, internal order; the caller's to keep. */
    byte[] hash() {
        sha256.update(header);
        finish();
        return hash.clone();
    }

    private void finish() {
        try {
            sha256.digest(hash, 0, 32);
            sha256.update(hash);
            sha256.digest(hash, 0, 32);
        } catch (DigestException e) {
            throw new AssertionError("SHA-256 gives 32 bytes", e);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
