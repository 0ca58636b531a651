package org.athanor.cli.heater;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.athanor.hash.Target;
import org.athanor.stratum.ShareEvent;
import org.athanor.stratum.ShareVerdict;
import org.athanor.units.Hashrate;
import org.athanor.units.Joules;
import org.athanor.units.Work;
import org.junit.jupiter.api.Test;

class ComputerPayTest {
    private static final double PER_HASH = 1e-20;
    private static final Target TARGET = Target.ofDifficulty(new BigDecimal(8));

    private final ComputerPay pay = new ComputerPay(PER_HASH, 0.2);

    private double step() {
        return pay.since(Optional.of(new Hashrate(1e9)), Joules.ofKilowattHours(1), Duration.ofMinutes(1));
    }

    private static ShareEvent share(ShareVerdict verdict) {
        return new ShareEvent("me", "athanor", "1", "00", TARGET, verdict);
    }

    @Test
    void heatAloneAndHashesThatNoPoolTookPayNothing() {
        assertEquals(0, step());
        pay.share(share(new ShareVerdict.Rejected(ShareVerdict.Reason.DUPLICATE, "known")));
        assertEquals(0, step());
    }

    /** A share of difficulty 1 stands for 2³² hashes, and a little more (65536 / 65535). */
    @Test
    void acceptedSharesPayForTheirWorkOnce() {
        pay.share(share(new ShareVerdict.Accepted(Work.ofTarget(TARGET.value()), false)));
        pay.share(share(new ShareVerdict.Accepted(Work.ofTarget(TARGET.value()), false)));
        double hashes = 2 * 8 * 0x1p32 * 65536 / 65535;
        assertEquals(hashes * PER_HASH, step(), 1e-9 * hashes * PER_HASH);
        assertEquals(0, step());
    }

    @Test
    void trainingPaysForTheEnergyThatItTook() {
        var joules = new AtomicReference<>(0.0);
        pay.trainedBy(joules::get);
        assertEquals(0, step());
        joules.set(1.8e6);
        assertEquals(0.1, step(), 1e-12);
        assertEquals(0, step(), "what was paid is paid");
        joules.set(3.6e6);
        assertEquals(0.1, step(), 1e-12);
    }
}
