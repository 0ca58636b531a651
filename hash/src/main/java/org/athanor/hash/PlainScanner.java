package org.athanor.hash;

import java.nio.ByteBuffer;

/**
 * SHA-256 as FIPS 180-4 writes it, one nonce at a time, from a midstate. Loops are left rolled on purpose: unrolled by
 * hand the method exceeds 8000 bytecodes, which HotSpot never compiles.
 */
final class PlainScanner implements NonceScanner {
    private static final int[] K = {
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2
    };
    private static final int[] INITIAL = {
        0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19
    };

    @Override
    public String name() {
        return "plain";
    }

    @Override
    public long scan(byte[] header, Target target, int first, int count, NonceSink found) {
        long tries = Integer.toUnsignedLong(count);
        int topOfTarget = target.value().shiftRight(224).intValue();
        var words = ByteBuffer.wrap(header);
        var midstate = midstate(words);
        var w = new int[64];
        int merkleTail = words.getInt(64), time = words.getInt(68), bits = words.getInt(72);
        var state = new int[8];
        for (long i = 0; i < tries; i++) {
            int nonce = first + (int) i;
            w[0] = merkleTail;
            w[1] = time;
            w[2] = bits;
            w[3] = Integer.reverseBytes(nonce);
            pad(w, 4, 640);
            compress(midstate, w, state);
            System.arraycopy(state, 0, w, 0, 8);
            pad(w, 8, 256);
            compress(INITIAL, w, state);
            // the last word decides nearly always
            if (Integer.compareUnsigned(Integer.reverseBytes(state[7]), topOfTarget) <= 0)
                check(state, target, nonce, found);
        }
        return tries;
    }

    static int[] midstate(ByteBuffer words) {
        var w = new int[64];
        for (int i = 0; i < 16; i++) w[i] = words.getInt(4 * i);
        var midstate = new int[8];
        compress(INITIAL, w, midstate);
        return midstate;
    }

    private static void check(int[] state, Target target, int nonce, NonceSink found) {
        var hash = ByteBuffer.allocate(32);
        for (int word : state) hash.putInt(word);
        if (target.metBy(hash.array())) found.found(nonce, hash.array());
    }

    private static void pad(int[] w, int from, int messageBits) {
        w[from] = 0x80000000;
        for (int i = from + 1; i < 15; i++) w[i] = 0;
        w[15] = messageBits;
    }

    /** One block: {@code out} = {@code in} + rounds over {@code w}, whose first 16 words are given. */
    private static void compress(int[] in, int[] w, int[] out) {
        for (int i = 16; i < 64; i++) {
            int x = w[i - 15], y = w[i - 2];
            int s0 = Integer.rotateRight(x, 7) ^ Integer.rotateRight(x, 18) ^ (x >>> 3);
            int s1 = Integer.rotateRight(y, 17) ^ Integer.rotateRight(y, 19) ^ (y >>> 10);
            w[i] = w[i - 16] + s0 + w[i - 7] + s1;
        }
        int a = in[0], b = in[1], c = in[2], d = in[3], e = in[4], f = in[5], g = in[6], h = in[7];
        for (int i = 0; i < 64; i++) {
            int s1 = Integer.rotateRight(e, 6) ^ Integer.rotateRight(e, 11) ^ Integer.rotateRight(e, 25);
            int t1 = h + s1 + (g ^ (e & (f ^ g))) + K[i] + w[i];
            int s0 = Integer.rotateRight(a, 2) ^ Integer.rotateRight(a, 13) ^ Integer.rotateRight(a, 22);
            int t2 = s0 + ((a & b) | (c & (a | b)));
            h = g;
            g = f;
            f = e;
            e = d + t1;
            d = c;
            c = b;
            b = a;
            a = t1 + t2;
        }
        out[0] = in[0] + a;
        out[1] = in[1] + b;
        out[2] = in[2] + c;
        out[3] = in[3] + d;
        out[4] = in[4] + e;
        out[5] = in[5] + f;
        out[6] = in[6] + g;
        out[7] = in[7] + h;
    }
}
