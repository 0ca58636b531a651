package org.athanor.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.athanor.network.MeasuredHashrate;
import org.athanor.network.Replay;
import org.athanor.network.ReplayedUser;

/** A replayed share log for people and for programs. */
final class PoolBooks {
    private static final String ROW = "%-24s %12s %9s %7s %22s %22s %18s %10s";

    private PoolBooks() {}

    static List<String> lines(Replay replay) {
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
                "%d blocks found (%.2f expected), %d taken by the chain, %d refused",
                replay.blocksFound(), replay.expectedBlocks(), replay.blocksTaken(), replay.blocksRefused()));
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
                lines.add("rejected of " + name(user.status().user()) + ": " + reasons(user));
        if (replay.unsettled() > 0)
            lines.add(replay.unsettled() + " open shares are not credited yet: their interval is not settled");
        replay.torn().ifPresent(torn -> lines.add("left out: " + torn));
        for (var difference : replay.differences()) lines.add("difference: " + printable(difference));
        if (replay.differenceCount() > replay.differences().size())
            lines.add((replay.differenceCount() - replay.differences().size()) + " more differences");
        return lines;
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
                status.credited().value(),
                user.unsettledShares());
    }

    private static String rate(MeasuredHashrate measured) {
        if (!Double.isFinite(measured.relativeError())) return "-";
        return format("%s +- %.2g%%", measured.rate(), 100 * measured.relativeError());
    }

    private static String reasons(ReplayedUser user) {
        return new TreeMap<>(user.status().rejected())
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

    static ObjectNode json(Replay replay) {
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
                .put("expected", replay.expectedBlocks());
        var users = json.putArray("users");
        for (var user : replay.accounts()) {
            var node = users.addObject().put("user", user.status().user());
            fill(node, user);
        }
        fill(json.putObject("total"), replay.all());
        return json;
    }

    private static void fill(ObjectNode node, ReplayedUser user) {
        var status = user.status();
        node.put("accepted", status.accepted());
        var rejected = node.putObject("rejected");
        new TreeMap<>(status.rejected()).forEach((reason, count) -> rejected.put(key(reason), count));
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
