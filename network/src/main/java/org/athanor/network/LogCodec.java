package org.athanor.network;

import java.math.BigInteger;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.athanor.ledger.Credit;
import org.athanor.ledger.CreditLine;
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

    private final LogLine line = new LogLine();
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
            case LogRecord.Block block ->
                line.start("block").number(block.height()).plain(block.hash()).seal();
            case LogRecord.Refused refused ->
                line.start("refused")
                        .plain(refused.hash())
                        .text(refused.reason())
                        .seal();
            case LogRecord.Network network ->
                line.start("network").plain(hex(network.target())).seal();
            case LogRecord.Header header ->
                line.start("header")
                        .number(LogRecord.FORMAT)
                        .plain(header.opened())
                        .plain(hex(header.networkTarget()))
                        .plain(header.rate())
                        .text(header.scenario())
                        .seal();
            case LogRecord.Interval interval -> interval(interval);
        };
    }

    private LogLine share(LogRecord.Share share) {
        var user = user(share.user());
        var target = targets.get(share.target());
        if (target == null || !target.work().equals(share.work())) {
            target = new Proof(
                    line.start("").plain(hex(share.target())).fields(0),
                    share.work(),
                    line.start("").plain(share.work().units()).fields(0));
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
            known = line.start("").text(name).fields(0);
            if (users.size() >= CACHED) users.clear();
            users.put(name, known);
        }
        return known;
    }

    /** @throws IllegalArgumentException naming what cannot be understood */
    static LogRecord decode(String payload) {
        var fields = new Fields(payload);
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
            case "block" -> new LogRecord.Block(fields.number(), fields.hash());
            case "refused" -> new LogRecord.Refused(fields.hash(), fields.text());
            case "network" -> new LogRecord.Network(fields.target());
            case "header" -> header(fields);
            case "interval" -> interval(fields);
            default -> throw new IllegalArgumentException("unknown record \"" + type + "\"");
        };
        fields.end();
        return entry;
    }

    private static LogRecord header(Fields fields) {
        var format = fields.number();
        if (format != LogRecord.FORMAT)
            throw new IllegalArgumentException(
                    "format " + format + ": this program reads and writes format " + LogRecord.FORMAT);
        return new LogRecord.Header(fields.time(), fields.target(), Rate.parse(fields.next()), fields.text());
    }

    private static LogRecord interval(Fields fields) {
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

    private static final class Fields {
        private final String[] fields;
        private int next;

        Fields(String payload) {
            fields = payload.split("\t", -1);
        }

        String next() {
            if (next == fields.length) throw new IllegalArgumentException("field " + (next + 1) + " is missing");
            return fields[next++];
        }

        int left() {
            return fields.length - next;
        }

        void end() {
            if (left() != 0) throw new IllegalArgumentException(left() + " fields too many");
        }

        String text() {
            return LogLine.unescape(next());
        }

        long number() {
            var value = Long.parseLong(next());
            if (value < 0) throw new IllegalArgumentException("negative count " + value);
            return value;
        }

        BigInteger integer() {
            return new BigInteger(next());
        }

        BigInteger target() {
            var target = new BigInteger(next(), 16);
            if (target.signum() < 0 || target.bitLength() > 256)
                throw new IllegalArgumentException("not a 256-bit target: " + target.toString(16));
            return target;
        }

        Work work() {
            return new Work(integer());
        }

        String hash() {
            var hash = next();
            if (hash.length() != 64) throw new IllegalArgumentException("not a hash: " + hash);
            return hash;
        }

        boolean flag() {
            return number() != 0;
        }

        Instant time() {
            return Instant.parse(next());
        }

        Instant micros() {
            return Instant.EPOCH.plus(number(), ChronoUnit.MICROS);
        }
    }
}
