package org.athanor.stratum;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.athanor.hash.Sha256d;

/**
 * A Bitcoin address: base58 (P2PKH, P2SH), bech32 (witness version 0, BIP 173) or bech32m (from version 1 on, BIP 350).
 */
public final class PayoutAddress {
    private static final String BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    private static final String BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    private static final int LONGEST = 90; // of bech32 by BIP 173; base58 is shorter
    private static final int BECH32_CHECK = 1;
    private static final int BECH32M_CHECK = 0x2bc830a3;

    private static final int[] GENERATOR = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3};
    /** Satoshis per 1000 virtual bytes, below which Bitcoin Core takes an output for dust (policy.h). */
    private static final long DUST_RATE = 3000;

    private final String text;
    private final byte[] script;
    private final Set<String> chains;

    /**
     * What addresses of a chain begin with: data, not code, since nodes differ (bcoin's regtest has prefixes of its own).
     *
     * @param name as {@code getblockchaininfo} says it
     */
    private record Chain(String name, List<Integer> keyHash, List<Integer> scriptHash, List<String> bech32) {}

    private static final List<Chain> CHAINS = List.of(
            new Chain("main", List.of(0x00), List.of(0x05), List.of("bc")),
            new Chain("test", List.of(0x6f), List.of(0xc4), List.of("tb")),
            new Chain("testnet4", List.of(0x6f), List.of(0xc4), List.of("tb")),
            new Chain("signet", List.of(0x6f), List.of(0xc4), List.of("tb")),
            new Chain("regtest", List.of(0x6f, 0x3c), List.of(0xc4, 0x26), List.of("bcrt", "rb")));

    private PayoutAddress(String text, byte[] script, Set<String> chains) {
        this.text = text;
        this.script = script;
        this.chains = chains;
    }

    /** @throws IllegalArgumentException unless it is an address of some chain; the message says why */
    public static PayoutAddress parse(String text) {
        if (text.isEmpty() || text.length() > LONGEST || !text.chars().allMatch(c -> c > 0x20 && c < 0x7f))
            throw refused(text, "accepted are 1 to " + LONGEST + " visible ASCII characters");
        var lower = text.toLowerCase(Locale.ROOT);
        for (var chain : CHAINS)
            for (var prefix : chain.bech32()) if (lower.startsWith(prefix + "1")) return bech32(text);
        return base58(text);
    }

    private static PayoutAddress base58(String text) {
        var number = BigInteger.ZERO;
        for (int i = 0; i < text.length(); i++) {
            int digit = BASE58.indexOf(text.charAt(i));
            if (digit < 0)
                throw refused(
                        text, "it begins like no bech32 address, and base58 has no character '" + text.charAt(i) + "'");
            number = number.multiply(BigInteger.valueOf(58)).add(BigInteger.valueOf(digit));
        }
        var all = new byte[25]; // version, 20 bytes of hash, 4 of checksum
        var digits = number.toByteArray();
        int start = digits[0] == 0 ? 1 : 0;
        int size = digits.length - start;
        int zeros = 0;
        while (zeros < text.length() && text.charAt(zeros) == '1') zeros++;
        if (zeros + size != all.length) throw refused(text, "as base58 it has " + (zeros + size) + " bytes, not 25");
        System.arraycopy(digits, start, all, all.length - size, size);
        var check = Sha256d.hash(Arrays.copyOf(all, 21));
        if (!Arrays.equals(check, 0, 4, all, 21, 25)) throw refused(text, "its checksum is wrong");
        int version = Byte.toUnsignedInt(all[0]);
        var hash = Arrays.copyOfRange(all, 1, 21);
        var chains = new TreeSet<String>();
        boolean toScript = false;
        for (var chain : CHAINS) {
            if (chain.keyHash().contains(version)) chains.add(chain.name());
            if (!chain.scriptHash().contains(version)) continue;
            chains.add(chain.name());
            toScript = true;
        }
        if (chains.isEmpty()) throw refused(text, "version " + version + " is no chain's");
        var script = toScript
                ? MiningJob.concat(new byte[] {(byte) 0xa9, 20}, hash, new byte[] {(byte) 0x87})
                : MiningJob.concat(new byte[] {0x76, (byte) 0xa9, 20}, hash, new byte[] {(byte) 0x88, (byte) 0xac});
        return new PayoutAddress(text, script, chains);
    }

    private static PayoutAddress bech32(String text) {
        var lower = text.toLowerCase(Locale.ROOT);
        if (!text.equals(lower) && !text.equals(text.toUpperCase(Locale.ROOT)))
            throw refused(text, "it mixes upper and lower case");
        int separator = lower.lastIndexOf('1');
        var prefix = lower.substring(0, separator);
        var values = new int[lower.length() - separator - 1];
        for (int i = 0; i < values.length; i++) {
            values[i] = BECH32.indexOf(lower.charAt(separator + 1 + i));
            if (values[i] < 0) throw refused(text, "bech32 has no character '" + lower.charAt(separator + 1 + i) + "'");
        }
        if (values.length < 7) throw refused(text, "it is too short");
        int version = values[0];
        if (checksum(prefix, values) != (version == 0 ? BECH32_CHECK : BECH32M_CHECK))
            throw refused(text, "its checksum is wrong");
        if (version > 16) throw refused(text, "witness version " + version + ": accepted is 0 to 16");
        var program = bytes(text, Arrays.copyOfRange(values, 1, values.length - 6));
        if (program.length < 2 || program.length > 40)
            throw refused(text, "a witness program of " + program.length + " bytes: accepted is 2 to 40");
        if (version == 0 && program.length != 20 && program.length != 32)
            throw refused(text, "a witness program of " + program.length + " bytes: version 0 accepts 20 and 32");
        var chains = new TreeSet<String>();
        for (var chain : CHAINS) if (chain.bech32().contains(prefix)) chains.add(chain.name());
        if (chains.isEmpty()) throw refused(text, "\"" + prefix + "\" is no chain's prefix");
        int opcode = version == 0 ? 0 : 0x50 + version;
        return new PayoutAddress(
                text, MiningJob.concat(new byte[] {(byte) opcode, (byte) program.length}, program), chains);
    }

    private static int checksum(String prefix, int[] values) {
        int check = 1;
        for (byte c : prefix.getBytes(StandardCharsets.US_ASCII)) check = step(check) ^ (c >> 5);
        check = step(check);
        for (byte c : prefix.getBytes(StandardCharsets.US_ASCII)) check = step(check) ^ (c & 31);
        for (int value : values) check = step(check) ^ value;
        return check;
    }

    private static int step(int check) {
        int top = check >>> 25;
        int next = (check & 0x1ffffff) << 5;
        for (int i = 0; i < GENERATOR.length; i++) if (((top >> i) & 1) != 0) next ^= GENERATOR[i];
        return next;
    }

    /** Groups of five bits as bytes; what is left over must be less than a group, and zero. */
    private static byte[] bytes(String text, int[] groups) {
        var bytes = new byte[groups.length * 5 / 8];
        int pending = 0;
        int bits = 0;
        int at = 0;
        for (int group : groups) {
            pending = ((pending << 5) | group) & 0xfff;
            bits += 5;
            if (bits < 8) continue;
            bits -= 8;
            bytes[at++] = (byte) (pending >> bits);
        }
        if (bits >= 5 || (pending & ((1 << bits) - 1)) != 0) throw refused(text, "its padding is wrong");
        return bytes;
    }

    private static IllegalArgumentException refused(String text, String why) {
        return new IllegalArgumentException("address \"" + Json.clean(text) + "\": " + why);
    }

    /** Of an output that pays to it. */
    public byte[] script() {
        return script.clone();
    }

    /** The chains, by their names in {@code getblockchaininfo}, on which it is an address. */
    public Set<String> chains() {
        return Set.copyOf(chains);
    }

    /** Whether coins sent there are anybody's: a witness program that has no rules yet, or asks for nothing. */
    boolean anyoneCanSpend() {
        boolean witness = witness();
        return witness && script[0] != 0 && !(script[0] == 0x51 && script[1] == 32);
    }

    /** Satoshis below which an output to it costs more to spend than it holds: Bitcoin Core's {@code GetDustThreshold}. */
    public long dustLimit() {
        long input = 32L + 4 + 1 + (witness() ? 107 / 4 : 107) + 4;
        return (8 + 1 + script.length + input) * DUST_RATE / 1000;
    }

    /** What its outputs count against a block's limit of signature operations, in units of BIP 141. */
    int sigopCost() {
        return script[0] == 0x76 ? 4 : 0; // OP_CHECKSIG stands in the script of P2PKH alone
    }

    private boolean witness() {
        return (script[0] == 0 || (script[0] >= 0x51 && script[0] <= 0x60)) && script.length == 2 + script[1];
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PayoutAddress address && Arrays.equals(script, address.script);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(script);
    }

    @Override
    public String toString() {
        return text;
    }
}
