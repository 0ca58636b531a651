package org.athanor.network;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.athanor.ledger.Credit;
import org.athanor.ledger.CreditLine;
import org.athanor.ledger.PoolFee;
import org.athanor.ledger.Rate;
import org.athanor.ledger.Weight;
import org.athanor.ledger.Weighting;
import org.athanor.stratum.ShareVerdict;
import org.athanor.units.Millisatoshis;
import org.athanor.units.Work;

/** Records to lines and back. Encoding reuses its buffers and is for one thread at a time. */
final class LogCodec {
    private static final int CACHED = 16_384;
    private static final int FIELDS_OF_A_CREDIT = 11;
    private static final String ACCEPTED = "accepted";
    private static final String LOST = "lost";

    private final LogLine line = new LogLine();
    /** For fields that are built while a line is. */
    private final LogLine scratch = new LogLine();
    /** A user's name and a target repeat from share to share; their text is the dear part of a line. */
    private final Map<String, byte[]> users = new HashMap<>();

    private final Map<BigInteger, Proof> targets = new HashMap<>();

    /** The fields of a target and of the work that a share with it proves. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Proof(byte[] target, Work work, byte[] workField) {}

    LogLine encode(LogRecord entry) {
        return switch (entry) {
            case LogRecord.Share share -> share(share);
            case LogRecord.Reject reject ->
                line.start("reject")
                        .raw(user(reject.user()))
                        .plain(reject.reason())
                        .seal();
            case LogRecord.Block block -> block(block);
            case LogRecord.Refused refused ->
                line.start("refused")
                        .plain(refused.hash())
                        .text(refused.reason())
                        .seal();
            case LogRecord.Network network ->
                line.start("network").plain(hex(network.target())).seal();
            case LogRecord.Header header -> header(header);
            case LogRecord.Interval interval -> interval(interval);
            case LogRecord.Template template ->
                line.start("template")
                        .number(template.height())
                        .plain(hex(template.target()))
                        .number(template.coinbaseSats())
                        .number(template.subsidySats())
                        .seal();
            case LogRecord.Orphan orphan ->
                line.start("orphan")
                        .number(orphan.height())
                        .plain(orphan.hash())
                        .seal();
            case LogRecord.Upstream upstream ->
                line.start("upstream")
                        .text(upstream.name())
                        .plain(upstream.start())
                        .seal();
            case LogRecord.Forward forward -> forward(forward);
        };
    }

    private LogLine header(LogRecord.Header header) {
        line.start("header")
                .number(LogRecord.FORMAT)
                .plain(header.opened())
                .plain(hex(header.networkTarget()))
                .plain(header.rate())
                .text(header.scenario());
        header.poolFee().ifPresent(fee -> line.plain(fee));
        return line.seal();
    }

    /** What is unknown at the end is left out, so that a block of which nothing more is known reads as in format 1. */
    private LogLine block(LogRecord.Block block) {
        line.start("block").number(block.height()).plain(block.hash());
        if (block.coinbaseSats().isPresent()) line.number(block.coinbaseSats().getAsLong());
        else if (block.upstream().isPresent()) line.plain("");
        block.upstream().ifPresent(line::text);
        return line.seal();
    }

    private LogLine forward(LogRecord.Forward forward) {
        line.start("forward")
                .raw(user(forward.user()))
                .plain(forward.hash())
                .text(forward.upstream())
                .plain(hex(forward.target()))
                .micros(forward.time());
        return switch (forward.outcome()) {
            case LogRecord.Outcome.Accepted() -> line.plain(ACCEPTED).seal();
            case LogRecord.Outcome.Lost() -> line.plain(LOST).seal();
            case LogRecord.Outcome.Rejected(var reason, var detail) ->
                line.plain(reason).text(detail).seal();
        };
    }

    private LogLine share(LogRecord.Share share) {
        var user = user(share.user());
        var target = targets.get(share.target());
        if (target == null || !target.work().equals(share.work())) {
            target = new Proof(
                    scratch.start("").plain(hex(share.target())).fields(0),
                    share.work(),
                    scratch.start("").plain(share.work().units()).fields(0));
            if (targets.size() >= CACHED) targets.clear();
            targets.put(share.target(), target);
        }
        return line.start("share")
                .raw(user)
                .number(share.sequence())
                .plain(share.hash())
                .raw(target.target())
                .raw(target.workField())
                .number(share.block() ? 1 : 0)
                .micros(share.time())
                .seal();
    }

    private LogLine interval(LogRecord.Interval interval) {
        line.start("interval")
                .number(interval.number())
                .plain(interval.start())
                .plain(interval.end())
                .number(interval.lines().size());
        for (var credit : interval.lines())
            line.text(credit.user())
                    .plain(credit.weighting().weight())
                    .text(credit.weighting().basis())
                    .plain(credit.rate())
                    .plain(credit.carriedIn())
                    .plain(credit.msat().value())
                    .plain(credit.credit().remainder())
                    .number(credit.shares())
                    .plain(credit.firstShare())
                    .plain(credit.lastShare())
                    .plain(credit.work().units());
        return line.seal();
    }

    private byte[] user(String name) {
        var known = users.get(name);
        if (known == null) {
            known = scratch.start("").text(name).fields(0);
            if (users.size() >= CACHED) users.clear();
            users.put(name, known);
        }
        return known;
    }

    /** @throws IllegalArgumentException naming what cannot be understood */
    static LogRecord decode(String payload) {
        return decode(payload, new LogFields.Known());
    }

    /** {@link #decode(String)} with what was read before, which is for one thread at a time. */
    static LogRecord decode(String payload, LogFields.Known known) {
        var fields = new LogFields(payload, known);
        var type = fields.next();
        var entry = switch (type) {
            case "share" ->
                new LogRecord.Share(
                        fields.text(),
                        fields.number(),
                        fields.hash(),
                        fields.target(),
                        fields.work(),
                        fields.flag(),
                        fields.micros());
            case "reject" -> new LogRecord.Reject(fields.text(), ShareVerdict.Reason.valueOf(fields.next()));
            case "block" -> block(fields);
            case "refused" -> new LogRecord.Refused(fields.hash(), fields.text());
            case "network" -> new LogRecord.Network(fields.target());
            case "header" -> header(fields);
            case "interval" -> interval(fields);
            case "template" ->
                new LogRecord.Template(fields.number(), fields.target(), fields.number(), fields.number());
            case "orphan" -> new LogRecord.Orphan(fields.number(), fields.hash());
            case "upstream" -> new LogRecord.Upstream(fields.text(), fields.time());
            case "forward" -> forward(fields);
            default -> throw new IllegalArgumentException("unknown record \"" + type + "\"");
        };
        fields.end();
        return entry;
    }

    private static LogRecord header(LogFields fields) {
        var format = fields.number();
        if (format < 1 || format > LogRecord.FORMAT)
            throw new IllegalArgumentException("format " + format + ": this program reads formats 1 to "
                    + LogRecord.FORMAT + " and writes format " + LogRecord.FORMAT);
        return new LogRecord.Header(
                fields.time(),
                fields.target(),
                Rate.parse(fields.next()),
                fields.text(),
                fields.left() == 0 ? Optional.empty() : Optional.of(new PoolFee(new BigDecimal(fields.next()))));
    }

    private static LogRecord block(LogFields fields) {
        var height = fields.number();
        var hash = fields.hash();
        var sats = fields.left() == 0 ? "" : fields.next();
        return new LogRecord.Block(
                height,
                hash,
                sats.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(sats)),
                fields.left() == 0 ? Optional.empty() : Optional.of(fields.text()));
    }

    private static LogRecord forward(LogFields fields) {
        var user = fields.text();
        var hash = fields.hash();
        var upstream = fields.text();
        var target = fields.target();
        var time = fields.micros();
        var outcome = fields.next();
        return new LogRecord.Forward(
                user,
                hash,
                upstream,
                target,
                time,
                switch (outcome) {
                    case ACCEPTED -> new LogRecord.Outcome.Accepted();
                    case LOST -> new LogRecord.Outcome.Lost();
                    default -> new LogRecord.Outcome.Rejected(ShareVerdict.Reason.valueOf(outcome), fields.text());
                });
    }

    private static LogRecord interval(LogFields fields) {
        var number = fields.number();
        var start = fields.time();
        var end = fields.time();
        var count = fields.number();
        if (count * FIELDS_OF_A_CREDIT > fields.left())
            throw new IllegalArgumentException(
                    count + " users are announced, fields left for " + fields.left() / FIELDS_OF_A_CREDIT);
        List<CreditLine> lines = new ArrayList<>((int) count);
        for (var i = 0; i < count; i++) {
            var user = fields.text();
            var weighting = new Weighting(Weight.parse(fields.next()), fields.text());
            var rate = Rate.parse(fields.next());
            var carriedIn = fields.integer();
            var credit = new Credit(new Millisatoshis(Long.parseLong(fields.next())), fields.integer());
            var shares = fields.number();
            var first = fields.next();
            var last = fields.next();
            lines.add(new CreditLine(
                    user, number, start, end, shares, first, last, fields.work(), weighting, rate, carriedIn, credit));
        }
        return new LogRecord.Interval(number, start, end, List.copyOf(lines));
    }

    private static String hex(BigInteger target) {
        return target.toString(16);
    }
}
