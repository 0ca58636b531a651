package org.athanor.ledger;

import org.athanor.units.Millisatoshis;
import org.athanor.units.Work;

/** What pay by block depends on, in the order in which the pool saw it. */
public sealed interface PoolEvent {
    /** An accepted share. */
    record Share(String user, Work work) implements PoolEvent {}

    /**
     * The pool found a block. Whether the share that found it is paid by it is a matter of order: a pool that pays from
     * its books puts the share first; one that pays in the block's own coinbase, which was fixed before, the block.
     *
     * @param networkWork of the network's target at this block
     * @param reward to be divided: subsidy and fees, less what the pool keeps
     */
    record Block(Work networkWork, Millisatoshis reward) implements PoolEvent {
        public Block {
            if (networkWork.units().signum() == 0) throw new IllegalArgumentException("a block takes work");
            if (reward.value() < 0) throw new IllegalArgumentException("negative reward " + reward);
        }
    }
}
