package org.athanor.stratum;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.athanor.hash.BlockHeader;
import org.athanor.hash.Hex;
import org.athanor.hash.Target;

/**
 * A chain of its own inside this process, with regtest's rules and a target that its owner sets. Its coins are worth nothing and no
 * other node knows it; its proof of work is real. It has no transactions but coinbases.
 *
 * <p>A block must be later than the median of the last 11, so above six blocks a second the chain's time runs ahead of
 * the clock; two hours ahead, blocks are refused until the clock has caught up, as in Bitcoin.
 */
public final class LocalChain implements TemplateSource {
    private static final int MEDIAN_SPAN = 11;
    private static final int KEPT_BLOCKS = 2016;
    private static final long FUTURE_SECONDS = 2 * 60 * 60;
    private static final long FIRST_SUBSIDY = 50_00000000L;
    private static final int HALVING = 150;
    private static final int VERSION = 0x20000000;
    private static final byte[] ANYONE_CAN_SPEND = {0x51}; // OP_TRUE: worthless coins need no key
    private static final byte[] WITNESS_COMMITMENT = Coinbase.loneCommitment();

    /** Regtest's, from Bitcoin Core's chainparams.cpp. */
    private static final BlockHeader GENESIS = new BlockHeader(
            1,
            new byte[32],
            Hex.ofDisplay("4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b"),
            1296688602,
            0x207fffff,
            2);

    private final Object lock = new Object();
    private final CopyOnWriteArrayList<Consumer<Template>> listeners = new CopyOnWriteArrayList<>();
    private final InstantSource clock;
    private final boolean clamped;

    // guarded by lock
    private int bits;
    private int nextBits;
    private byte[] tip = GENESIS.hash();
    private int height;
    private final ArrayDeque<Long> times = new ArrayDeque<>(List.of((long) GENESIS.time()));
    private final ArrayDeque<Block> blocks = new ArrayDeque<>();

    /** @param hash display order */
    public record Block(int height, String hash, Instant time, long coinbaseValue) {}

    /**
     * @param target the network's; easier than {@link Target#REGTEST_LIMIT} is lowered to it
     * @throws IllegalArgumentException if it is so hard that compact bits cannot say it
     */
    public LocalChain(Target target, InstantSource clock) {
        this.clock = clock;
        this.clamped = target.isEasierThan(Target.REGTEST_LIMIT);
        this.bits = bits(target);
        this.nextBits = bits;
    }

    private static int bits(Target target) {
        int bits = (target.isEasierThan(Target.REGTEST_LIMIT) ? Target.REGTEST_LIMIT : target).bits();
        if (Target.ofBits(bits).value().signum() == 0)
            throw new IllegalArgumentException("chain difficulty: accepted is what compact bits can say, not target 0");
        return bits;
    }

    /** The target that blocks must meet: the one given, as far as compact bits can say it, within regtest's limit. */
    public Target target() {
        synchronized (lock) {
            return Target.ofBits(bits);
        }
    }

    /**
     * Changes the target after the next block, as a chain does that adjusts it: work on the present tip stays good.
     *
     * @param next easier than {@link Target#REGTEST_LIMIT} is lowered to it
     * @throws IllegalArgumentException if it is so hard that compact bits cannot say it
     */
    public void setTarget(Target next) {
        synchronized (lock) {
            nextBits = bits(next);
        }
    }

    /** Whether the target given was easier than regtest allows, so that {@link #target()} is that limit. */
    public boolean clamped() {
        return clamped;
    }

    /** Of the tip; 0 is regtest's genesis block. */
    public int height() {
        synchronized (lock) {
            return height;
        }
    }

    /** The newest blocks above the genesis block, oldest first. */
    public List<Block> blocks() {
        synchronized (lock) {
            return List.copyOf(blocks);
        }
    }

    @Override
    public Template current() {
        synchronized (lock) {
            long now = clock.instant().getEpochSecond();
            long earliest = medianTime() + 1;
            return new Template(
                    height + 1,
                    VERSION,
                    tip,
                    bits,
                    Math.max(now, earliest),
                    earliest,
                    now + FUTURE_SECONDS,
                    List.of(new Template.Output(subsidy(height + 1), ANYONE_CAN_SPEND)),
                    0,
                    WITNESS_COMMITMENT,
                    List.of());
        }
    }

    @Override
    public AutoCloseable onChange(Consumer<Template> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public BlockVerdict submit(byte[] block) {
        BlockVerdict verdict;
        synchronized (lock) {
            try {
                verdict = connect(SubmittedBlock.parse(block));
            } catch (BlockRefused e) {
                return new BlockVerdict.Refused(e.getMessage());
            }
        }
        // without the lock: a listener may ask back
        var template = current();
        for (var listener : listeners) listener.accept(template);
        return verdict;
    }

    /** The checks of Bitcoin Core's validation.cpp, in its order and its words, as far as they apply. */
    private BlockVerdict connect(SubmittedBlock block) throws BlockRefused {
        var header = block.header();
        var hash = header.hash();
        var display = Hex.display(hash);
        if (known(display)) throw new BlockRefused("duplicate");
        if (!Target.ofBits(bits).metBy(hash)) throw new BlockRefused("high-hash");
        block.checkItself();
        if (!Arrays.equals(header.previous(), tip))
            throw new BlockRefused(known(Hex.display(header.previous())) ? "stale-prevblk" : "prev-blk-not-found");
        if (header.bits() != bits) throw new BlockRefused("bad-diffbits");
        long time = Integer.toUnsignedLong(header.time());
        if (time <= medianTime()) throw new BlockRefused("time-too-old");
        if (time > clock.instant().getEpochSecond() + FUTURE_SECONDS) throw new BlockRefused("time-too-new");
        if (header.version() < 4) throw new BlockRefused("bad-version(0x" + Hex.encode(header.version()) + ")");
        block.checkInChain(height + 1, medianTime());
        if (block.value() > subsidy(height + 1)) throw new BlockRefused("bad-cb-amount");

        tip = hash;
        height++;
        bits = nextBits;
        times.add(time);
        if (times.size() > MEDIAN_SPAN) times.removeFirst();
        blocks.add(new Block(height, display, Instant.ofEpochSecond(time), block.value()));
        if (blocks.size() > KEPT_BLOCKS) blocks.removeFirst();
        return new BlockVerdict.Accepted(height, display);
    }

    private boolean known(String hash) {
        return hash.equals(Hex.display(tip))
                || hash.equals(GENESIS.hashDisplay())
                || blocks.stream().anyMatch(block -> block.hash().equals(hash));
    }

    private long medianTime() {
        return times.stream().sorted().toList().get(times.size() / 2);
    }

    static long subsidy(int height) {
        int halvings = height / HALVING;
        return halvings >= 64 ? 0 : FIRST_SUBSIDY >> halvings;
    }
}
