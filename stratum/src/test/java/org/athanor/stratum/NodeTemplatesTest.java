package org.athanor.stratum;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.athanor.hash.Hex;
import org.athanor.hash.Sha256d;
import org.athanor.stratum.FakeNode.Answer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 1, unit = TimeUnit.MINUTES)
class NodeTemplatesTest {
    private static final Instant NOW = Instant.parse("2026-11-27T10:00:00Z");
    private final FakeNode node = new FakeNode();
    private NodeTemplates templates;

    @AfterEach
    void close() {
        if (templates != null) templates.close();
        node.close();
    }

    private NodeTemplates.Config config() {
        return new NodeTemplates.Config(
                node.address(),
                NodeCredentials.fixed("user:secret"),
                TemplateReplyTest.PAYOUTS,
                Optional.empty(),
                Duration.ofHours(1),
                Duration.ofSeconds(5),
                Duration.ofMillis(200));
    }

    private void start(NodeTemplates.Config config) {
        templates = NodeTemplates.start(config, () -> NOW);
    }

    private void startAndAwait() throws InterruptedException {
        start(config());
        assertTrue(templates.awaitTemplate(Duration.ofSeconds(20)));
    }

    private static byte[] block() {
        var template = TemplateReply.parse(FakeNode.resource("template-core.json"), TemplateReplyTest.PAYOUTS)
                .template();
        var coinbase = Coinbase.of(template, 7);
        return Coinbase.block(new byte[80], MiningJob.concat(coinbase.head(), new byte[12], coinbase.tail()), template);
    }

    private static String hash(byte[] block) {
        return Hex.display(Sha256d.hash(java.util.Arrays.copyOf(block, 80)));
    }

    @Test
    void theNodesTemplateIsTheCurrentOne() throws InterruptedException {
        startAndAwait();
        Until.holds(() -> templates.status().connected());
        assertEquals(456, templates.current().height());
        var status = templates.status();
        assertEquals(Optional.empty(), status.problem());
        assertEquals(Optional.of("regtest"), status.chain());
        assertEquals(456, status.height());
        assertEquals(Optional.of(NOW), status.templateAt());
        assertEquals(0, status.tipChanges());
    }

    @Test
    void aNewTipIsToldAtOnceByLongPolling() throws InterruptedException {
        startAndAwait();
        var told = Collections.synchronizedList(new ArrayList<Integer>());
        templates.onChange(template -> told.add(template.height()));
        node.nextTip(1);
        Until.holds(() -> told.equals(List.of(457)));
        node.nextTip(2);
        Until.holds(() -> told.equals(List.of(457, 458)));
        assertEquals(458, templates.current().height());
        assertEquals(2, templates.status().tipChanges());
    }

    @Test
    void moreFeesAreTakenWithoutAChangeOfTheTip() throws InterruptedException {
        startAndAwait();
        var told = new AtomicInteger();
        templates.onChange(_ -> told.incrementAndGet());
        var richer = node.template();
        richer.put("coinbasevalue", 700_000_000);
        richer.put("longpollid", richer.get("previousblockhash").asText() + "208");
        node.setTemplate(richer);
        Until.holds(() -> templates.current().coinbaseValue() == 700_000_000);
        assertEquals(0, told.get());
    }

    @Test
    void withoutLongPollingTheNodeIsAsked() throws InterruptedException {
        var plain = node.template();
        plain.remove("longpollid");
        node.setTemplate(plain);
        startAndAwait();
        var next = node.nextTip(9);
        next.remove("longpollid");
        Until.holds(() -> templates.current().height() == 457);
    }

    @Test
    void timeGoesOn() throws InterruptedException {
        startAndAwait();
        long first = templates.current().time();
        Until.holds(() -> templates.current().time() == first + 1);
        assertEquals(first + 1 + 7200, templates.current().maximumTime());
    }

    @Test
    void aLostNodeLeavesTheLastTemplateAndComesBack() throws InterruptedException {
        startAndAwait();
        node.stop();
        Until.holds(() -> !templates.status().connected());
        assertEquals(456, templates.current().height());
        assertTrue(templates.status().problem().isPresent());
        node.nextTip(5);
        node.start();
        Until.holds(() -> templates.status().connected() && templates.current().height() == 457);
        assertEquals(Optional.empty(), templates.status().problem());
    }

    @Test
    void aNodeThatStartsLaterIsWaitedFor() throws InterruptedException {
        node.stop();
        start(config());
        assertFalse(templates.awaitTemplate(Duration.ofMillis(300)));
        assertThrows(NodeException.class, () -> templates.current());
        node.start();
        assertTrue(templates.awaitTemplate(Duration.ofSeconds(20)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        -28 | Loading block index...
        -10 | Bitcoin Core is in initial sync and waiting for blocks...
        -9  | Bitcoin Core is not connected!
        """)
    void aNodeThatIsNotReadySaysWhy(int code, String message) throws InterruptedException {
        var usual = node.methods.put("getblocktemplate", _ -> Answer.error(code, message));
        start(config());
        Until.holds(() -> templates.status().problem().orElse("").contains(message));
        node.methods.put("getblocktemplate", usual);
        assertTrue(templates.awaitTemplate(Duration.ofSeconds(20)));
    }

    @Test
    void wrongCredentialsEndTheWaitingAndAreNotRepeated() {
        node.credentials = "user:other";
        start(config());
        var refused = assertThrows(NodeException.class, () -> templates.awaitTemplate(Duration.ofSeconds(20)));
        assertEquals(NodeException.Kind.CREDENTIALS, refused.kind());
        for (Throwable e = refused; e != null; e = e.getCause())
            assertFalse(e.toString().contains("secret"), e.toString());
    }

    @Test
    void aCookieIsReadAgainWhenTheNodeHasANewOne() throws InterruptedException {
        var cookie = new String[] {"__cookie__:one"};
        node.credentials = "__cookie__:one";
        var c = config();
        var credentials = new NodeCredentials() {
            @Override
            public String userAndPassword() {
                if (cookie[0] == null) throw NodeException.noCredentials("no such file", null);
                return cookie[0];
            }

            @Override
            public boolean mayChange() {
                return true;
            }
        };
        start(new NodeTemplates.Config(
                c.node(), credentials, c.payouts(), c.zmq(), c.refresh(), c.timeout(), c.longestBackOff()));
        assertTrue(templates.awaitTemplate(Duration.ofSeconds(20)));
        node.stop();
        cookie[0] = null; // Core deletes it when it ends
        node.credentials = "__cookie__:two";
        Until.holds(() -> !templates.status().connected());
        node.nextTip(3);
        node.start();
        Until.holds(() -> templates.status().problem().orElse("").contains("no such file"));
        cookie[0] = "__cookie__:two";
        Until.holds(() -> templates.status().connected() && templates.current().height() == 457);
    }

    @Test
    void anAddressOfAnotherChainEndsTheWaiting() {
        node.methods.put("getblockchaininfo", _ -> Answer.result("{\"chain\":\"main\"}"));
        start(config());
        var refused = assertThrows(NodeException.class, () -> templates.awaitTemplate(Duration.ofSeconds(20)));
        assertTrue(refused.getMessage().contains("is of regtest, and the node's chain is main"), refused.getMessage());
    }

    @Test
    void aShareThatWouldBeDustEndsTheWaiting() {
        var c = config();
        var payouts = new Payouts(List.of(
                Payouts.Payout.parse("bcrt1qdavt4j2sd7dlhqsavtnfxvzppw6k7qy97tmnu9=1e9"),
                Payouts.Payout.parse("mfhE6jAUwjUDNZhaX1PAsDTKfneQF2Nshc")));
        start(new NodeTemplates.Config(
                c.node(), c.credentials(), payouts, c.zmq(), c.refresh(), c.timeout(), c.longestBackOff()));
        var refused = assertThrows(NodeException.class, () -> templates.awaitTemplate(Duration.ofSeconds(20)));
        assertTrue(refused.getMessage().contains("dust"), refused.getMessage());
    }

    @Test
    void aNodeThatWouldRefuseOurBlocksSaysSo() throws InterruptedException {
        var usual = node.methods.get("getblocktemplate");
        node.methods.put(
                "getblocktemplate",
                params -> params.get(0).path("mode").asText().equals("proposal")
                        ? Answer.result("\"bad-cb-length\"")
                        : usual.answer(params));
        start(config());
        Until.holds(() ->
                templates.status().problem().equals(Optional.of("the node would refuse our blocks: bad-cb-length")));
        assertFalse(templates.awaitTemplate(Duration.ofMillis(50))); // nothing to mine until that is mended
        node.methods.put("getblocktemplate", usual);
        assertTrue(templates.awaitTemplate(Duration.ofSeconds(20)));
    }

    @Test
    void aNodeThatComesBackIsAskedAgainWhetherItTakesOurBlocks() throws InterruptedException {
        startAndAwait();
        var usual = node.methods.get("getblocktemplate");
        node.stop();
        Until.holds(() -> !templates.status().connected());
        node.methods.put(
                "getblocktemplate",
                params -> params.get(0).path("mode").asText().equals("proposal")
                        ? Answer.result("\"bad-txnmrklroot\"")
                        : usual.answer(params));
        node.start();
        Until.holds(() ->
                templates.status().problem().equals(Optional.of("the node would refuse our blocks: bad-txnmrklroot")));
    }

    @Test
    void aListenerThatFailsKeepsNothingBack() throws Exception {
        startAndAwait();
        var told = new AtomicInteger();
        try (var _ = templates.onChange(_ -> {
                    throw new IllegalStateException("a full disk");
                });
                var _ = templates.onChange(_ -> told.incrementAndGet())) {
            node.nextTip(1);
            Until.holds(() -> told.get() == 1);
            node.nextTip(2);
            Until.holds(() -> told.get() == 2);
        }
        node.nextTip(3);
        Until.holds(() -> templates.current().height() == 459);
        assertEquals(2, told.get());
    }

    @Test
    void aConnectionThatTheNodeClosedWhileItWasIdleIsNoLossOfTheNode() throws InterruptedException {
        startAndAwait();
        var usual = node.methods.get("getblocktemplate");
        var calls = new AtomicInteger();
        node.methods.put("getblocktemplate", params -> {
            if (calls.incrementAndGet() == 1) throw new IOException("closed");
            return usual.answer(params);
        });
        long before = templates.status().templates();
        node.methods.put("submitblock", _ -> Answer.result("\"high-hash\""));
        assertEquals(new BlockVerdict.Refused("high-hash"), templates.submit(block())); // brings a template
        Until.holds(() -> templates.status().templates() > before);
        assertTrue(calls.get() >= 2);
        assertTrue(templates.status().connected());
    }

    @Test
    void theProposedBlockIsTheWholeBlock() throws InterruptedException {
        var proposed = new CompletableFuture<String>();
        var usual = node.methods.get("getblocktemplate");
        node.methods.put("getblocktemplate", params -> {
            if (params.get(0).path("mode").asText().equals("proposal"))
                proposed.complete(params.get(0).path("data").asText());
            return usual.answer(params);
        });
        startAndAwait();
        var block = Hex.decode(proposed.join());
        assertEquals(5, block[80]); // coinbase and four others
        assertEquals(456, Coinbase.height(block));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<html><body>It works!</body></html>",
                "",
                "{\"result\":{}}",
                "{\"result\":null,\"error\":null}",
                "[1,2,3]"
            })
    void junkIsAProblemInWordsAndNoMore(String body) {
        node.methods.put("getblocktemplate", _ -> new Answer(200, body.getBytes(StandardCharsets.UTF_8)));
        start(config());
        Until.holds(() -> templates.status().problem().orElse("").startsWith("getblocktemplate: "));
        assertFalse(templates.status().connected());
    }

    @Test
    void aHugeAnswerIsCutOff() {
        var huge = new byte[(int) NodeRpc.LARGEST_REPLY + 1];
        node.methods.put("getblocktemplate", _ -> new Answer(200, huge));
        start(config());
        Until.holds(() -> templates.status().problem().orElse("").contains("getblocktemplate at http://127.0.0.1:"));
    }

    @Test
    void aNodeThatDoesNotAnswerIsGivenUp() throws Exception {
        try (var deaf = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            var c = config();
            start(new NodeTemplates.Config(
                    URI.create("http://127.0.0.1:" + deaf.getLocalPort()),
                    c.credentials(),
                    c.payouts(),
                    c.zmq(),
                    c.refresh(),
                    Duration.ofMillis(200),
                    c.longestBackOff()));
            Until.holds(() -> templates.status().problem().orElse("").contains("no answer within PT0.2S"));
        }
    }

    @Test
    void anAnswerThatTricklesIsGivenUp() throws Exception {
        try (var slow = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                try (var peer = slow.accept()) {
                    var out = peer.getOutputStream();
                    out.write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n{".getBytes(StandardCharsets.US_ASCII));
                    out.flush();
                    peer.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
                } catch (IOException e) {
                    // the client has gone, as it should
                }
            });
            var c = config();
            start(new NodeTemplates.Config(
                    URI.create("http://127.0.0.1:" + slow.getLocalPort()),
                    c.credentials(),
                    c.payouts(),
                    c.zmq(),
                    c.refresh(),
                    Duration.ofMillis(300),
                    c.longestBackOff()));
            Until.holds(() -> templates.status().problem().orElse("").contains("no answer within PT0.3S"));
        }
    }

    @Test
    void theNodesAddressHoldsNoPassword() {
        var c = config();
        UnaryOperator<URI> with = uri -> new NodeTemplates.Config(
                        uri, c.credentials(), c.payouts(), c.zmq(), c.refresh(), c.timeout(), c.longestBackOff())
                .node();
        var refused = assertThrows(
                IllegalArgumentException.class, () -> with.apply(URI.create("http://user:secret@127.0.0.1:8332")));
        assertFalse(refused.getMessage().contains("secret"));
        assertThrows(IllegalArgumentException.class, () -> with.apply(URI.create("ftp://127.0.0.1:8332")));
    }

    @Test
    void aBlockGoesToTheNodeAsItIs() throws InterruptedException {
        startAndAwait();
        var block = block();
        node.methods.put("getblockhash", _ -> Answer.result("\"" + hash(block) + "\""));
        assertEquals(new BlockVerdict.Accepted(456, hash(block)), templates.submit(block));
        assertArrayEquals(block, Hex.decode(node.submitted.getFirst()));
    }

    /** What Bitcoin Core's {@code BIP22ValidationResult} and {@code submitblock} answer, and bcoin's ways. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        null                       | in chain | accepted
        null                       | aside    | inconclusive
        null                       | unknown  | accepted
        "duplicate"                | in chain | accepted
        "duplicate"                | unknown  | accepted
        "duplicate"                | aside    | inconclusive
        "duplicate-invalid"        | unknown  | duplicate-invalid
        "duplicate-inconclusive"   | aside    | inconclusive
        "duplicate-inconclusive"   | unknown  | duplicate-inconclusive
        "inconclusive"             | aside    | inconclusive
        "inconclusive"             | in chain | accepted
        "inconclusive"             | unknown  | inconclusive
        "high-hash"                | unknown  | high-hash
        "bad-witness-merkle-match" | unknown  | bad-witness-merkle-match
        "stale-prevblk"            | unknown  | stale-prevblk
        "rejected"                 | unknown  | rejected
        "rejected: bad-prevblk"    | unknown  | bad-prevblk
        "rejected: duplicate"      | in chain | accepted
        """)
    void verdictsFollowTheNodesWords(String answer, String standing, String verdict) throws InterruptedException {
        startAndAwait();
        var block = block();
        node.methods.put("submitblock", _ -> Answer.result(answer));
        switch (standing) {
            case "in chain" -> node.methods.put("getblockhash", _ -> Answer.result("\"" + hash(block) + "\""));
            case "aside" ->
                node.methods.put("getblockheader", _ -> Answer.result("{\"confirmations\":-1,\"height\":456}"));
            default -> node.methods.put("getblockheader", _ -> Answer.error(-5, "Block not found"));
        }
        var accepted = verdict.equals("accepted");
        assertEquals(
                accepted ? new BlockVerdict.Accepted(456, hash(block)) : new BlockVerdict.Refused(verdict),
                templates.submit(block));
    }

    @Test
    void aBlockThatCannotBeReadIsRefusedForGood() throws InterruptedException {
        startAndAwait();
        node.methods.put("submitblock", _ -> Answer.error(-22, "Block decode failed"));
        var refused = assertInstanceOf(BlockVerdict.Refused.class, templates.submit(block()));
        assertTrue(refused.reason().contains("Block decode failed"), refused.reason());
    }

    @Test
    void aBlockIsHandedOverUntilTheNodeAnswers() throws Exception {
        startAndAwait();
        node.stop();
        var block = block();
        var verdict = CompletableFuture.supplyAsync(() -> templates.submit(block));
        Until.holds(() -> !templates.status().connected());
        assertFalse(verdict.isDone());
        var failures = new AtomicInteger();
        node.methods.put("submitblock", params -> switch (failures.incrementAndGet()) {
            case 1 -> Answer.error(-28, "Verifying blocks...");
            case 2 -> new Answer(503, "Work queue depth exceeded".getBytes(StandardCharsets.US_ASCII));
            case 3 -> throw new IOException("gone before it answered");
            case 4 -> new Answer(200, new byte[0]);
            default -> {
                node.submitted.add(params.get(0).asText());
                yield Answer.result("\"duplicate\"");
            }
        });
        node.methods.put("getblockhash", _ -> Answer.result("\"" + hash(block) + "\""));
        node.start();
        assertEquals(new BlockVerdict.Accepted(456, hash(block)), verdict.get(20, TimeUnit.SECONDS));
        assertEquals(5, failures.get());
    }

    @Test
    void closingEndsTheWaitForAnAnswer() throws Exception {
        startAndAwait();
        node.stop();
        var asked = new CountDownLatch(1);
        var verdict = CompletableFuture.supplyAsync(() -> {
            asked.countDown();
            return templates.submit(block());
        });
        asked.await();
        templates.close();
        var failed =
                assertThrows(java.util.concurrent.ExecutionException.class, () -> verdict.get(20, TimeUnit.SECONDS));
        assertInstanceOf(NodeException.class, failed.getCause());
    }

    @Test
    void aBlocksPlaceIsKnown() throws InterruptedException {
        startAndAwait();
        var hash = hash(block());
        node.methods.put("getblockhash", _ -> Answer.result("\"" + hash + "\""));
        assertEquals(new BlockStanding.InChain(456, 1), templates.standing(hash));
        node.methods.put("getblockhash", _ -> Answer.result("\"" + "00".repeat(32) + "\""));
        assertEquals(new BlockStanding.Aside(456), templates.standing(hash)); // as bcoin says it
        node.methods.put("getblockheader", _ -> Answer.result("{\"confirmations\":-1,\"height\":456}"));
        assertEquals(new BlockStanding.Aside(456), templates.standing(hash)); // as Core says it
        node.methods.put("getblockheader", _ -> Answer.error(-5, "Block not found"));
        assertEquals(new BlockStanding.Unknown(), templates.standing(hash));
        node.methods.put("getblockheader", _ -> Answer.error(-28, "Loading block index..."));
        assertThrows(NodeException.class, () -> templates.standing(hash));
    }
}
