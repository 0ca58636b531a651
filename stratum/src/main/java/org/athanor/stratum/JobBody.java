package org.athanor.stratum;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.athanor.hash.Hex;
import org.athanor.hash.Target;

/**
 * What a job says to everybody who gets it: the parameters of {@code mining.notify} but for {@code clean_jobs}. One body
 * serves thousands of connections, so what is costly about it is done once.
 */
final class JobBody {
    private static final int MOST_BRANCHES = 32;

    private final String id;
    private final byte[] previous;
    private final byte[] coinbase1;
    private final byte[] coinbase2;
    private final List<byte[]> branches;
    private final int version;
    private final int bits;
    private final int ntime;
    private final Target network;
    private final long topOfNetwork;
    private final byte[][] notifyLines = new byte[2][]; // by clean; made when first asked for, by whomever

    /**
     * @param previous internal order
     * @param coinbase1 up to extranonce1
     * @param coinbase2 after extranonce2
     */
    JobBody(
            String id,
            byte[] previous,
            byte[] coinbase1,
            byte[] coinbase2,
            List<byte[]> branches,
            int version,
            int bits,
            int ntime) {
        this.id = id;
        this.previous = previous;
        this.coinbase1 = coinbase1;
        this.coinbase2 = coinbase2;
        this.branches = List.copyOf(branches);
        this.version = version;
        this.bits = bits;
        this.ntime = ntime;
        this.network = Target.ofBits(bits);
        this.topOfNetwork = network.top64();
    }

    /** @throws StratumException if these are no parameters of {@code mining.notify} */
    static JobBody parse(JsonNode params) {
        try {
            var branches = new ArrayList<byte[]>();
            for (var branch : params.required(4)) branches.add(hash(branch));
            if (!params.get(4).isArray() || branches.size() > MOST_BRANCHES)
                throw new IllegalArgumentException("merkle branches");
            return new JobBody(
                    text(params, 0),
                    swapWords(hash(params.required(1))),
                    Hex.decode(text(params, 2)),
                    Hex.decode(text(params, 3)),
                    branches,
                    word(params, 5),
                    word(params, 6),
                    word(params, 7));
        } catch (IllegalArgumentException e) {
            throw new StratumException("the pool sent a job that cannot be read: " + e.getMessage(), e);
        }
    }

    private static String text(JsonNode params, int index) {
        var node = params.required(index);
        if (!node.isTextual() && !node.isIntegralNumber())
            throw new IllegalArgumentException("mining.notify, parameter " + index);
        return node.asText();
    }

    private static int word(JsonNode params, int index) {
        return Integer.parseUnsignedInt(text(params, index), 16);
    }

    private static byte[] hash(JsonNode node) {
        var hash = Hex.decode(node.asText());
        if (hash.length != 32) throw new IllegalArgumentException("a hash of " + hash.length + " bytes");
        return hash;
    }

    /** The whole {@code mining.notify}, with its line end; not to be written to. */
    byte[] notifyLine(boolean clean) {
        int index = clean ? 1 : 0;
        var line = notifyLines[index];
        if (line == null) {
            line = (Json.notification("mining.notify", notifyParams(clean)) + "\n").getBytes(StandardCharsets.UTF_8);
            notifyLines[index] = line;
        }
        return line;
    }

    String notifyParams(boolean clean) {
        return "[" + Json.quote(id) + ",\"" + Hex.encode(swapWords(previous)) + "\",\"" + Hex.encode(coinbase1)
                + "\",\""
                + Hex.encode(coinbase2) + "\",["
                + branches.stream().map(b -> "\"" + Hex.encode(b) + "\"").collect(Collectors.joining(",")) + "],\""
                + Hex.encode(version) + "\",\"" + Hex.encode(bits) + "\",\"" + Hex.encode(ntime) + "\"," + clean + "]";
    }

    /** The same work under another id and with another first part of its coinbase. */
    JobBody renamed(String newId, byte[] newCoinbase1) {
        return new JobBody(newId, previous, newCoinbase1, coinbase2, branches, version, bits, ntime);
    }

    /** Whether the same headers can be made of both, whatever their ids. */
    boolean sameWork(JobBody other) {
        return Arrays.equals(coinbase1, other.coinbase1)
                && Arrays.equals(coinbase2, other.coinbase2)
                && Arrays.equals(previous, other.previous)
                && Arrays.deepEquals(branches.toArray(), other.branches.toArray());
    }

    String id() {
        return id;
    }

    byte[] previous() {
        return previous;
    }

    byte[] coinbase1() {
        return coinbase1;
    }

    byte[] coinbase2() {
        return coinbase2;
    }

    List<byte[]> branches() {
        return branches;
    }

    int version() {
        return version;
    }

    int bits() {
        return bits;
    }

    int ntime() {
        return ntime;
    }

    Target network() {
        return network;
    }

    long topOfNetwork() {
        return topOfNetwork;
    }

    /** Stratum writes the previous hash with the bytes of each four-byte word reversed. */
    private static byte[] swapWords(byte[] hash) {
        var swapped = new byte[32];
        for (int i = 0; i < 32; i++) swapped[i] = hash[i ^ 3];
        return swapped;
    }
}
