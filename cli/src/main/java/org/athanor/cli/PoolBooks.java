package org.athanor.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.athanor.ledger.Credit;
import org.athanor.ledger.PayScheme;
import org.athanor.ledger.PerShare;
import org.athanor.ledger.PoolFee;
import org.athanor.ledger.SchemePay;
import org.athanor.ledger.WindowPay;
import org.athanor.network.Forwards;
import org.athanor.network.MeasuredHashrate;
import org.athanor.network.Recount;
import org.athanor.network.Replay;
import org.athanor.network.ReplayedUpstream;
import org.athanor.network.ReplayedUser;
import org.athanor.network.UpstreamStatement;
import org.athanor.network.UserStatus;
import org.athanor.stratum.ShareVerdict;
import org.athanor.units.Millisatoshis;
import org.athanor.units.Work;

/**
 * A replayed share log for people and for programs.
 *
 * @param upstreams what they paid and what is expected of them
 * @param pay by a scheme; null when nobody asked for one
 */
record PoolBooks(Recount recount, PoolFee fee, UpstreamStatement upstreams, PayScheme scheme, SchemePay pay) {
    private static final String ROW = "%-24s %12s %9s %7s %22s %22s %26s %10s";

    private static final String UPSTREAM_ROW = "%-24s %12s %9s %9s %9s %18s %22s";
    private static final String SCHEME_ROW = "%-24s %26s";
    private static final int DIGITS = 4;
    private static final int DISPLAYED_SCALE = 8;
    /** Chance leaves this many standard deviations once in a thousand times. */
    private static final double SELDOM = 3.29;

    private static final long ENOUGH = 10;

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

    private Replay replay() {
        return recount.replay();
    }

    List<String> lines() {
        var replay = replay();
        var lines = new ArrayList<String>();
        lines.add("share log " + replay.file());
        lines.add(format(
                "%d records, %d intervals settled, %s to %s, of which the pool ran %.1f s",
                replay.records(),
                replay.intervals(),
                replay.from(),
                replay.to(),
                replay.logged().toNanos() / 1e9));
        lines.add(format(
                "%d blocks found (%.2f expected), %d taken by the chain%s, %d refused",
                replay.blocksFound(),
                replay.expectedBlocks(),
                replay.blocksTaken(),
                replay.blocksOrphaned() > 0 ? " (" + replay.blocksOrphaned() + " left it again)" : "",
                replay.blocksRefused()));
        lines.add("");
        lines.add(format(
                ROW,
                "user",
                "accepted",
                "rejected",
                "blocks",
                "work (hashes)",
                "hash rate",
                "credited (msat)",
                "open"));
        for (var user : replay.accounts()) lines.add(row(name(user.status().user()), user));
        lines.add(row("together", replay.all()));
        for (var user : replay.accounts())
            if (user.status().rejectedCount() > 0)
                lines.add("rejected of " + name(user.status().user()) + ": "
                        + reasons(user.status().rejected()));
        if (replay.all().carried().signum() > 0)
            lines.add("(+ ...) is a fraction of a millisatoshi, carried until it makes a whole one");
        if (replay.unsettled() > 0)
            lines.add(replay.unsettled() + " open shares are not credited yet: their interval is not settled");
        if (replay.agrees())
            lines.add("adds up: the settled shares are worth " + amount(worth())
                    + " msat by the log's rate, and that is what is credited and carried");
        upstreams(lines);
        if (pay != null) scheme(lines);
        replay.torn().ifPresent(torn -> lines.add("left out: " + torn));
        replay.tornCredits().ifPresent(torn -> lines.add("left out: " + torn));
        for (var difference : replay.differences()) lines.add("difference: " + printable(difference));
        if (replay.differenceCount() > replay.differences().size())
            lines.add((replay.differenceCount() - replay.differences().size()) + " more differences");
        return lines;
    }

    private Credit worth() {
        return Credit.ofUnits(replay().owed());
    }

    private void upstreams(List<String> lines) {
        if (upstreams.upstreams().isEmpty()) return;
        for (var part : upstreams.upstreams()) {
            var upstream = part.upstream();
            lines.add("");
            lines.add(format(
                    "upstream %s: %d sessions since %s, %s done for it",
                    printable(upstream.name()), upstream.sessions(), upstream.since(), upstream.work()));
            lines.add("  handed on: " + handedOn(upstream));
            for (var i = 0; i < part.splits().size(); i++) {
                var credit = upstream.paid().get(i).credit();
                var split = part.splits().get(i);
                lines.add(format(
                        "  paid for %s to %s: %d msat, %d to %d users, %d kept by the pool",
                        credit.from(),
                        credit.to(),
                        credit.msat().value(),
                        credit.msat().minus(split.fee()).value(),
                        split.users().size(),
                        split.fee().value()));
            }
            lines.add("  not paid yet: " + part.unpaid() + ", of which " + amount(part.expected())
                    + " msat are expected");
        }
        lines.add("");
        lines.add("expected is the work at the rate of: " + printable(replay().scenario()));
        lines.add(format(
                UPSTREAM_ROW,
                "user",
                "handed on",
                "accepted",
                "rejected",
                "lost",
                "paid (msat)",
                "expected, not paid"));
        for (var user : replay().accounts()) {
            var status = user.status();
            if (!concerned(status)) continue;
            lines.add(upstreamRow(name(status.user()), status.forwards(), paid(status), expected(status)));
        }
        lines.add(upstreamRow(
                "together",
                replay().total().forwards(),
                upstreams.credits().minus(upstreams.fees()),
                upstreams.expected()));
        lines.add(format(
                "adds up: %d msat paid by upstreams, %d to users, %d kept by the pool",
                upstreams.credits().value(),
                upstreams.credits().minus(upstreams.fees()).value(),
                upstreams.fees().value()));
        for (var user : replay().accounts())
            if (user.status().forwards().rejectedCount() > 0)
                lines.add("rejected by upstreams of " + name(user.status().user()) + ": "
                        + reasons(user.status().forwards().rejected()));
    }

    private boolean concerned(UserStatus user) {
        return user.forwards().count() > 0
                || upstreams.paidTo().containsKey(user.user())
                || upstreams.expectedFor().containsKey(user.user());
    }

    private Millisatoshis paid(UserStatus user) {
        return upstreams.paidTo().getOrDefault(user.user(), Millisatoshis.ZERO);
    }

    private Credit expected(UserStatus user) {
        return upstreams.expectedFor().getOrDefault(user.user(), Credit.ZERO);
    }

    private static String upstreamRow(String name, Forwards forwards, Millisatoshis paid, Credit expected) {
        return format(
                UPSTREAM_ROW,
                name,
                forwards.count(),
                forwards.accepted(),
                forwards.rejectedCount(),
                forwards.lost(),
                paid.value(),
                amount(expected));
    }

    private static String handedOn(ReplayedUpstream upstream) {
        var forwards = upstream.forwards();
        var text = format(
                "%d shares, %d accepted (%s), %d rejected, %d lost",
                forwards.count(),
                forwards.accepted(),
                forwards.acceptedWork(),
                forwards.rejectedCount(),
                forwards.lost());
        if (forwards.count() == 0 || !Double.isFinite(upstream.forwardedPart())) return text;
        text += format(
                "; %.4g%% +- %.2g%% of the work", 100 * upstream.forwardedPart(), 100 * upstream.forwardedPartError());
        return unlikely(upstream) ? text + ", more off than chance explains" : text;
    }

    private static boolean unlikely(ReplayedUpstream upstream) {
        return upstream.forwards().count() >= ENOUGH
                && Math.abs(upstream.forwardedPart() - 1) > SELDOM * upstream.forwardedPartError();
    }

    private void scheme(List<String> lines) {
        var events = recount.events();
        lines.add("");
        if (scheme instanceof WindowPay window)
            lines.add(format(
                    "by %s, over the last %s x the network's work, pool fee %s: %d blocks pay %d msat, %d to users,"
                            + " %d kept by the pool",
                    name(scheme),
                    window.n().toPlainString(),
                    fee,
                    pay.payouts().size(),
                    pay.rewards().value(),
                    pay.total().msat().value(),
                    pay.fees().plus(pay.unassigned()).value()));
        else
            lines.add(format(
                    "by %s, pool fee %s: each hash at what the log's templates make it worth", name(scheme), fee));
        if (events.orphaned() > 0) lines.add("  paying nothing: " + events.orphaned() + " blocks that left the chain");
        if (events.ofUpstreams() > 0) lines.add("  paid by upstreams: " + events.ofUpstreams() + " blocks of theirs");
        if (events.unvalued() > 0)
            lines.add("  left out: " + events.unvalued() + " blocks of which the log does not say what they pay");
        if (!pay.unpriced().equals(Work.ZERO))
            lines.add("  left out: " + pay.unpriced() + " from before the log's first template");
        lines.add(format(SCHEME_ROW, "user", "owed (msat)"));
        pay.users().forEach((user, credit) -> lines.add(format(SCHEME_ROW, name(user), amount(credit))));
        lines.add(format(SCHEME_ROW, "together", amount(pay.total())));
    }

    private static String name(PayScheme scheme) {
        return switch (scheme) {
            case PerShare.PPS -> "pps";
            case PerShare.FPPS -> "fpps";
            case WindowPay window -> window.equals(WindowPay.TIDES) ? "tides" : "pplns";
        };
    }

    /** Whole millisatoshis as they are; what has a fraction with some digits of it. */
    private static String amount(Credit credit) {
        if (credit.remainder().signum() == 0) return Long.toString(credit.msat().value());
        var digits = DIGITS + Long.toString(credit.msat().value()).length() - 1;
        var text = credit.rounded(digits);
        return text.scale() > DISPLAYED_SCALE ? format("%.3e", text) : text.toPlainString();
    }

    private static String row(String name, ReplayedUser user) {
        var status = user.status();
        return format(
                ROW,
                name,
                status.accepted(),
                status.rejectedCount(),
                user.blocks(),
                status.work().hashes(),
                rate(user.hashrate()),
                credited(user),
                user.unsettledShares());
    }

    /** A small computer earns less than a millisatoshi for a long time, and a bare zero would not say so. */
    private static String credited(ReplayedUser user) {
        var whole = Long.toString(user.status().credited().value());
        if (user.carried().signum() == 0) return whole;
        return whole + " (+ " + amount(Credit.ofUnits(user.carried())) + ")";
    }

    private static String rate(MeasuredHashrate measured) {
        if (!Double.isFinite(measured.relativeError())) return "-";
        return format("%s +- %.2g%%", measured.rate(), 100 * measured.relativeError());
    }

    private static String reasons(Map<ShareVerdict.Reason, Long> rejected) {
        return new TreeMap<>(rejected)
                .entrySet().stream()
                        .map(entry -> entry.getValue() + " " + key(entry.getKey()))
                        .collect(Collectors.joining(", "));
    }

    /** Nobody's rejected shares have an empty name; miners choose theirs, so nothing in them may move the cursor. */
    private static String name(String user) {
        return user.isEmpty() ? "(nobody)" : printable(user);
    }

    private static String printable(String text) {
        return text.codePoints()
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static String key(Enum<?> reason) {
        return reason.name().toLowerCase(Locale.ROOT);
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    ObjectNode json() {
        var replay = replay();
        var json = JsonNodeFactory.instance.objectNode();
        json.put("shareLog", replay.file().toString());
        json.put("records", replay.records());
        json.put("intervals", replay.intervals());
        json.put("from", replay.from().toString());
        json.put("to", replay.to().toString());
        json.put("loggedSeconds", replay.logged().toNanos() / 1e9);
        json.put("addsUp", replay.agrees());
        json.put("differenceCount", replay.differenceCount());
        var differences = json.putArray("differences");
        replay.differences().forEach(differences::add);
        json.put("torn", replay.torn().orElse(null));
        json.putObject("blocks")
                .put("found", replay.blocksFound())
                .put("taken", replay.blocksTaken())
                .put("refused", replay.blocksRefused())
                .put("expected", replay.expectedBlocks())
                .put("orphaned", replay.blocksOrphaned());
        var users = json.putArray("users");
        for (var user : replay.accounts()) {
            var node = users.addObject().put("user", user.status().user());
            fill(node, user);
            if (concerned(user.status()))
                fill(
                        node.putObject("upstream"),
                        user.status().forwards(),
                        paid(user.status()),
                        expected(user.status()));
        }
        var total = json.putObject("total");
        fill(total, replay.all());
        fill(
                total.putObject("upstream"),
                replay.total().forwards(),
                upstreams.credits().minus(upstreams.fees()),
                upstreams.expected());
        json.put("scenario", replay.scenario());
        json.put("tornCredits", replay.tornCredits().orElse(null));
        json.put("poolFee", fee.fraction());
        json.put("settledWorthUnits", replay.owed().toString());
        var list = json.putArray("upstreams");
        for (var part : upstreams.upstreams()) fill(list.addObject(), part);
        if (pay != null) fill(json.putObject("scheme"));
        return json;
    }

    private static void fill(ObjectNode node, Forwards forwards, Millisatoshis paid, Credit expected) {
        node.put("forwarded", forwards.count());
        node.put("accepted", forwards.accepted());
        node.put("acceptedWorkUnits", forwards.acceptedWork().units().toString());
        put(node.putObject("rejected"), forwards.rejected());
        node.put("lost", forwards.lost());
        node.put("paidMsat", paid.value());
        node.put("expectedMsat", expected.msat().value());
        node.put("expectedFractionUnits", expected.remainder().toString());
    }

    private static void fill(ObjectNode node, UpstreamStatement.Part part) {
        var upstream = part.upstream();
        node.put("name", upstream.name());
        node.put("since", upstream.since().toString());
        node.put("sessions", upstream.sessions());
        node.put("workUnits", upstream.work().units().toString());
        if (Double.isFinite(upstream.forwardedPart()))
            node.put("forwardedPart", upstream.forwardedPart())
                    .put("forwardedPartError", upstream.forwardedPartError());
        else node.putNull("forwardedPart").putNull("forwardedPartError");
        fill(node, upstream.forwards(), part.paid(), part.expected());
        node.put("unpaidWorkUnits", part.unpaid().units().toString());
        var credits = node.putArray("credits");
        for (var i = 0; i < part.splits().size(); i++) {
            var credit = upstream.paid().get(i).credit();
            var split = part.splits().get(i);
            var users = credits.addObject()
                    .put("from", credit.from().toString())
                    .put("to", credit.to().toString())
                    .put("msat", credit.msat().value())
                    .put("feeMsat", split.fee().value())
                    .putObject("users");
            split.users().forEach((user, msat) -> users.put(user, msat.value()));
        }
    }

    private void fill(ObjectNode node) {
        var events = recount.events();
        node.put("name", name(scheme));
        node.put("window", scheme instanceof WindowPay window ? window.n() : null);
        node.put("blocks", pay.payouts().size());
        node.put("orphanedBlocks", events.orphaned());
        node.put("upstreamBlocks", events.ofUpstreams());
        node.put("unvaluedBlocks", events.unvalued());
        node.put("rewardMsat", pay.rewards().value());
        node.put("feeMsat", pay.fees().value());
        node.put("unassignedMsat", pay.unassigned().value());
        node.put("unpricedWorkUnits", pay.unpriced().units().toString());
        node.put("msat", pay.total().msat().value());
        node.put("fractionUnits", pay.total().remainder().toString());
        var users = node.putArray("users");
        pay.users()
                .forEach((user, credit) -> users.addObject()
                        .put("user", user)
                        .put("msat", credit.msat().value())
                        .put("fractionUnits", credit.remainder().toString()));
    }

    private static void put(ObjectNode node, Map<ShareVerdict.Reason, Long> rejected) {
        new TreeMap<>(rejected).forEach((reason, count) -> node.put(key(reason), count));
    }

    private static void fill(ObjectNode node, ReplayedUser user) {
        var status = user.status();
        node.put("accepted", status.accepted());
        put(node.putObject("rejected"), status.rejected());
        node.put("blocks", user.blocks());
        node.put("hashes", status.work().hashes());
        node.put("workUnits", status.work().units().toString());
        var measured = user.hashrate();
        if (Double.isFinite(measured.relativeError()))
            node.put("hashesPerSecond", measured.rate().value()).put("relativeError", measured.relativeError());
        else node.putNull("hashesPerSecond").putNull("relativeError");
        node.put("creditedMsat", status.credited().value());
        node.put("carriedUnits", user.carried().toString());
        node.put("openShares", user.unsettledShares());
        node.put("openWorkUnits", user.unsettledWork().units().toString());
    }
}
