package org.athanor.cli;

import java.math.MathContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.athanor.cli.terminal.Printable;
import org.athanor.network.MeasuredHashrate;
import org.athanor.network.PoolStatus;
import org.athanor.network.UserStatus;
import org.athanor.stratum.ShareVerdict;
import org.athanor.stratum.UpstreamPool;

/** What an operator sees of a running pool. */
final class PoolTable {
    /** As many as fit on a screen; the metrics have more. */
    private static final int MOST_USERS = 15;

    private static final String ROW = "%-28s %22s %10s  %-28s";

    private PoolTable() {}

    static String summary(PoolStatus status) {
        var total = status.total();
        var text = format(
                "%d miners, %d users, %s%d shares accepted, %d rejected",
                status.clients().size(),
                status.users().size(),
                Double.isFinite(status.hashrate().relativeError()) ? rate(status.hashrate()) + ", " : "",
                total.accepted(),
                total.rejectedCount());
        return text
                + status.upstream()
                        .map(upstream -> ", " + upstream(upstream) + ": " + forwards(total))
                        .orElseGet(() ->
                                format(", %d blocks (%.1f expected)", status.blocksFound(), status.expectedBlocks()));
    }

    /** @param title what it is and where it listens */
    static List<String> lines(PoolStatus status, String title, String problem) {
        var lines = new ArrayList<String>();
        lines.add(title);
        lines.add(summary(status));
        status.upstream()
                .filter(up -> !up.problem().isEmpty())
                .ifPresent(up -> lines.add("last trouble upstream: " + Printable.text(up.problem())));
        if (!problem.isEmpty()) lines.add(problem);
        status.notes().forEach(note -> lines.add(Printable.text(note)));
        lines.add("");
        boolean proxy = status.upstream().isPresent();
        lines.add((format(ROW, "user", "hash rate", "accepted", "rejected") + (proxy ? "  upstream" : ""))
                .stripTrailing());
        var users = status.users().stream()
                .sorted(Comparator.comparingDouble((UserStatus user) ->
                                status.hashrate(user.user()).rate().value())
                        .thenComparingDouble(user -> user.work().toDouble())
                        .reversed())
                .toList();
        for (var user : users.subList(0, Math.min(MOST_USERS, users.size())))
            lines.add((format(
                                    ROW,
                                    user.user().isEmpty() ? "(nobody)" : Printable.text(user.user()),
                                    rate(status.hashrate(user.user())),
                                    user.accepted(),
                                    reasons(user.rejected()))
                            + (proxy ? "  " + forwards(user) : ""))
                    .stripTrailing());
        if (users.size() > MOST_USERS) lines.add(users.size() - MOST_USERS + " more users");
        return lines;
    }

    private static String upstream(UpstreamPool.Status upstream) {
        return upstream.connected()
                ? upstream.upstream() + " at difficulty "
                        + upstream.difficulty().round(new MathContext(4)).toString()
                : "NO POOL UPSTREAM, last " + upstream.upstream();
    }

    private static String forwards(UserStatus user) {
        var forwards = user.forwards();
        return forwards.accepted() + " accepted"
                + (forwards.rejectedCount() == 0 ? "" : ", rejected " + reasons(forwards.rejected()))
                + (forwards.lost() == 0 ? "" : ", " + forwards.lost() + " lost");
    }

    private static String reasons(Map<ShareVerdict.Reason, Long> counts) {
        return new TreeMap<>(counts)
                .entrySet().stream()
                        .map(entry -> entry.getValue() + " "
                                + entry.getKey().name().toLowerCase(Locale.ROOT).replace('_', ' '))
                        .collect(Collectors.joining(", "));
    }

    private static String rate(MeasuredHashrate measured) {
        if (!Double.isFinite(measured.relativeError())) return "-";
        return format("%s +- %.2g%%", measured.rate(), 100 * measured.relativeError());
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
