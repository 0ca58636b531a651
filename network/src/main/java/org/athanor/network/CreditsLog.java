package org.athanor.network;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.athanor.units.Millisatoshis;

/**
 * What upstream pools paid: a file beside the share log, of lines of the same form, written by hand and never by a pool.
 * So a credit can be entered while the pool holds its log; {@link ShareLog#replay} reads both.
 */
public final class CreditsLog {
    public static final String FILE_NAME = "credits.log";
    private static final int FORMAT = 1;
    private static final String HEADER = "credits";
    private static final String CREDIT = "credit";

    /** What became of a credit that was to be entered. */
    public sealed interface Entry {
        /**
         * It is on the disk.
         *
         * @param torn what an interrupted entry had left behind and was cut off
         */
        record Entered(UpstreamCredit credit, PaidWindow window, Optional<String> torn) implements Entry {}

        /** @param reason one sentence that names the value and what is accepted */
        record Refused(String reason) implements Entry {}
    }

    /** @param torn an unfinished last line, which is left out */
    record Contents(List<UpstreamCredit> credits, long intactBytes, Optional<String> torn) {
        static final Contents NONE = new Contents(List.of(), 0, Optional.empty());
    }

    private CreditsLog() {}

    /**
     * Enters what an upstream paid for the time from {@code from} (inclusive) to {@code to} (exclusive). The credits of one
     * upstream never overlap, are for time that is over, and for work that the share log holds.
     *
     * @param folder of the share log, in which a pool may be running
     * @param now to which the time must be over
     * @throws ShareLogException if a log cannot be read or written, is damaged, or is being written by somebody else
     */
    public static Entry enter(Path folder, String upstream, Instant from, Instant to, Millisatoshis msat, Instant now) {
        if (msat.value() < 0) return refused("amount " + msat.value() + " msat: zero or more is accepted");
        if (!from.isBefore(to)) return refused("from " + from + " to " + to + ": a time that ends after it starts");
        if (to.isAfter(now)) return refused("to " + to + ": a time that is over is accepted, and now it is " + now);
        var file = folder.resolve(FILE_NAME);
        try (var channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
            lock(file, channel);
            return enter(folder, file, channel, upstream, from, to, msat, now);
        } catch (IOException e) {
            throw new ShareLogException(file, "cannot be written: " + e.getMessage(), e);
        }
    }

    private static Entry enter(
            Path folder,
            Path file,
            FileChannel channel,
            String upstream,
            Instant from,
            Instant to,
            Millisatoshis msat,
            Instant now)
            throws IOException {
        var before = parse(file, readAll(channel));
        if (upstream.isEmpty()) return refused("upstream \"\": the name of an upstream is accepted");
        var credit = new UpstreamCredit(upstream, from, to, msat, now);
        for (var other : before.credits())
            if (other.overlaps(credit))
                return refused("from " + from + " to " + to + " overlaps what is entered already: " + other);
        var all = new ArrayList<>(before.credits());
        all.add(credit);
        var replay = Replayer.read(
                        folder.resolve(ShareLog.FILE_NAME),
                        _ -> {},
                        new Contents(List.copyOf(all), before.intactBytes(), before.torn()),
                        false)
                .result();
        var known = replay.upstreams().stream()
                .filter(u -> u.name().equals(upstream))
                .findFirst();
        if (known.isEmpty())
            return refused("upstream \"" + upstream + "\": "
                    + (replay.upstreams().isEmpty()
                            ? "the share log knows no upstream"
                            : "the share log knows "
                                    + replay.upstreams().stream()
                                            .map(ReplayedUpstream::name)
                                            .collect(Collectors.joining(", "))));
        var window = known.get().paid().stream()
                .filter(paid -> paid.credit().equals(credit))
                .findFirst();
        if (window.isEmpty())
            return refused("from " + from + " to " + to + ": no share was accepted for " + upstream
                    + " in that time, so there is nobody to divide it among");
        if (!replay.agrees())
            throw new ShareLogException(
                    replay.file(), "does not add up: " + replay.differences().getFirst());
        append(channel, before, credit);
        ShareLog.forceFolder(folder);
        return new Entry.Entered(credit, window.get(), before.torn());
    }

    private static Entry refused(String reason) {
        return new Entry.Refused(reason);
    }

    private static void append(FileChannel channel, Contents before, UpstreamCredit credit) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var line = new LogLine();
        if (before.intactBytes() == 0) {
            line.start(HEADER).number(FORMAT).plain(credit.recorded()).seal();
            bytes.write(line.bytes(), 0, line.length());
        }
        line.start(CREDIT)
                .text(credit.upstream())
                .plain(credit.from())
                .plain(credit.to())
                .number(credit.msat().value())
                .plain(credit.recorded())
                .seal();
        bytes.write(line.bytes(), 0, line.length());
        channel.truncate(before.intactBytes());
        channel.position(before.intactBytes());
        for (var buffer = ByteBuffer.wrap(bytes.toByteArray()); buffer.hasRemaining(); ) channel.write(buffer);
        channel.force(true);
    }

    /** @throws ShareLogException if a line before the last is damaged, not understood, or overlaps another */
    static Contents read(Path file) {
        try {
            return parse(file, Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return Contents.NONE; // nobody entered any
        } catch (IOException e) {
            throw new ShareLogException(file, "cannot be read: " + e.getMessage(), e);
        }
    }

    private static byte[] readAll(FileChannel channel) throws IOException {
        var buffer = ByteBuffer.allocate(Math.toIntExact(channel.size()));
        while (buffer.hasRemaining() && channel.read(buffer) >= 0) {}
        buffer.flip();
        var bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private static Contents parse(Path file, byte[] bytes) {
        List<UpstreamCredit> credits = new ArrayList<>();
        var start = 0;
        for (var number = 1L; start < bytes.length; number++) {
            var end = start;
            while (end < bytes.length && bytes[end] != '\n') end++;
            var line = Arrays.copyOfRange(bytes, start, end);
            if (end == bytes.length || !LogLine.intact(line, line.length)) {
                if (end + 1 < bytes.length || (end < bytes.length && number == 1))
                    throw new ShareLogException(file, number, "damaged: its checksum does not fit");
                return new Contents(
                        List.copyOf(credits),
                        start,
                        Optional.of("line " + number + " (" + line.length + " bytes) of " + FILE_NAME
                                + " is unfinished or damaged"));
            }
            var payload = new String(line, LogLine.CHECK, line.length - LogLine.CHECK, StandardCharsets.US_ASCII);
            try {
                decode(payload, number == 1, credits);
            } catch (RuntimeException e) { // the checksum fits, so it was written so
                throw new ShareLogException(file, "line " + number + ": not understood: " + e.getMessage(), e);
            }
            start = end + 1;
        }
        return new Contents(List.copyOf(credits), start, Optional.empty());
    }

    private static void decode(String payload, boolean first, List<UpstreamCredit> credits) {
        var fields = new LogFields(payload);
        var type = fields.next();
        if (!type.equals(first ? HEADER : CREDIT))
            throw new IllegalArgumentException(
                    first ? "a log of credits begins with a header" : "unknown record \"" + type + "\"");
        if (first) {
            var format = fields.number();
            if (format != FORMAT)
                throw new IllegalArgumentException(
                        "format " + format + ": this program reads and writes format " + FORMAT);
            fields.time();
        } else {
            var credit = new UpstreamCredit(
                    fields.text(), fields.time(), fields.time(), new Millisatoshis(fields.number()), fields.time());
            for (var other : credits)
                if (other.overlaps(credit)) throw new IllegalArgumentException(credit + " overlaps " + other);
            credits.add(credit);
        }
        fields.end();
    }

    private static void lock(Path file, FileChannel channel) throws IOException {
        try {
            if (channel.tryLock() != null) return;
        } catch (OverlappingFileLockException e) {
            throw new ShareLogException(file, "is being written by this program", e);
        }
        throw new ShareLogException(file, "is being written by another program");
    }
}
