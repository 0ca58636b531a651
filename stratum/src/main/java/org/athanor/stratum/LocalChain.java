package org.athanor.stratum;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import org.athanor.hash.Target;

/**
 * A chain of its own inside this process, with regtest's rules and one fixed target. Its coins are worth nothing and no
 * other node knows it; its proof of work is real.
 */
public final class LocalChain implements TemplateSource {
    /** @param hash display order */
    public record Block(int height, String hash, Instant time, long coinbaseValue) {}

    /** @param target the network's; easier than {@link Target#REGTEST_LIMIT} is lowered to it */
    public LocalChain(Target target, InstantSource clock) {
        throw new UnsupportedOperationException("LocalChain");
    }

    /** The target that blocks must meet: the one given, as far as compact bits can say it, within regtest's limit. */
    public Target target() {
        throw new UnsupportedOperationException("target");
    }

    /** Whether the target given was easier than regtest allows, so that {@link #target()} is that limit. */
    public boolean clamped() {
        throw new UnsupportedOperationException("clamped");
    }

    /** Of the tip; 0 is regtest's genesis block. */
    public int height() {
        throw new UnsupportedOperationException("height");
    }

    /** The newest blocks, oldest first. */
    public List<Block> blocks() {
        throw new UnsupportedOperationException("blocks");
    }

    @Override
    public Template current() {
        throw new UnsupportedOperationException("current");
    }

    @Override
    public AutoCloseable onChange(Consumer<Template> listener) {
        throw new UnsupportedOperationException("onChange");
    }

    @Override
    public BlockVerdict submit(byte[] block) {
        throw new UnsupportedOperationException("submit");
    }
}
