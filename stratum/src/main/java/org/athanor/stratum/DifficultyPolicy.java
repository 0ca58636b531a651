package org.athanor.stratum;

import java.math.BigDecimal;
import java.util.Optional;

/** How hard a connection's shares are; fractions are as good as whole numbers. */
@FunctionalInterface
public interface DifficultyPolicy {
    /**
     * Asked when a connection subscribes (with an empty user) and again when it authorizes a user. The server never
     * makes shares harder than the network's target, whatever this answers.
     *
     * @return above 0
     */
    BigDecimal difficulty(String agent, String user);

    /** Answer to a miner's wish: as a rule it may have harder shares than the policy's, never easier ones. */
    default BigDecimal suggested(String agent, String user, BigDecimal wish) {
        return wish.max(difficulty(agent, user));
    }

    /** If present, these rules set every connection's difficulty, and the methods above are not asked. */
    default Optional<VardiffRules> vardiff() {
        return Optional.empty();
    }

    /**
     * A difficulty for each connection that follows its miner. A miner's wish is where it starts, and it never gets
     * easier shares than it wished for.
     */
    static DifficultyPolicy vardiff(VardiffRules rules) {
        return new DifficultyPolicy() {
            @Override
            public BigDecimal difficulty(String agent, String user) {
                return rules.start();
            }

            @Override
            public Optional<VardiffRules> vardiff() {
                return Optional.of(rules);
            }
        };
    }

    /** @throws IllegalArgumentException unless {@code difficulty} is above 0 */
    static DifficultyPolicy fixed(BigDecimal difficulty) {
        if (difficulty.signum() <= 0)
            throw new IllegalArgumentException("difficulty " + difficulty + ": accepted is any number above 0");
        return (agent, user) -> difficulty;
    }
}
