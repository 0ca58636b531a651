package org.athanor.ledger;

import org.athanor.units.Millisatoshis;
import org.athanor.units.Work;

/** What pay depends on, in the order in which the pool saw it. */
public sealed interface PoolEvent {
    /** An accepted share. */
    record Share(String user, Work work) implements PoolEvent {}

    /**
     * The pool found a block. Whether the share that found it is paid by it is a matter of order: a pool that pays from
     * its books puts the share first; one that pays in the block's own coinbase, which was fixed before, the block.
     *
     * @param networkWork of the network's target at this block
     * @param reward subsidy and fees
     */
    record Block(Work networkWork, Millisatoshis reward) implements PoolEvent {
        public Block {
            if (networkWork.units().signum() == 0) throw new IllegalArgumentException("a block takes work");
            if (reward.value() < 0) throw new IllegalArgumentException("negative reward " + reward);
        }
    }

    /**
     * From here on this is being mined.
     *
     * @param height of the block that is looked for
     * @param networkWork of the network's target
     * @param subsidy of that block
     * @param fees of it as far as the pool knows
     */
    record Template(long height, Work networkWork, Millisatoshis subsidy, Millisatoshis fees) implements PoolEvent {
        public Template {
            if (networkWork.units().signum() == 0) throw new IllegalArgumentException("a block takes work");
            if (subsidy.value() < 0 || fees.value() < 0)
                throw new IllegalArgumentException("negative subsidy " + subsidy + " or fees " + fees);
        }
    }
}
