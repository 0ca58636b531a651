package org.athanor.cli.heater;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.function.DoubleSupplier;
import org.athanor.edge.ExpectedPay;
import org.athanor.stratum.ShareEvent;
import org.athanor.stratum.ShareSink;
import org.athanor.stratum.ShareVerdict;
import org.athanor.units.Hashrate;
import org.athanor.units.Joules;

/**
 * What this computer's own work pays: shares that its pool accepted, by the scenario, and the energy that training took, by
 * what the file says it pays. Heat alone pays nothing.
 */
final class ComputerPay implements ExpectedPay, ShareSink {
    private final double perHash;
    private final double perTrainedJoule;
    private final DoubleAdder shares = new DoubleAdder();
    private DoubleSupplier trained = () -> 0;
    private double trainedBefore;

    /** @param perHash and {@code perTrainedKwh} in the home's currency */
    ComputerPay(double perHash, double perTrainedKwh) {
        this.perHash = perHash;
        this.perTrainedJoule = perTrainedKwh / Joules.ofKilowattHours(1).value();
    }

    /** @param joules that training took since the program began */
    synchronized void trainedBy(DoubleSupplier joules) {
        trained = joules;
    }

    @Override
    public void share(ShareEvent event) {
        if (event.verdict() instanceof ShareVerdict.Accepted accepted)
            shares.add(accepted.work().toDouble() * perHash);
    }

    @Override
    public synchronized double since(Optional<Hashrate> hashrate, Joules drawn, Duration since) {
        double joules = trained.getAsDouble();
        double more = Math.max(0, joules - trainedBefore);
        trainedBefore = joules;
        return shares.sumThenReset() + more * perTrainedJoule;
    }
}
