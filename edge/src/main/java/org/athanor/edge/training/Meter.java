package org.athanor.edge.training;

import java.util.OptionalDouble;

/** What training draws, as far as something on this machine meters or declares it. Asked from any thread. */
public interface Meter {
    /** Where nothing meters: energy is unknown, never guessed. */
    Meter NONE = new Meter() {
        @Override
        public Count begin() {
            return _ -> OptionalDouble.empty();
        }

        @Override
        public OptionalDouble watts() {
            return OptionalDouble.empty();
        }
    };

    /** Counts from now on. */
    Count begin();

    /** Just now; empty while that is not known. */
    OptionalDouble watts();

    /** Energy since its beginning. */
    @FunctionalInterface
    interface Count {
        /**
         * Joules so far; empty where they are not known.
         *
         * @param cpuSeconds that the engine has worked in this time, for meters of more than the engine alone
         */
        OptionalDouble joules(double cpuSeconds);
    }
}
