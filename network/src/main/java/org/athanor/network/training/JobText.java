package org.athanor.network.training;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalInt;
import org.athanor.training.data.ShardRef;
import org.athanor.training.data.Tokens;
import org.athanor.training.job.JobSpec;

/** The text that a job in a folder was made of: its shards, and what was kept for validation behind them. */
public final class JobText {
    /** Characters that are held against what is stored at a time: the text may be as large as memory. */
    private static final int AT_ONCE = 1 << 16;
    /** Of a character (char) in any tokenizer: UTF-8 has three bytes at most for one. */
    private static final int MOST_TOKENS = 3;

    private final JobFolder folder;
    private final JobSpec spec;
    private final Path validation;
    private final long kept;

    /**
     * Of the job that has begun in {@code folder}.
     *
     * @throws IOException when a part of it is missing
     */
    public JobText(Path folder, JobSpec spec) throws IOException {
        this.folder = new JobFolder(folder);
        this.spec = spec;
        validation = folder.resolve(NewJob.VALIDATION);
        if (!Files.exists(validation)) {
            throw new IOException(validation + " is missing, and the job needs it");
        }
        kept = Files.size(validation) / Short.BYTES;
    }

    /** Whether the text would be cut at the same token if that share of it were kept for validation. */
    public boolean isCutFor(double held) {
        return NewJob.cut(Math.toIntExact(trained() + kept), held) == trained();
    }

    /** The share of it that is kept for validation. */
    public double held() {
        return (double) kept / (trained() + kept);
    }

    private long trained() {
        return spec.shards().stream().mapToLong(ShardRef::tokens).sum();
    }

    /**
     * Where another text begins to differ from it.
     *
     * @return index of the first character that is another one, or that just one of the two texts has; empty when they are the same
     * @throws IOException when a shard is missing or damaged
     */
    public OptionalInt difference(String text) throws IOException {
        var stored = new Stored();
        for (var from = 0; from < text.length(); ) {
            var to = Math.min(text.length(), from + AT_ONCE);
            if (to < text.length() && Character.isHighSurrogate(text.charAt(to - 1))) {
                to--;
            }
            var part = text.substring(from, to);
            var same = stored.same(part);
            if (same < part.length()) {
                return OptionalInt.of(from + same);
            }
            from = to;
        }
        return stored.isOver() ? OptionalInt.empty() : OptionalInt.of(text.length());
    }

    /** Its tokens, one after the other. */
    private final class Stored {
        private int shard;
        private boolean over;
        private Tokens lying = new Tokens(ByteBuffer.allocate(0));
        private int read;
        private int[] ahead = new int[MOST_TOKENS * AT_ONCE];
        private int known;

        /** How many characters of {@code part} are the next ones; they are passed over when all are. */
        int same(String part) throws IOException {
            look();
            var tokens = matching(part);
            if (tokens >= 0) {
                known -= tokens;
                System.arraycopy(ahead, tokens, ahead, 0, known);
                return part.length();
            }
            var points = part.codePoints().toArray();
            var same = 0;
            for (var other = points.length; other - same > 1; ) {
                var middle = (same + other) >>> 1;
                if (matching(new String(points, 0, middle)) >= 0) {
                    same = middle;
                } else {
                    other = middle;
                }
            }
            return new String(points, 0, same).length();
        }

        /** Tokens of {@code part}, if they are the next ones; -1 if they are not. */
        private int matching(String part) {
            try {
                var tokens = spec.tokenizer().encode(part);
                return tokens.length <= known && Arrays.equals(tokens, 0, tokens.length, ahead, 0, tokens.length)
                        ? tokens.length
                        : -1;
            } catch (IllegalArgumentException _) {
                return -1; // a character that the job has never seen
            }
        }

        boolean isOver() throws IOException {
            look();
            return known == 0;
        }

        private void look() throws IOException {
            while (known < ahead.length && !over) {
                if (read == lying.count()) {
                    over = !next();
                    continue;
                }
                ahead[known++] = lying.at(read++);
            }
        }

        private boolean next() throws IOException {
            read = 0;
            var shards = spec.shards();
            if (shard < shards.size()) {
                lying = new Tokens(ByteBuffer.wrap(folder.shard(spec, shards.get(shard))));
            } else if (shard == shards.size()) {
                lying = new Tokens(ByteBuffer.wrap(Files.readAllBytes(validation)));
            } else {
                lying = new Tokens(ByteBuffer.allocate(0));
                return false;
            }
            shard++;
            return true;
        }
    }
}
