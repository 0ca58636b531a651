package org.athanor.stratum;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.athanor.hash.Hex;
import org.athanor.hash.Merkle;
import org.athanor.hash.Sha256d;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateReplyTest {
    static final Payouts PAYOUTS = Payouts.to(PayoutAddress.parse("bcrt1qdavt4j2sd7dlhqsavtnfxvzppw6k7qy97tmnu9"));

    private static TemplateReply parse(JsonNode result) {
        return TemplateReply.parse(FakeNode.reply(result), PAYOUTS);
    }

    private static ObjectNode core(Consumer<ObjectNode> change) {
        var template = FakeNode.resource("template-core.json");
        change.accept(template);
        return template;
    }

    @ParameterizedTest
    @ValueSource(strings = {"template-core.json", "template-bcoin.json"})
    void anAnswerBecomesATemplate(String name) {
        var given = FakeNode.resource(name);
        var reply = parse(given);
        var template = reply.template();
        assertEquals(given.get("height").intValue(), template.height());
        assertEquals(given.get("previousblockhash").textValue(), Hex.display(template.previous()));
        assertEquals(0x20000000, template.version());
        assertEquals(0x207fffff, template.bits());
        assertEquals(given.get("curtime").longValue(), template.time());
        assertEquals(given.get("mintime").longValue(), template.minimumTime());
        assertEquals(template.time() + 7200, template.maximumTime());
        assertEquals(625_400_000, template.coinbaseValue());
        assertEquals(400_000, template.fees());
        assertEquals(given.get("default_witness_commitment").textValue(), Hex.encode(template.witnessCommitment()));
        assertEquals(Optional.of(given.get("longpollid").textValue()), reply.longPollId());
        assertEquals(0, reply.dropped());
        assertEquals(4, template.transactions().size());
        for (int i = 0; i < 4; i++) {
            var transaction = template.transactions().get(i);
            assertEquals(given.at("/transactions/" + i + "/data").textValue(), Hex.encode(transaction.bytes()));
            assertEquals(given.at("/transactions/" + i + "/txid").textValue(), Hex.display(transaction.txid()));
        }
    }

    @Test
    void theCommitmentIsComputedWhereTheNodeGivesNone() {
        var given = FakeNode.resource("template-core.json");
        assertArrayEquals(
                parse(given).template().witnessCommitment(),
                parse(core(t -> t.remove("default_witness_commitment")))
                        .template()
                        .witnessCommitment());
    }

    /** bcoin sends a commitment even then, and a block with one would be refused. */
    @Test
    void beforeSegwitThereIsNoCommitment() {
        var template = parse(core(t -> {
                    t.putArray("rules").add("csv");
                    t.remove("weightlimit");
                    t.put("sizelimit", 1_000_000);
                }))
                .template();
        assertEquals(0, template.witnessCommitment().length);
        assertEquals(4, template.transactions().size());
    }

    @Test
    void versionsBeyond31BitsKeepTheirBits() {
        assertEquals(
                0xe0000000,
                parse(core(t -> t.put("version", 0xe0000000L))).template().version());
        assertEquals(
                0xe0000000,
                parse(core(t -> t.put("version", -536870912))).template().version());
    }

    @Test
    void transactionsThatLeaveNoRoomForTheCoinbaseAreLeftOut() {
        long weight = 437 + 438 + 438 + 437;
        long coinbase = coinbaseWeight();
        long all = weight + 4 * 85 + coinbase;
        assertEquals(0, parse(core(t -> t.put("weightlimit", all))).dropped());
        var reply = parse(core(t -> t.put("weightlimit", all - 1)));
        assertEquals(1, reply.dropped());
        var template = reply.template();
        assertEquals(625_300_000, template.coinbaseValue());
        assertEquals(300_000, template.fees());
        assertEquals(3, template.transactions().size());
        var wtxids = Stream.concat(
                        Stream.of(new byte[32]),
                        Stream.of(0, 1, 2)
                                .map(i -> Hex.ofDisplay(core(_ -> {})
                                        .at("/transactions/" + i + "/hash")
                                        .textValue())))
                .toList();
        assertArrayEquals(Coinbase.commitment(Merkle.root(wtxids), new byte[32]), template.witnessCommitment());

        assertEquals(2, parse(core(t -> t.put("sigoplimit", 2))).dropped());
        assertEquals(4, parse(core(t -> t.put("sizelimit", 85 + 300))).dropped());
        // P2PKH needs four signature operations of the block's
        var legacy = Payouts.to(PayoutAddress.parse("n4fajahJrAuKbN7uNsKjLjQkz9Qn5ewJXQ"));
        assertEquals(
                2,
                TemplateReply.parse(FakeNode.reply(core(t -> t.put("sigoplimit", 6))), legacy)
                        .dropped());
    }

    private static long coinbaseWeight() {
        var template = parse(core(_ -> {})).template();
        var coinbase = Coinbase.of(template, 1);
        int bytes = coinbase.head().length + 12 + coinbase.tail().length;
        var lone = new Template(
                template.height(),
                template.version(),
                template.previous(),
                template.bits(),
                0,
                0,
                0,
                template.outputs(),
                0,
                template.witnessCommitment(),
                List.of());
        // what a block has beyond header and count: the coinbase with its witness
        int whole = Coinbase.block(new byte[80], MiningJob.concat(coinbase.head(), new byte[12], coinbase.tail()), lone)
                        .length
                - 81;
        return 3L * bytes + whole;
    }

    @Test
    void everyPayoutIsAnOutput() {
        var payouts = new Payouts(List.of(
                Payouts.Payout.parse("bcrt1qdavt4j2sd7dlhqsavtnfxvzppw6k7qy97tmnu9=2"),
                Payouts.Payout.parse("n4fajahJrAuKbN7uNsKjLjQkz9Qn5ewJXQ")));
        var template = TemplateReply.parse(FakeNode.reply(core(t -> t.put("coinbasevalue", 625_400_001))), payouts)
                .template();
        assertEquals(
                List.of(416_933_334L, 208_466_667L),
                template.outputs().stream().map(Template.Output::satoshis).toList());
        var coinbase = Coinbase.of(template, 1);
        var tail = Hex.encode(coinbase.tail());
        assertTrue(tail.contains("03" + "d6e5d91800000000160014"), tail); // three outputs, the first's value
        assertTrue(tail.contains("76a914fdeca3b08e38af53d7c4c60e3ad208ce5066441088ac"), tail);
        assertTrue(tail.contains("266a24aa21a9ed"), tail);
    }

    static Stream<Arguments> unusable() {
        return Stream.of(
                Arguments.of("height", (Consumer<ObjectNode>) t -> t.remove("height")),
                Arguments.of("height", (Consumer<ObjectNode>) t -> t.put("height", -1)),
                Arguments.of("height", (Consumer<ObjectNode>) t -> t.put("height", 1.5)),
                Arguments.of("previousblockhash", (Consumer<ObjectNode>) t -> t.put("previousblockhash", "00")),
                Arguments.of("not hex", (Consumer<ObjectNode>) t -> t.put("previousblockhash", "zz".repeat(32))),
                Arguments.of("bits", (Consumer<ObjectNode>) t -> t.put("bits", "207fff")),
                Arguments.of("bits", (Consumer<ObjectNode>) t -> t.put("bits", "ff7fffff")),
                Arguments.of("bits", (Consumer<ObjectNode>) t -> t.put("bits", "00000000")),
                Arguments.of("target and bits", (Consumer<ObjectNode>) t -> t.put("bits", "1d00ffff")),
                Arguments.of("curtime", (Consumer<ObjectNode>) t -> t.put("curtime", "1795777799")),
                Arguments.of("mintime", (Consumer<ObjectNode>) t -> t.put("mintime", 4_000_000_000L)),
                Arguments.of("coinbasevalue", (Consumer<ObjectNode>) t -> t.remove("coinbasevalue")),
                Arguments.of(
                        "coinbasevalue", (Consumer<ObjectNode>) t -> t.put("coinbasevalue", 2_100_000_000_000_001L)),
                Arguments.of("transactions", (Consumer<ObjectNode>) t -> t.remove("transactions")),
                Arguments.of("without data", (Consumer<ObjectNode>) t -> first(t).remove("data")),
                Arguments.of("hash", (Consumer<ObjectNode>) t -> first(t).put("hash", "")),
                Arguments.of("fee", (Consumer<ObjectNode>) t -> first(t).remove("fee")),
                Arguments.of("weight", (Consumer<ObjectNode>) t -> first(t).put("weight", 1)),
                Arguments.of("default_witness_commitment", (Consumer<ObjectNode>)
                        t -> first(t).put("hash", "00".repeat(32))),
                Arguments.of(
                        "rule \"signet\"", (Consumer<ObjectNode>) t -> ((ArrayNode) t.get("rules")).add("!signet")),
                Arguments.of("no room", (Consumer<ObjectNode>) t -> t.put("weightlimit", 500)));
    }

    private static ObjectNode first(ObjectNode template) {
        return (ObjectNode) template.at("/transactions/0");
    }

    @ParameterizedTest
    @MethodSource
    void unusable(String named, Consumer<ObjectNode> damage) {
        var refused = assertThrows(NodeException.class, () -> parse(core(damage)));
        assertEquals(NodeException.Kind.NONSENSE, refused.kind());
        var message = refused.getMessage();
        assertTrue(message.contains(named.equals("not hex") ? "hexadecimal" : named), message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "{\"result\":5}",
                "{\"result\":[]}",
                "{\"result\":\"x\",\"error\":null}",
                "<html>It works!</html>",
                "{\"error\":\"no\"}",
                "{\"result\":{\"transactions\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]}}"
            })
    void junkIsRefused(String body) {
        assertThrows(NodeException.class, () -> TemplateReply.parse(body.getBytes(StandardCharsets.UTF_8), PAYOUTS));
    }

    /** Whatever is cut out or overwritten, there is a template or a clean refusal. */
    @Test
    void damageNeverEndsInAnythingElse() {
        var whole = FakeNode.reply(FakeNode.resource("template-core.json"));
        var random = new Random(3);
        int read = 0;
        for (int i = 0; i < 5_000; i++) {
            var bytes = random.nextInt(4) == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
            for (int n = random.nextInt(4); n >= 0 && bytes.length > 0; n--)
                bytes[random.nextInt(bytes.length)] =
                        random.nextBoolean() ? (byte) random.nextInt(256) : whole[random.nextInt(whole.length)];
            try {
                TemplateReply.parse(bytes, PAYOUTS);
                read++;
            } catch (NodeException e) {
                assertTrue(e.getMessage().length() < 400, e.getMessage());
            }
        }
        assertTrue(read > 0);
    }

    @Test
    void aBlockSaysItsHeight() {
        for (int height : new int[] {1, 16, 17, 127, 128, 456, 32_767, 32_768, 900_000, 8_388_607, 8_388_608}) {
            var template = parse(core(t -> t.put("height", height))).template();
            var coinbase = Coinbase.of(template, 7);
            var bytes = MiningJob.concat(coinbase.head(), new byte[12], coinbase.tail());
            assertEquals(height, Coinbase.height(Coinbase.block(new byte[80], bytes, template)));
        }
    }

    @Test
    void aHundredOutputsStillMakeACoinbase() {
        var list = Stream.iterate(0, i -> i + 1)
                .limit(100)
                .map(i -> new Template.Output(i, Sha256d.hash(new byte[] {i.byteValue()})))
                .toList();
        var t = parse(core(_ -> {})).template();
        var many = new Template(
                t.height(), t.version(), t.previous(), t.bits(), 0, 0, 0, list, 0, t.witnessCommitment(), List.of());
        var tail = Coinbase.of(many, 1).tail();
        assertEquals(101, tail[10 + 4]); // after tag and sequence: how many outputs
        assertEquals(10 + 4 + 1 + 100 * (8 + 1 + 32) + 8 + 1 + 38 + 4, tail.length);
    }
}
