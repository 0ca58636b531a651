package org.athanor.stratum;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.athanor.hash.BlockHeader;
import org.athanor.hash.Hex;
import org.athanor.hash.Target;

/**
 * What a fuzzer feeds with bytes; each target is a class of its own, as Jazzer wants it. Strangers' bytes must be refused
 * cleanly: by a value, or by the exception that is documented. Anything else that is thrown is a finding.
 */
final class FuzzTargets {
    private static final Target NETWORK = Target.ofBits(0x1e0fffff);
    private static final Instant NOW = Instant.parse("2026-01-10T12:00:00Z");

    private FuzzTargets() {}

    /** A line from a miner: the quick reader must agree with the parser, and every submit gets a reason or a header. */
    public static final class MinersLine {
        private static final MiningJob JOB = new MiningJob(
                new PreparedTemplate(new LocalChain(NETWORK, () -> NOW).current()).body(7),
                true,
                new MiningJob.Terms(new byte[4], 8, ServerConnection.VERSION_MASK, NETWORK));

        private MinersLine() {}

        public static void fuzzerTestOneInput(byte[] data) {
            var quick = new SubmitLine();
            var submission = quick.parse(data, 0, data.length);
            var message = Json.object(data);
            if (submission != null) {
                check(message.isPresent(), "the parser knows no object");
                check(Submission.parse(message.get().path("params")).equals(submission), "read otherwise");
            }
            if (message.isEmpty()) return;
            var parsed = Submission.parse(message.get().path("params"));
            if (parsed.problem(JOB).isEmpty()) check(parsed.header(JOB).length == BlockHeader.SIZE, "no header");
            var id = Json.id(message.get()).toString();
            check(
                    Json.object(Json.error(
                                            id,
                                            ShareVerdict.Reason.OTHER,
                                            Json.clean(message.get().path("method")))
                                    .getBytes(StandardCharsets.UTF_8))
                            .isPresent(),
                    "a reply that is no JSON");
            Json.number(message.get().path("params").path(0))
                    .filter(d -> d.signum() > 0)
                    .ifPresent(Target::ofDifficulty);
        }
    }

    /** A line from a pool: read, or refused by a {@link StratumException}. */
    public static final class PoolsLine {
        private PoolsLine() {}

        public static void fuzzerTestOneInput(byte[] data) {
            var message = Json.object(data);
            if (message.isEmpty()) return;
            var params = message.get().path("params");
            var session = new Session();
            try {
                session.subscribed(message.get().path("result"));
            } catch (StratumException e) {
                session.subscribed(Json.object("{\"r\":[[],\"00000001\",8]}".getBytes(StandardCharsets.UTF_8))
                        .orElseThrow()
                        .path("r"));
            }
            try {
                session.configured(message.get().path("result"));
                var method = message.get().path("method").asText("");
                if (session.told(method, params)) return;
                var job = session.job(params);
                job.header(new byte[job.extranonce2Size()], job.ntime(), 0, 1);
                if (job.extranonce2Size() >= 3)
                    new UpstreamWork(null, job, 0).body(3).notifyLine(true);
            } catch (StratumException e) {
                check(e.getMessage() != null, "a refusal without a word");
            }
            if (!PoolReply.accepted(message.get())) PoolReply.rejection(message.get());
        }
    }

    /** A header, bits and difficulties of any kind. */
    public static final class Header {
        private Header() {}

        public static void fuzzerTestOneInput(byte[] data) {
            try {
                var header = BlockHeader.parse(data);
                check(Arrays.equals(data, header.bytes()), "not the same bytes");
                check(header.equals(BlockHeader.parse(Hex.decode(header.toString()))), "not the same header");
                Target.ofBits(header.bits());
            } catch (IllegalArgumentException e) {
                check(e.getMessage() != null, "a refusal without a word");
            }
            try {
                Target.ofDifficulty(new BigDecimal(new String(data, StandardCharsets.ISO_8859_1)));
            } catch (IllegalArgumentException e) {
                return; // not a number, or not above 0
            }
        }
    }

    /** A whole block: taken or refused, in words. */
    public static final class Block {
        private Block() {}

        public static void fuzzerTestOneInput(byte[] data) {
            check(BlockValue.ofCoinbase(data).orElse(0) >= 0, "a negative value");
            var chain = new LocalChain(Target.REGTEST_LIMIT, () -> NOW);
            switch (chain.submit(data)) {
                case BlockVerdict.Accepted(var height, var _) -> check(height == 1, "a block at height " + height);
                case BlockVerdict.Refused(var reason) -> check(!reason.isEmpty(), "a refusal without a word");
            }
        }
    }

    /** What answers a request for a template: a template of which a job can be made, or a {@link NodeException}. */
    public static final class NodesReply {
        private static final Payouts PAYOUTS =
                Payouts.to(PayoutAddress.parse("bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080"));

        private NodesReply() {}

        public static void fuzzerTestOneInput(byte[] data) {
            try {
                var template = TemplateReply.parse(data, PAYOUTS).template();
                var work = new PreparedTemplate(template);
                work.body(7).notifyLine(true);
                var job = new MiningJob(work.body(7), true, new MiningJob.Terms(new byte[4], 8, 0, Target.MAX));
                var block = Coinbase.block(job.header(new byte[8], 0, 0, 0), job.coinbase(new byte[8]), template);
                check(
                        BlockValue.ofCoinbase(block).orElse(-1) == template.coinbaseValue(),
                        "another value in the block");
            } catch (NodeException e) {
                check(e.getMessage() != null, "a refusal without a word");
            }
        }
    }

    /** An address that a person gives: understood, or refused in words. */
    public static final class Address {
        private Address() {}

        public static void fuzzerTestOneInput(byte[] data) {
            try {
                PayoutAddress.parse(new String(data, StandardCharsets.UTF_8));
            } catch (IllegalArgumentException e) {
                check(e.getMessage() != null, "a refusal without a word");
            }
        }
    }

    /** All that a miner may send in one connection; the server must go on serving others. */
    public static final class Connection {
        private static final StratumServer SERVER = StratumServer.start(
                StratumServer.Config.of(
                        StratumServerTest.loopback(),
                        DifficultyPolicy.vardiff(
                                new VardiffRules(18, new BigDecimal("2e-10"), new BigDecimal("2e-10")))),
                new LocalChain(NETWORK, () -> NOW),
                _ -> {});

        private Connection() {}

        public static void fuzzerTestOneInput(byte[] data) throws IOException {
            talk(data);
            var reply =
                    talk("{\"id\":77,\"method\":\"mining.extranonce.subscribe\"}\n".getBytes(StandardCharsets.UTF_8));
            check(reply.orElse("").contains("\"id\":77"), "the next miner got " + reply);
        }

        /** What was answered; empty if the server ended it first. */
        private static Optional<String> talk(byte[] data) throws IOException {
            try (var socket =
                    new Socket(SERVER.address().getAddress(), SERVER.address().getPort())) {
                socket.setSoTimeout(10_000);
                socket.getOutputStream().write(data);
                socket.shutdownOutput();
                return Optional.of(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
            } catch (SocketException e) {
                return Optional.empty(); // reset: it was dropped with something unread
            }
        }
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) throw new AssertionError(otherwise);
    }
}
