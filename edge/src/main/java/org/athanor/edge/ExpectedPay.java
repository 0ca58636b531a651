package org.athanor.edge;

import java.time.Duration;
import java.util.Optional;
import org.athanor.units.Hashrate;
import org.athanor.units.Joules;

/**
 * What a heater's work is expected to have paid where nobody sends credit lines that its own books could check: a miner at
 * somebody's pool, training that pays by the kilowatt-hour. It is an estimate, and shown as one.
 */
@FunctionalInterface
public interface ExpectedPay {
    /**
     * Called once a control step.
     *
     * @param hashrate as the device reports it now; empty where it reports none or is silent
     * @param drawn    since the step before
     * @param since    the step before; zero where that was too long ago to say what it did meanwhile
     * @return in the home's currency, zero or more
     */
    double since(Optional<Hashrate> hashrate, Joules drawn, Duration since);
}
