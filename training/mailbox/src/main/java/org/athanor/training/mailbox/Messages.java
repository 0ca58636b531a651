package org.athanor.training.mailbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.athanor.training.data.DataKey;
import org.athanor.training.job.JobSpec;
import org.athanor.training.receipts.Ed25519;
import org.athanor.training.update.Codec;

/** The bodies of requests and replies, version 1 of the {@link Protocol}. Fields that a reader does not know are passed over. */
public final class Messages {
    /** Joules of a round: a megawatt for eleven days. */
    public static final double MOST_JOULES = 1e12;

    /** Of a worker, which is one machine. */
    public static final double MOST_WATTS = 2e5;

    /** Of a round: 3,000 processors for a year. */
    private static final double MOST_CPU_SECONDS = 1e11;
    /** The cross-entropy of 32-bit scores is below it, however far a model went astray, and sums of it stay finite. */
    private static final double MOST_LOSS = 1e39;
    /** What rounding might leave below 0. */
    private static final double LEAST_LOSS = -1;

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /** What moves a cursor, ends a line or turns it around. */
    private static final Pattern NEITHER_SHOWN = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]+");

    private static final int LONGEST_LINE = 1000;
    /** Headers that belong to a line and not to what goes over it: HTTP clients write them themselves. */
    private static final String OF_THE_LINE = "connection, expect or upgrade";

    private static final String HEADER = "(?i)(?!(?:connection|expect|upgrade)$)[a-z0-9-]{1,100}";

    private Messages() {}

    /**
     * A worker wants to help.
     *
     * @param name      for people
     * @param publicKey Ed25519, X.509-encoded, in base64: what its receipts are signed with
     * @param machine   processor and threads, for people and for comparing replays
     * @param proof     that it holds the key and the token, so that it may ask again when the answer was lost: see
     *                  {@link #proven}; null of a worker that asks once
     */
    public record Join(String name, String publicKey, String machine, String proof) {
        /** Of a worker that asks once. */
        public Join(String name, String publicKey, String machine) {
            this(name, publicKey, machine, null);
        }

        /** With the proof, for a token's secret. */
        public static Join proving(String secret, String name, String publicKey, PrivateKey key, String machine) {
            return new Join(name, publicKey, machine, Ed25519.sign(key, claim(secret, publicKey)));
        }

        /** Whether whoever asks holds the key, and meant this token. */
        public boolean proven(String secret) {
            return Ed25519.signed(publicKey, claim(secret, publicKey), proof);
        }

        private static byte[] claim(String secret, String publicKey) {
            var token = ObjectStore.hash(secret.getBytes(StandardCharsets.UTF_8));
            return String.join("\n", "athanor join 1", token, publicKey, "").getBytes(StandardCharsets.UTF_8);
        }
    }

    /**
     * It may.
     *
     * @param worker its name in the job
     * @param key    that it shows from now on
     * @param job    what is to be done
     * @param dataKey with which its data is encrypted; null when it is not
     */
    public record Joined(String worker, String key, JobSpec job, DataKey dataKey) {
        public Joined {
            if (worker == null || !worker.matches("\\P{Cntrl}{1,200}")) {
                throw new IllegalArgumentException("worker must be 1 to 200 characters without control");
            }
            if (key == null || !key.matches("[!-~]{1,1000}")) { // never shown
                throw new IllegalArgumentException("key must be 1 to 1000 characters of ASCII without spaces");
            }
            if (job == null || job.tensors().isEmpty() || job.shards().isEmpty()) {
                throw new IllegalArgumentException("job must say its tensors and shards");
            }
            if (job.encrypted() && dataKey == null) {
                throw new IllegalArgumentException("dataKey must be there, since the job is encrypted");
            }
        }

        /** Never shows a key. */
        @Override
        public String toString() {
            return "Joined[worker=" + worker + ", job=" + job.name() + "]";
        }
    }

    /**
     * How far a job is.
     *
     * @param round    that is open
     * @param phase    whether it goes on
     * @param snapshot object with the published weights, and the round at whose beginning they held; null to whoever has said that
     *     it has all that was published before the changes
     * @param changes  published at the ends of rounds, oldest first, as far back as the snapshot at least: one of every round
     * @param reason   of a phase that is not running; a line
     * @param tokens   behind all updates that counted until the round began
     */
    public record State(
            long round, Phase phase, Published snapshot, List<Published> changes, String reason, long tokens) {
        public State {
            if (round < 0) {
                throw new IllegalArgumentException("round must be 0 or more, but is " + round);
            }
            if (tokens < 0) {
                throw new IllegalArgumentException("tokens must be 0 or more, but are " + tokens);
            }
            if (phase == null) {
                throw new IllegalArgumentException("phase must be one of " + List.of(Phase.values()));
            }
            changes = List.copyOf(changes);
            var begins = snapshot == null ? round : snapshot.round();
            var reached = changes.isEmpty() ? begins : changes.getFirst().round();
            if (reached > begins) {
                throw new IllegalArgumentException(
                        "changes must go back to round " + begins + ", but begin with round " + reached);
            }
            for (var change : changes) {
                if (change.round() != reached++) {
                    throw new IllegalArgumentException("changes must be one of every round, but after round "
                            + (reached - 2) + " comes " + change.round());
                }
            }
            if (round != reached) {
                throw new IllegalArgumentException(
                        "round must be " + reached + ", to which snapshot and changes lead, but is " + round);
            }
            reason = line(reason);
        }

        /**
         * What is new to whoever has all that was published before {@code synced}, a round; all of it where the changes do not go
         * back so far, or the round was never reached.
         */
        public State since(long synced) {
            var oldest = round - changes.size();
            if (synced < oldest || synced > round) {
                return this;
            }
            return new State(
                    round, phase, null, changes.subList((int) (synced - oldest), changes.size()), reason, tokens);
        }
    }

    /** Whether a job goes on. */
    public enum Phase {
        RUNNING,
        DONE,
        FAILED
    }

    /**
     * An object of a round.
     *
     * @param round at whose beginning a snapshot held, at whose end a change was made
     * @param bytes its size
     * @param codec in which its values are written
     */
    public record Published(long round, String hash, long bytes, String codec) {
        public Published {
            if (round < 0) {
                throw new IllegalArgumentException("round must be 0 or more, but is " + round);
            }
            requireHash("hash", hash);
            if (bytes < 0) {
                throw new IllegalArgumentException("bytes must be 0 or more, but is " + bytes);
            }
            if (codec == null) {
                throw new IllegalArgumentException("codec must be the name of one, but is null");
            }
            Codec.named(codec);
        }
    }

    /**
     * What a worker does just now; also tells the coordinator that it lives.
     *
     * @param round it works on
     * @param step  done of it
     * @param loss  of the last step, nats a token, -1 to 10<sup>39</sup>; null before the first, and of a model that has left the
     *     numbers
     * @param watts it draws, metered by a heater, 0 to {@link #MOST_WATTS}; null where nothing meters
     */
    public record Beat(long round, int step, Doing doing, Double loss, Double watts) {
        public Beat {
            if (doing == null) {
                throw new IllegalArgumentException("doing must be one of " + List.of(Doing.values()));
            }
            loss = loss == null || !Double.isFinite(loss) ? null : loss;
            if (loss != null && !within(LEAST_LOSS, loss, MOST_LOSS)) {
                throw new IllegalArgumentException("loss must be from -1 to 1e39 nats a token, but is " + loss);
            }
            if (watts != null && !within(0, watts, MOST_WATTS)) {
                throw new IllegalArgumentException("watts must be from 0 to 2e5, or null, but are " + watts);
            }
        }
    }

    /** Not of what is no number. */
    private static boolean within(double least, double value, double most) {
        return value >= least && value <= most;
    }

    /**
     * The answer to a beat.
     *
     * @param phase  whether the job goes on; null by coordinators that do not say it here
     * @param reason of a phase that is not running; a line
     */
    public record Heard(Phase phase, String reason) {
        public Heard {
            reason = line(reason);
        }

        /** Whether nothing of the job counts any more. */
        public boolean isOver() {
            return phase == Phase.DONE || phase == Phase.FAILED;
        }
    }

    /** What a worker may be doing. */
    public enum Doing {
        FETCHING,
        TRAINING,
        PAUSED,
        SENDING,
        WAITING;

        /** Whether a round waits for it. */
        public boolean works() {
            return this == TRAINING || this == SENDING || this == WAITING;
        }
    }

    /**
     * A worker's round is done.
     *
     * @param hash       of the object with its update
     * @param steps      done
     * @param losses     of each step, before it, nats a token: -1 to 10<sup>39</sup>
     * @param cpuSeconds that the steps took; 0 to 10<sup>11</sup>
     * @param joules     metered by a heater, 0 to {@link #MOST_JOULES}; null where nothing meters
     * @param residual   committed with it, where the job is open to anybody; null elsewhere
     * @param signature  of the {@link org.athanor.training.receipts.WorkClaim} by the worker's key; null for no receipt
     */
    public record Update(
            String hash,
            int steps,
            List<Double> losses,
            double cpuSeconds,
            Double joules,
            Residual residual,
            String signature) {
        public Update {
            requireHash("hash", hash);
            losses = List.copyOf(losses);
            for (var step = 0; step < losses.size(); step++) {
                if (!within(LEAST_LOSS, losses.get(step), MOST_LOSS)) {
                    throw new IllegalArgumentException(
                            "losses must be finite, from -1 to 1e39 nats a token, but that of step " + step + " is "
                                    + losses.get(step));
                }
            }
            if (!within(0, cpuSeconds, MOST_CPU_SECONDS)) {
                throw new IllegalArgumentException("cpuSeconds must be 0 or more, at most 1e11, but are " + cpuSeconds);
            }
            if (joules != null && !within(0, joules, MOST_JOULES)) {
                throw new IllegalArgumentException(
                        "joules must be 0 or more, at most 1e12, or null, but are " + joules);
            }
        }

        /** Without a receipt. */
        public Update(String hash, int steps, List<Double> losses, double cpuSeconds, Double joules) {
            this(hash, steps, losses, cpuSeconds, joules, null, null);
        }
    }

    /**
     * What a worker's updates have left out, as hashes of 32-bit floats, little-endian; null where that is nothing.
     *
     * @param before  the round
     * @param after   it
     * @param machine class of the machine on which the round was done, for its replay; null when it is not known
     */
    public record Residual(String before, String after, String machine) {
        public Residual {
            requireHashOrNull("residual.before", before);
            requireHashOrNull("residual.after", after);
            if (machine != null && !machine.matches("\\P{Cntrl}{0,500}")) {
                throw new IllegalArgumentException("residual.machine must be at most 500 characters without control");
            }
        }

        private static void requireHashOrNull(String name, String hash) {
            if (hash != null && !hash.matches("[0-9a-f]{64}")) {
                throw new IllegalArgumentException(name + " must be a SHA-256 in hexadecimal, or null");
            }
        }

        /** Of a round on a machine of which nothing is known. */
        public Residual(String before, String after) {
            this(before, after, null);
        }
    }

    /**
     * What became of an update.
     *
     * @param counts whether it counts in the round that is named
     * @param reason why not; a line
     * @param wanted objects that the worker is to put now, since its round is replayed
     * @param twice  whether it counts not since another update of the worker counts for the same round: what it held is not owed
     */
    public record Verdict(boolean counts, long round, String reason, List<String> wanted, boolean twice) {
        public Verdict {
            wanted = wanted == null ? List.of() : List.copyOf(wanted);
            wanted.forEach(hash -> requireHash("wanted", hash));
            reason = line(reason);
        }

        public Verdict(boolean counts, long round, String reason, List<String> wanted) {
            this(counts, round, reason, wanted, false);
        }

        /** The worker did the round twice, and {@code reason} says where the other update counts. */
        public static Verdict doneTwice(long round, String reason) {
            return new Verdict(false, round, reason, List.of(), true);
        }

        public Verdict(boolean counts, long round, String reason) {
            this(counts, round, reason, List.of());
        }
    }

    /**
     * A worker asks where an object belongs that it is about to bring.
     *
     * @param bytes its size
     */
    public record Bring(long bytes) {}

    /**
     * Where an object is to be brought.
     *
     * @param here   whether the coordinator takes it itself
     * @param pieces that a store outside misses
     * @param more   whether the worker asks again when it has brought them: for others, or to have the store put them together
     */
    public record Place(boolean here, List<Piece> pieces, boolean more) {
        /** The coordinator itself. */
        public static final Place HERE = new Place(true, List.of(), false);

        public Place {
            pieces = pieces == null ? List.of() : List.copyOf(pieces);
        }
    }

    /**
     * A part of an object, which goes to an address of its own.
     *
     * @param from    the first byte of it
     * @param bytes   how many
     * @param url     for one PUT of them, good for some minutes
     * @param headers that have to come with it
     */
    public record Piece(long from, long bytes, String url, Map<String, String> headers) {
        public Piece {
            if (url == null) {
                throw new IllegalArgumentException("url must be the address of a store, but is null");
            }
            headers = headers == null ? Map.of() : Map.copyOf(headers);
            headers.forEach((name, value) -> { // values are not shown: they may be signed
                if (!name.matches(HEADER) || !value.matches("[ -~]{0,2000}")) {
                    throw new IllegalArgumentException(
                            "headers must be of ASCII, and no " + OF_THE_LINE + ", but one is " + line(name));
                }
            });
        }

        /** Never shows the signature. */
        @Override
        public String toString() {
            return "Piece[" + bytes + " bytes from " + from + "]";
        }
    }

    /**
     * Something was refused.
     *
     * @param error why; a line
     */
    public record Refusal(String error) {
        public Refusal {
            error = line(error);
        }
    }

    private static void requireHash(String name, String hash) {
        if (hash == null || !hash.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException(name + " must be a SHA-256 in hexadecimal, but is " + line(hash));
        }
    }

    /** Words of somebody who may be a stranger, so that they pass for nothing else on a screen: one line, and no endless one. */
    static String line(String said) {
        if (said == null) {
            return null;
        }
        var plain = NEITHER_SHOWN.matcher(said).replaceAll(" ").strip();
        return plain.codePointCount(0, plain.length()) <= LONGEST_LINE
                ? plain
                : plain.substring(0, plain.offsetByCodePoints(0, LONGEST_LINE)) + " ...";
    }

    public static byte[] bytes(Object message) {
        try {
            return MAPPER.writeValueAsBytes(message);
        } catch (JsonProcessingException impossible) {
            throw new IllegalArgumentException("cannot be written as JSON: " + message, impossible);
        }
    }

    /** @throws MailboxException when the bytes are no such message */
    public static <T> T read(byte[] bytes, Class<T> type) throws MailboxException {
        try {
            var read = MAPPER.readValue(bytes, type);
            if (read == null) {
                throw new MailboxException(MailboxException.Kind.GARBLED, "is no " + type.getSimpleName() + ": null");
            }
            return read;
        } catch (java.io.IOException wrong) {
            var said = type == Joined.class || type == Place.class // never shows its key, nor what was signed
                    ? "it is of another version, or garbled"
                    : new String(bytes, 0, Math.min(bytes.length, 80), StandardCharsets.UTF_8);
            var why = wrong.getCause() instanceof IllegalArgumentException refused ? refused.getMessage() : said;
            throw new MailboxException(
                    MailboxException.Kind.GARBLED, "is no " + type.getSimpleName() + ": " + line(why), wrong);
        }
    }
}
