package org.athanor.cli;

import java.util.Locale;
import org.athanor.cli.terminal.UserMistake;
import org.athanor.ledger.Credit;
import org.athanor.ledger.PayScheme;
import org.athanor.ledger.PerShare;
import org.athanor.ledger.PoolFee;
import org.athanor.ledger.SchemePay;
import org.athanor.ledger.WindowPay;
import org.athanor.network.Recount;
import org.athanor.network.Replay;
import org.athanor.network.UpstreamStatement;
import org.athanor.network.UserStatus;
import org.athanor.units.Millisatoshis;
import org.athanor.units.Work;

/**
 * A replayed share log and what was made of it, for {@link PoolBooksText people} and for {@link PoolBooksJson programs}.
 *
 * @param upstreams what they paid and what is expected of them
 * @param pay by a scheme; null when nobody asked for one
 */
record PoolBooks(Recount recount, PoolFee fee, UpstreamStatement upstreams, PayScheme scheme, SchemePay pay) {
    /**
     * @param scheme null for none
     * @throws UserMistake if the log does not hold what the scheme needs
     */
    static PoolBooks of(Recount recount, PoolFee fee, PayScheme scheme) {
        var replay = recount.replay();
        var upstreams = UpstreamStatement.of(replay.upstreams(), replay.rate(), fee);
        if (scheme == null) return new PoolBooks(recount, fee, upstreams, null, null);
        SchemePay pay;
        try {
            pay = scheme.pay(recount.events().events(), fee);
        } catch (ArithmeticException e) { // all bitcoins are less; coins of an easy test chain are not
            throw new UserMistake(
                    "--scheme " + name(scheme) + ": share log " + replay.file()
                            + " makes a user worth more than 2^63 msat, which is more than all bitcoins",
                    e);
        }
        if (pay.users().isEmpty() && !pay.unpriced().equals(Work.ZERO))
            throw new UserMistake("--scheme " + name(scheme) + ": share log " + replay.file()
                    + " holds no template records, so what a hash is worth is not known");
        return new PoolBooks(recount, fee, upstreams, scheme, pay);
    }

    Replay replay() {
        return recount.replay();
    }

    boolean concerned(UserStatus user) {
        return user.forwards().count() > 0
                || upstreams.paidTo().containsKey(user.user())
                || upstreams.expectedFor().containsKey(user.user());
    }

    Millisatoshis paid(UserStatus user) {
        return upstreams.paidTo().getOrDefault(user.user(), Millisatoshis.ZERO);
    }

    Credit expected(UserStatus user) {
        return upstreams.expectedFor().getOrDefault(user.user(), Credit.ZERO);
    }

    static String name(PayScheme scheme) {
        return switch (scheme) {
            case PerShare.PPS -> "pps";
            case PerShare.FPPS -> "fpps";
            case WindowPay window -> window.equals(WindowPay.TIDES) ? "tides" : "pplns";
        };
    }

    static String key(Enum<?> reason) {
        return reason.name().toLowerCase(Locale.ROOT);
    }
}
