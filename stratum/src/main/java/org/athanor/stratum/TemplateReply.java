package org.athanor.stratum;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.athanor.hash.Hex;
import org.athanor.hash.Merkle;
import org.athanor.hash.Target;
import org.athanor.stratum.NodeException.Kind;

/**
 * What {@code getblocktemplate} answered, read for mining (BIP 22, 23, 9 and 145).
 *
 * <p>{@code coinbaseaux} and {@code coinbasetxn} are not looked at: the coinbase is ours. Nor are transactions checked:
 * the node that gave them is the one that will judge the block.
 *
 * @param longPollId what to ask with to be told of a new tip; empty if the node does not offer that
 * @param dropped transactions left out, so that the coinbase fits in
 */
record TemplateReply(Template template, Optional<String> longPollId, int dropped) {
    private static final long FUTURE_SECONDS = 2 * 60 * 60;
    private static final long MOST_SATOSHIS = 21_000_000L * 100_000_000;
    private static final int MOST_TRANSACTIONS = 100_000;
    private static final int MOST_ID = 256;
    private static final long SCALE = 4; // weight of a byte that is not witness
    private static final int COINBASE_WITNESS = 2 + 1 + 1 + 32; // marker and flag, count, size, reserved value

    /** Rules that change nothing about how a block is put together here, or that are kept here. */
    private static final Set<String> KNOWN_RULES = Set.of("csv", "segwit", "taproot", "testdummy");

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Entry(Template.Transaction transaction, byte[] wtxid, long fee, long weight, long sigops) {}

    /** @param body of the HTTP answer: pure, so it can be fuzzed; nothing but {@link NodeException} is thrown */
    static TemplateReply parse(byte[] body, Payouts payouts) {
        return parse(NodeRpc.result("getblocktemplate", new NodeRpc.Reply(200, body)), payouts);
    }

    static TemplateReply parse(JsonNode reply, Payouts payouts) {
        try {
            return read(reply, payouts);
        } catch (IllegalArgumentException e) {
            throw new NodeException(
                    Kind.NONSENSE, "getblocktemplate: the template cannot be used: " + Json.clean(e.getMessage()), e);
        }
    }

    private static TemplateReply read(JsonNode reply, Payouts payouts) {
        if (!reply.isObject()) throw new IllegalArgumentException("it is no object");
        var rules = rules(reply);
        boolean segwit = rules.contains("segwit");
        int bits = (int) Long.parseLong(hex(reply, "bits", 4), 16);
        checkTarget(reply, bits);
        long time = number(reply, "curtime", 0, 0xffffffffL);
        long earliest = reply.has("mintime") ? number(reply, "mintime", 0, 0xffffffffL) : time;
        if (earliest > time) throw new IllegalArgumentException("mintime " + earliest + " is after curtime " + time);
        long latest = reply.has("maxtime") ? number(reply, "maxtime", time, Long.MAX_VALUE) : time + FUTURE_SECONDS;
        long value = number(reply, "coinbasevalue", 0, MOST_SATOSHIS);
        var entries = entries(reply);
        var commitment = segwit ? commitment(entries) : new byte[0];
        if (segwit) checkCommitment(reply, commitment);

        var template = new Template(
                (int) number(reply, "height", 1, Integer.MAX_VALUE),
                (int) number(reply, "version", Integer.MIN_VALUE, 0xffffffffL),
                Hex.ofDisplay(hex(reply, "previousblockhash", 32)),
                bits,
                time,
                earliest,
                Math.min(latest, 0xffffffffL),
                payouts.split(value),
                0,
                commitment,
                List.of());
        int kept = fitting(reply, template, entries, payouts);
        var left = entries.subList(kept, entries.size());
        long lost = left.stream().mapToLong(Entry::fee).sum();
        if (lost > value) throw new IllegalArgumentException("fees above coinbasevalue " + value);
        var used = entries.subList(0, kept);
        var id = Optional.ofNullable(reply.get("longpollid"))
                .filter(node -> node.isTextual() && node.textValue().length() <= MOST_ID)
                .map(JsonNode::textValue);
        if (segwit && !left.isEmpty()) commitment = commitment(used);
        return new TemplateReply(filled(template, used, payouts, value - lost, commitment), id, left.size());
    }

    private static Template filled(Template t, List<Entry> used, Payouts payouts, long value, byte[] commitment) {
        return new Template(
                t.height(),
                t.version(),
                t.previous(),
                t.bits(),
                t.time(),
                t.minimumTime(),
                t.maximumTime(),
                payouts.split(value),
                Math.min(value, used.stream().mapToLong(Entry::fee).sum()),
                commitment,
                used.stream().map(Entry::transaction).toList());
    }

    private static Set<String> rules(JsonNode reply) {
        var rules = new HashSet<String>();
        for (var rule : reply.path("rules")) {
            var name = rule.asText();
            boolean must = name.startsWith("!");
            if (must) name = name.substring(1);
            if (must && !KNOWN_RULES.contains(name)) // BIP 9: who does not know such a rule must not mine
            throw new IllegalArgumentException("it is made by rule \"" + name + "\", which is not known here");
            rules.add(name);
        }
        return rules;
    }

    private static void checkTarget(JsonNode reply, int bits) {
        var target = Target.ofBits(bits);
        if (target.value().signum() == 0) throw new IllegalArgumentException("bits " + Hex.encode(bits));
        if (reply.has("target") && !hex(reply, "target", 32).equals(target.toString()))
            throw new IllegalArgumentException("target and bits " + Hex.encode(bits) + " differ");
    }

    private static List<Entry> entries(JsonNode reply) {
        var list = reply.path("transactions");
        if (!list.isArray() || list.size() > MOST_TRANSACTIONS)
            throw new IllegalArgumentException("transactions: accepted is a list of up to " + MOST_TRANSACTIONS);
        var entries = new ArrayList<Entry>(list.size());
        for (var item : list) {
            var data = item.path("data").textValue();
            if (data == null || data.length() < 20) throw new IllegalArgumentException("a transaction without data");
            var bytes = Hex.decode(data);
            var wtxid = Hex.ofDisplay(hex(item, "hash", 32));
            // before segwit there was no txid: the hash was it
            var txid = item.has("txid") ? Hex.ofDisplay(hex(item, "txid", 32)) : wtxid;
            entries.add(new Entry(
                    new Template.Transaction(bytes, txid),
                    wtxid,
                    number(item, "fee", 0, MOST_SATOSHIS),
                    item.has("weight")
                            ? number(item, "weight", bytes.length, bytes.length * SCALE)
                            : bytes.length * SCALE,
                    item.has("sigops") ? number(item, "sigops", 0, Integer.MAX_VALUE) : 0));
        }
        return entries;
    }

    private static byte[] commitment(List<Entry> entries) {
        var wtxids = new ArrayList<byte[]>(entries.size() + 1);
        wtxids.add(new byte[32]); // the coinbase's counts as zero (BIP 141)
        for (var entry : entries) wtxids.add(entry.wtxid());
        return Coinbase.commitment(Merkle.root(wtxids), new byte[32]);
    }

    private static void checkCommitment(JsonNode reply, byte[] commitment) {
        var given = reply.get("default_witness_commitment");
        if (given == null || given.isNull()) return;
        var script = Hex.decode(given.asText());
        if (!Arrays.equals(script, commitment))
            throw new IllegalArgumentException("default_witness_commitment is not that of the transactions");
    }

    /**
     * How many transactions, from the first on, the block's limits leave room for beside our coinbase. A transaction
     * comes after those that it spends, so leaving out the last ones is always allowed.
     */
    private static int fitting(JsonNode reply, Template empty, List<Entry> entries, Payouts payouts) {
        var coinbase = Coinbase.of(empty, 0);
        long size = 0L
                + coinbase.head().length
                + Coinbase.EXTRANONCE1_SIZE
                + Coinbase.EXTRANONCE2_SIZE
                + coinbase.tail().length;
        int witness = empty.witnessCommitment().length == 0 ? 0 : COINBASE_WITNESS;
        long header = 80 + 5; // and the count of transactions
        long weightLeft = limit(reply, "weightlimit") - SCALE * (header + size) - witness;
        long sizeLeft = limit(reply, "sizelimit") - header - size - witness;
        long sigopsLeft = limit(reply, "sigoplimit") - payouts.sigopCost();
        if (weightLeft < 0 || sizeLeft < 0 || sigopsLeft < 0)
            throw new IllegalArgumentException("its limits leave no room for a coinbase of " + size + " bytes");
        int kept = 0;
        for (var entry : entries) {
            weightLeft -= entry.weight();
            sizeLeft -= entry.transaction().bytes().length;
            sigopsLeft -= entry.sigops();
            if (weightLeft < 0 || sizeLeft < 0 || sigopsLeft < 0) break;
            kept++;
        }
        return kept;
    }

    private static long limit(JsonNode reply, String field) {
        return reply.has(field) ? number(reply, field, 0, Long.MAX_VALUE) : Long.MAX_VALUE;
    }

    private static long number(JsonNode object, String field, long least, long most) {
        var node = object.get(field);
        if (node == null || !node.isIntegralNumber() || !node.canConvertToLong())
            throw new IllegalArgumentException(field + ": accepted is a whole number, not " + Json.clean(node));
        long value = node.longValue();
        if (value < least || value > most)
            throw new IllegalArgumentException(field + " " + value + ": accepted is " + least + " to " + most);
        return value;
    }

    /** Hex digits of so many bytes, in lower case. */
    private static String hex(JsonNode object, String field, int bytes) {
        var node = object.get(field);
        var text = node == null ? null : node.textValue();
        if (text == null || text.length() != 2 * bytes)
            throw new IllegalArgumentException(
                    field + ": accepted are " + bytes + " bytes in hex, not " + Json.clean(node));
        return Hex.encode(Hex.decode(text));
    }
}
