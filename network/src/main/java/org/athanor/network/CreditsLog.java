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
    /** Last field of a credit that takes the place of an earlier one. */
    private static final String AMENDS = "amends";

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
     * Enters what an upstream paid. The credits of one upstream never overlap, are for time that was over when they were
     * entered, and for work that the share log holds.
     *
     * @param folder of the share log, in which a pool may be running
     * @param amends whether it takes the place of a credit for exactly the same time, which must be there
     * @throws ShareLogException if a log cannot be read or written, is damaged, or is being written by somebody else
     */
    public static Entry enter(Path folder, UpstreamCredit credit, boolean amends) {
        if (credit.to().isAfter(credit.recorded()))
            return refused(
                    "to " + credit.to() + ": a time that is over is accepted, and now it is " + credit.recorded());
        var file = folder.resolve(FILE_NAME);
        try (var channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
            lock(file, channel);
            var before = parse(file, readAll(channel));
            var entry = check(folder, before, credit, amends);
            if (entry instanceof Entry.Entered) {
                append(channel, before, credit, amends);
                ShareLog.forceFolder(folder);
            }
            return entry;
        } catch (IOException e) {
            throw new ShareLogException(file, "cannot be written: " + e.getMessage(), e);
        }
    }

    private static Entry check(Path folder, Contents before, UpstreamCredit credit, boolean amends) {
        var name = credit.upstream();
        var time = "from " + credit.from() + " to " + credit.to();
        var all = new ArrayList<>(before.credits());
        if (amends && !all.removeIf(credit::sameTime))
            return refused(time + ": nothing is entered for exactly this time of " + name);
        for (var other : all)
            if (other.overlaps(credit)) return refused(time + " overlaps what is entered already: " + other);
        all.add(credit);
        var contents = new Contents(List.copyOf(all), before.intactBytes(), before.torn());
        var replay = Replayer.read(folder.resolve(ShareLog.FILE_NAME), _ -> {}, contents, false)
                .result();
        var upstreams = replay.upstreams();
        var known = upstreams.stream()
                .filter(upstream -> upstream.name().equals(name))
                .findFirst();
        if (known.isEmpty())
            return refused("upstream \"" + name + "\": the share log knows "
                    + (upstreams.isEmpty()
                            ? "none"
                            : upstreams.stream().map(ReplayedUpstream::name).collect(Collectors.joining(", "))));
        var window = known.get().paid().stream()
                .filter(paid -> paid.credit().equals(credit))
                .findFirst();
        if (window.isEmpty())
            return refused(time + ": no share was accepted for " + name
                    + " in that time, so there is nobody to divide it among");
        if (!replay.agrees())
            throw new ShareLogException(
                    replay.file(), "does not add up: " + replay.differences().getFirst());
        return new Entry.Entered(credit, window.get(), before.torn());
    }

    private static Entry refused(String reason) {
        return new Entry.Refused(reason);
    }

    private static void append(FileChannel channel, Contents before, UpstreamCredit credit, boolean amends)
            throws IOException {
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
                .plain(credit.recorded());
        if (amends) line.plain(AMENDS);
        line.seal();
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
            if (fields.left() > 0) {
                var mark = fields.next();
                if (!mark.equals(AMENDS)) throw new IllegalArgumentException("unknown mark \"" + mark + "\"");
                if (!credits.removeIf(credit::sameTime))
                    throw new IllegalArgumentException(credit + " amends nothing that is entered");
            }
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
