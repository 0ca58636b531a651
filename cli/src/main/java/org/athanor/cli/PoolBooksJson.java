package org.athanor.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.TreeMap;
import org.athanor.ledger.Credit;
import org.athanor.ledger.WindowPay;
import org.athanor.network.Forwards;
import org.athanor.network.ReplayedUser;
import org.athanor.network.UpstreamStatement;
import org.athanor.stratum.ShareVerdict;
import org.athanor.units.Millisatoshis;

/** Books as JSON; the keys are in the module's README. */
final class PoolBooksJson {
    private final PoolBooks books;

    private PoolBooksJson(PoolBooks books) {
        this.books = books;
    }

    static ObjectNode of(PoolBooks books) {
        return new PoolBooksJson(books).json();
    }

    private ObjectNode json() {
        var replay = books.replay();
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
            if (books.concerned(user.status()))
                fill(
                        node.putObject("upstream"),
                        user.status().forwards(),
                        books.paid(user.status()),
                        books.expected(user.status()));
        }
        var total = json.putObject("total");
        fill(total, replay.all());
        fill(
                total.putObject("upstream"),
                replay.total().forwards(),
                books.upstreams().credits().minus(books.upstreams().fees()),
                books.upstreams().expected());
        json.put("scenario", replay.scenario());
        json.put("tornCredits", replay.tornCredits().orElse(null));
        json.put("poolFee", books.fee().fraction());
        json.put("settledWorthUnits", replay.owed().toString());
        var list = json.putArray("upstreams");
        for (var part : books.upstreams().upstreams()) fill(list.addObject(), part);
        if (books.pay() != null) fill(json.putObject("scheme"));
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
        var events = books.recount().events();
        node.put("name", PoolBooks.name(books.scheme()));
        node.put("window", books.scheme() instanceof WindowPay window ? window.n() : null);
        node.put("blocks", books.pay().payouts().size());
        node.put("orphanedBlocks", events.orphaned());
        node.put("upstreamBlocks", events.ofUpstreams());
        node.put("unvaluedBlocks", events.unvalued());
        node.put("rewardMsat", books.pay().rewards().value());
        node.put("feeMsat", books.pay().fees().value());
        node.put("unassignedMsat", books.pay().unassigned().value());
        node.put("unpricedWorkUnits", books.pay().unpriced().units().toString());
        node.put("msat", books.pay().total().msat().value());
        node.put("fractionUnits", books.pay().total().remainder().toString());
        var users = node.putArray("users");
        books.pay()
                .users()
                .forEach((user, credit) -> users.addObject()
                        .put("user", user)
                        .put("msat", credit.msat().value())
                        .put("fractionUnits", credit.remainder().toString()));
    }

    private static void put(ObjectNode node, Map<ShareVerdict.Reason, Long> rejected) {
        new TreeMap<>(rejected).forEach((reason, count) -> node.put(PoolBooks.key(reason), count));
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
