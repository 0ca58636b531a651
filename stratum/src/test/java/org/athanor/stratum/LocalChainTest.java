package org.athanor.stratum;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.athanor.hash.BlockHeader;
import org.athanor.hash.Hex;
import org.athanor.hash.NonceScanners;
import org.athanor.hash.Sha256d;
import org.athanor.hash.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocalChainTest {
    private static final byte[] EXTRANONCES = new byte[12];

    private Instant now = Instant.parse("2026-01-10T12:00:00Z");
    private final LocalChain chain = new LocalChain(Target.REGTEST_LIMIT, () -> now);

    /** A block of a template as it may have been changed, with enough work for its own bits. */
    private static byte[] mine(Template template) {
        return mine(template, template.time(), UnaryOperator.identity(), UnaryOperator.identity());
    }

    private static byte[] mine(
            Template template, long time, UnaryOperator<byte[]> changeCoinbase, UnaryOperator<byte[]> changeBlock) {
        var parts = Coinbase.of(template, 7);
        var coinbase = changeCoinbase.apply(MiningJob.concat(parts.head(), EXTRANONCES, parts.tail()));
        var header = new BlockHeader(
                template.version(), template.previous(), Sha256d.hash(coinbase), (int) time, template.bits(), 0);
        var solved = new ArrayList<byte[]>();
        for (int nonce = 0; solved.isEmpty(); nonce++)
            NonceScanners.plain().scan(header.bytes(), template.network(), nonce, 1, (found, _) -> {
                var h = new BlockHeader(
                        header.version(), header.previous(), header.merkleRoot(), header.time(), header.bits(), found);
                solved.add(h.bytes());
            });
        return changeBlock.apply(Coinbase.block(solved.getFirst(), coinbase, template));
    }

    private String refusal(byte[] block) {
        int height = chain.height();
        var verdict = (BlockVerdict.Refused) chain.submit(block);
        assertEquals(height, chain.height());
        return verdict.reason();
    }

    @Test
    void startsAtRegtestsGenesis() {
        assertEquals(0, chain.height());
        assertEquals(
                "0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206",
                Hex.display(chain.current().previous()));
        assertEquals(0x207fffff, chain.current().bits());
    }

    @Test
    void growsByBlocksOfItsTemplatesAndTellsIts() throws Exception {
        var told = new ArrayList<Integer>();
        try (var _ = chain.onChange(template -> told.add(template.height()))) {
            for (int i = 1; i <= 20; i++) {
                now = now.plusSeconds(1);
                var verdict = (BlockVerdict.Accepted) chain.submit(mine(chain.current()));
                assertEquals(i, verdict.height());
                assertEquals(verdict.hash(), Hex.display(chain.current().previous()));
            }
        }
        chain.submit(mine(chain.current()));
        assertEquals(21, chain.height());
        assertEquals(21, chain.blocks().size());
        assertEquals(21, chain.blocks().getLast().height());
        assertEquals(now, chain.blocks().get(19).time());
        assertEquals(20, told.size());
        assertEquals(21, told.getLast());
    }

    @Test
    void theSubsidyHalvesEvery150Blocks() {
        assertEquals(50_00000000L, LocalChain.subsidy(149));
        assertEquals(25_00000000L, LocalChain.subsidy(150));
        assertEquals(12_50000000L, LocalChain.subsidy(300));
        assertEquals(0, LocalChain.subsidy(150 * 64));
        for (int i = 0; i < 150; i++) chain.submit(mine(chain.current()));
        assertEquals(25_00000000L, chain.blocks().getLast().coinbaseValue());
        assertEquals(50_00000000L, chain.blocks().get(148).coinbaseValue());
    }

    @Test
    void commitsToWitnessesAsTheRecordedRegtestBlockDoes() {
        // last output of stratum-trace-minerd.json, a block without transactions that Bitcoin Core took
        assertEquals(
                "6a24aa21a9ede2f61c3f71d1defd3fa999dfa36953755c690689799962b48bebd836974e8cf9",
                Hex.encode(chain.current().witnessCommitment()));
    }

    /** As Bitcoin Core's CScript() << height; 102 = 0x66 is in the recorded coinbase too. */
    @ParameterizedTest
    @CsvSource({
        "0, 00",
        "1, 51",
        "16, 60",
        "17, 0111",
        "102, 0166",
        "127, 017f",
        "128, 028000",
        "255, 02ff00",
        "256, 020001",
        "32767, 02ff7f",
        "32768, 03008000",
        "500000, 0320a107",
        "8388607, 03ffff7f",
        "8388608, 0400008000"
    })
    void heightsArePushedAsScriptNumbers(int height, String push) {
        assertEquals(push, Hex.encode(Coinbase.heightPush(height)));
    }

    @Test
    void refusesWhatBreaksARule() {
        chain.submit(mine(chain.current()));
        var template = chain.current();
        var good = mine(template);

        assertEquals("Block decode failed", refusal(new byte[10]));
        for (int length = 0; length < good.length; length++)
            assertFalse(refusal(Arrays.copyOf(good, length)).isEmpty());
        assertEquals("Block decode failed", refusal(Arrays.copyOf(good, good.length - 1)));
        assertEquals("Block decode failed", refusal(Arrays.copyOf(good, good.length + 1)));
        assertEquals("bad-cb-missing", refusal(changed(good, 80, 0)));
        assertEquals("this chain takes no transactions but the coinbase", refusal(changed(good, 80, 2)));

        assertEquals("time-too-old", refusal(mine(template, template.minimumTime() - 1, c -> c, b -> b)));
        assertEquals("time-too-new", refusal(mine(template, template.maximumTime() + 1, c -> c, b -> b)));
        assertEquals(
                "bad-diffbits", refusal(mine(with(template, template.height(), 0x201fffff, 0, template.version()))));
        assertEquals("bad-cb-height", refusal(mine(with(template, 3, template.bits(), 0, template.version()))));
        assertEquals("bad-cb-amount", refusal(mine(with(template, 2, template.bits(), 1, template.version()))));
        assertEquals("bad-version(0x00000003)", refusal(mine(with(template, 2, template.bits(), 0, 3))));
        assertEquals("prev-blk-not-found", refusal(mine(after(template, new byte[32]))));
        assertEquals(
                "stale-prevblk",
                refusal(mine(after(
                        template, Hex.ofDisplay("0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206")))));

        // an outpoint that is not null, and a script that is too long
        assertEquals("bad-cb-missing", refusal(mine(template, template.time(), c -> changed(c, 5, 1), b -> b)));

        // the witness reserved value stands before the lock time
        assertEquals("bad-witness-merkle-match", refusal(changed(good, good.length - 5, 1)));
        // without its commitment the witness has no business there
        int commitment = 4 + 38; // header of the script from the end of the stripped coinbase
        assertEquals(
                "unexpected-witness",
                refusal(mine(template, template.time(), c -> changed(c, c.length - commitment, 0x6b), b -> b)));

        assertEquals(
                new BlockVerdict.Accepted(2, Hex.display(Sha256d.hash(Arrays.copyOf(good, 80)))), chain.submit(good));
        assertEquals("duplicate", refusal(good));
    }

    @Test
    void refusesAWrongMerkleRootAndTooLittleWork() {
        var good = mine(chain.current());
        var refused = refusal(changed(good, good.length - 60, 1));
        assertEquals("bad-txnmrklroot", refused);
        var hard = new LocalChain(Target.ofBits(0x1d00ffff), () -> now);
        var template = hard.current();
        var easy = with(template, 1, 0x207fffff, 0, template.version());
        assertEquals(new BlockVerdict.Refused("high-hash"), hard.submit(mine(easy)));
    }

    @Test
    void timeRunsAheadWithTheMedianAndStopsTwoHoursAhead() {
        assertEquals(now.getEpochSecond(), chain.current().time());
        for (int i = 0; i < 30; i++) assertTrue(chain.submit(mine(chain.current())) instanceof BlockVerdict.Accepted);
        long ahead = chain.current().time() - now.getEpochSecond();
        assertTrue(ahead >= 3 && ahead <= 6, "30 blocks in no time, " + ahead + " s ahead");
        now = now.minusSeconds(3 * 3600); // the clock was set back
        assertEquals("time-too-new", refusal(mine(chain.current())));
        now = now.plusSeconds(3 * 3600);
        assertTrue(chain.submit(mine(chain.current())) instanceof BlockVerdict.Accepted);
    }

    @Test
    void aTargetEasierThanRegtestsIsClampedAndItSaysSo() {
        var easy = new LocalChain(Target.MAX, () -> now);
        assertTrue(easy.clamped());
        assertEquals(Target.REGTEST_LIMIT, easy.target());
        assertFalse(chain.clamped());
        var thirds = new LocalChain(Target.ofDifficulty(new java.math.BigDecimal("0.003")), () -> now);
        assertFalse(thirds.clamped());
        assertEquals(thirds.target(), thirds.current().network());
        assertThrows(IllegalArgumentException.class, () -> new LocalChain(new Target(BigInteger.ZERO), () -> now));
    }

    @Test
    void aNewTargetHoldsFromTheNextBlockOnSoThatWorkOnThePresentTipStaysGood() {
        var before = chain.current();
        var harder = Target.ofBits(0x201fffff);
        chain.setTarget(harder);
        assertEquals(before.bits(), chain.current().bits());
        assertEquals(Target.REGTEST_LIMIT, chain.target());
        var told = new ArrayList<Template>();
        chain.onChange(told::add);
        assertTrue(chain.submit(mine(before)) instanceof BlockVerdict.Accepted);
        assertEquals(harder, chain.target());
        assertEquals(harder, chain.current().network());
        assertEquals(harder, told.getFirst().network());
        var old = with(chain.current(), 2, 0x207fffff, 0, chain.current().version());
        var reason = refusal(mine(old));
        assertTrue(List.of("high-hash", "bad-diffbits").contains(reason), reason);
        assertTrue(chain.submit(mine(chain.current())) instanceof BlockVerdict.Accepted);
        chain.setTarget(Target.MAX);
        assertTrue(chain.submit(mine(chain.current())) instanceof BlockVerdict.Accepted);
        assertEquals(Target.REGTEST_LIMIT, chain.target());
        assertThrows(IllegalArgumentException.class, () -> chain.setTarget(new Target(BigInteger.ZERO)));
    }

    @Test
    void aBlockCarriesItsTransactions() {
        var t = chain.current();
        var transaction = new Template.Transaction(new byte[] {1, 2, 3}, Sha256d.hash(new byte[] {1, 2, 3}));
        var full = new Template(
                t.height(),
                t.version(),
                t.previous(),
                t.bits(),
                t.time(),
                t.minimumTime(),
                t.maximumTime(),
                t.outputs(),
                t.fees(),
                new byte[0],
                List.of(transaction));
        var block = Coinbase.block(new byte[80], new byte[] {9, 9}, full);
        assertEquals(2, block[80]);
        assertArrayEquals(new byte[] {9, 9, 1, 2, 3}, Arrays.copyOfRange(block, 81, block.length));
        var job = new MiningJob(
                new PreparedTemplate(full).body(1), true, new MiningJob.Terms(new byte[4], 8, 0, Target.MAX));
        var coinbase = job.coinbase(new byte[8]);
        var header = BlockHeader.parse(job.header(new byte[8], (int) t.time(), 0, 0));
        assertArrayEquals(
                org.athanor.hash.Merkle.root(List.of(Sha256d.hash(coinbase), transaction.txid())), header.merkleRoot());
    }

    private static byte[] changed(byte[] bytes, int index, int value) {
        var copy = bytes.clone();
        copy[index] = (byte) value;
        return copy;
    }

    private static Template with(Template t, int height, int bits, long more, int version) {
        return new Template(
                height,
                version,
                t.previous(),
                bits,
                t.time(),
                t.minimumTime(),
                t.maximumTime(),
                List.of(new Template.Output(
                        t.coinbaseValue() + more, t.outputs().getFirst().script())),
                t.fees(),
                t.witnessCommitment(),
                t.transactions());
    }

    private static Template after(Template t, byte[] previous) {
        return new Template(
                t.height(),
                t.version(),
                previous,
                t.bits(),
                t.time(),
                t.minimumTime(),
                t.maximumTime(),
                t.outputs(),
                t.fees(),
                t.witnessCommitment(),
                t.transactions());
    }
}
