package org.athanor.training.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.athanor.training.data.DataKey;
import org.athanor.training.data.ShardRef;
import org.athanor.training.data.Tokenizer;
import org.athanor.training.model.AdamW;
import org.athanor.training.model.GptShape;
import org.athanor.training.model.LearningRate;
import org.athanor.training.model.ModelSpec;
import org.athanor.training.model.TensorSpec;
import org.athanor.training.outer.Fragments;
import org.athanor.training.outer.OuterSettings;

/**
 * A training job: with it, the published weights and a worker's name, a round of that worker is determined.
 *
 * @param name       for people
 * @param model      what is trained
 * @param tensors    of the model, in the order of a flat vector of weights; none before it has been made
 * @param tokenizer  how its text became tokens
 * @param shards     what it is trained on
 * @param optimiser  of the inner steps
 * @param sequences  of an inner step, at most {@value #MOST_SEQUENCES}
 * @param microBatch of them pass through the model at a time
 * @param rate       of the inner steps, by the job's steps
 * @param outer      how workers talk
 * @param rounds     after which it is done; of a job with a budget of tokens, in how many that was planned to be spent
 * @param tokens     its budget: it is done when its counted updates have learned from so many; 0 for none
 * @param seed       of weights, data and dropout
 * @param bfloat16   whether matrices are multiplied in bfloat16 where the processor can
 * @param moments    whether a worker's optimiser keeps its moments from round to round: a worker that is not trusted must not
 * @param trust      who its workers are; null means known ones
 * @param encrypted  whether its shards are encrypted with the job's {@link org.athanor.training.data.DataKey}
 * @param named      what its id is made of; null means by data
 */
public record JobSpec(
        String name,
        ModelSpec model,
        List<TensorSpec> tensors,
        Tokenizer tokenizer,
        List<ShardRef> shards,
        AdamW optimiser,
        int sequences,
        int microBatch,
        LearningRate rate,
        OuterSettings outer,
        long rounds,
        long tokens,
        long seed,
        boolean bfloat16,
        Moments moments,
        Trust trust,
        boolean encrypted,
        Named named) {
    /** Who works on a job. */
    public enum Trust {
        /** People who know each other: their updates count as they come. */
        KNOWN,
        /** Anybody: a round is a function of what was published and what is committed, scored, replayed and signed. */
        OPEN
    }

    /** What a worker's optimiser does between rounds. */
    public enum Moments {
        KEPT,
        RESTARTED
    }

    /** What a job's {@link #id} is made of. */
    public enum Named {
        /** Name, shards and seed alone: jobs that were begun so keep it, since their receipts say it. */
        BY_DATA,
        /** Everything. */
        BY_WORK
    }

    /** The id is a digest of this; changing how it is written would give every job another one. */
    private static final JsonMapper CANONICAL = JsonMapper.builder()
            .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_DEFAULT, JsonInclude.Include.ALWAYS))
            .build();

    /** A text is an array of tokens, cut into shards of at least 2<sup>20</sup> unless it is one. */
    public static final int MOST_SHARDS = 1 << 11;

    public static final int MOST_SEQUENCES = 1 << 20;

    /** Of somebody's module. */
    public static final int MOST_TENSORS = 1 << 16;

    public JobSpec {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(tokenizer, "tokenizer");
        Objects.requireNonNull(optimiser, "optimiser");
        Objects.requireNonNull(rate, "rate");
        Objects.requireNonNull(outer, "outer");
        Objects.requireNonNull(moments, "moments");
        trust = trust == null ? Trust.KNOWN : trust;
        named = named == null ? Named.BY_DATA : named;
        tensors = List.copyOf(tensors);
        shards = List.copyOf(shards);
        if (shards.size() > MOST_SHARDS) {
            throw new IllegalArgumentException("shards must be at most " + MOST_SHARDS + ", but are " + shards.size());
        }
        requireTensorsOf(model, tensors);
        if (!tensors.isEmpty()) {
            Fragments.of(tensors, outer.fragments());
        }
        if (sequences > MOST_SEQUENCES) {
            throw new IllegalArgumentException(
                    "sequences must be at most " + MOST_SEQUENCES + ", but are " + sequences);
        }
        if (sequences < 1 || microBatch < 1 || sequences % microBatch != 0) {
            throw new IllegalArgumentException(
                    "sequences must be a multiple of microBatch, but " + sequences + " is none of " + microBatch);
        }
        if (trust == Trust.OPEN) {
            requireReplayable(outer, moments);
        }
        if (rounds < 1) {
            throw new IllegalArgumentException("rounds must be at least 1, but is " + rounds);
        }
        if (tokens < 0) {
            throw new IllegalArgumentException("tokens must be 0 or more, but are " + tokens);
        }
        if (tokenizer.vocabulary() > model.vocabulary()) {
            throw new IllegalArgumentException("the text has " + tokenizer.vocabulary()
                    + " different tokens, but the model knows " + model.vocabulary());
        }
    }

    /** A new job. */
    public JobSpec(
            String name,
            ModelSpec model,
            List<TensorSpec> tensors,
            Tokenizer tokenizer,
            List<ShardRef> shards,
            AdamW optimiser,
            int sequences,
            int microBatch,
            LearningRate rate,
            OuterSettings outer,
            long rounds,
            long seed,
            boolean bfloat16,
            Moments moments,
            Trust trust,
            boolean encrypted) {
        this(
                name,
                model,
                tensors,
                tokenizer,
                shards,
                optimiser,
                sequences,
                microBatch,
                rate,
                outer,
                rounds,
                0,
                seed,
                bfloat16,
                moments,
                trust,
                encrypted,
                Named.BY_WORK);
    }

    /** A new job whose shards lie as they are. */
    public JobSpec(
            String name,
            ModelSpec model,
            List<TensorSpec> tensors,
            Tokenizer tokenizer,
            List<ShardRef> shards,
            AdamW optimiser,
            int sequences,
            int microBatch,
            LearningRate rate,
            OuterSettings outer,
            long rounds,
            long seed,
            boolean bfloat16,
            Moments moments,
            Trust trust) {
        this(
                name,
                model,
                tensors,
                tokenizer,
                shards,
                optimiser,
                sequences,
                microBatch,
                rate,
                outer,
                rounds,
                seed,
                bfloat16,
                moments,
                trust,
                false);
    }

    /** A new job among people who know each other. */
    public JobSpec(
            String name,
            ModelSpec model,
            List<TensorSpec> tensors,
            Tokenizer tokenizer,
            List<ShardRef> shards,
            AdamW optimiser,
            int sequences,
            int microBatch,
            LearningRate rate,
            OuterSettings outer,
            long rounds,
            long seed,
            boolean bfloat16,
            Moments moments) {
        this(
                name,
                model,
                tensors,
                tokenizer,
                shards,
                optimiser,
                sequences,
                microBatch,
                rate,
                outer,
                rounds,
                seed,
                bfloat16,
                moments,
                Trust.KNOWN);
    }

    private static void requireTensorsOf(ModelSpec model, List<TensorSpec> tensors) {
        if (tensors.size() > MOST_TENSORS) {
            throw new IllegalArgumentException(
                    "tensors must be at most " + MOST_TENSORS + ", but are " + tensors.size());
        }
        requireCountable(tensors);
        switch (model) {
            case ModelSpec.Gpt(GptShape shape) -> {
                if (!tensors.isEmpty() && !tensors.equals(shape.tensors())) {
                    throw new IllegalArgumentException("tensors must be those of the model's shape");
                }
            }
            case ModelSpec.TorchScript script -> {
                if (!script.file().matches("[0-9a-f]{64}")) {
                    throw new IllegalArgumentException("a module's file is named by a SHA-256 in hexadecimal");
                }
            }
        }
    }

    /** All of a model's numbers lie in one array. */
    private static void requireCountable(List<TensorSpec> tensors) {
        try {
            Math.toIntExact(tensors.stream().mapToLong(TensorSpec::size).reduce(0, Math::addExact));
        } catch (ArithmeticException tooMany) {
            throw new IllegalArgumentException("tensors must hold at most " + Integer.MAX_VALUE + " numbers", tooMany);
        }
    }

    private static void requireReplayable(OuterSettings outer, Moments moments) {
        if (moments != Moments.RESTARTED || outer.fragments() != 1 || outer.delay() != 0 || outer.mix() != 0) {
            throw new IllegalArgumentException("with workers that nobody knows, moments restart in every round and the"
                    + " whole model is exchanged at its end, since a round must be replayed from what was published");
        }
    }

    /**
     * Names the job, in receipts and in a store outside: SHA-256, in hexadecimal, of all of the above as JSON without spaces, kinds
     * first and keys by the alphabet, without what is null, false, 0 or empty. So a field that comes with a later version leaves ids
     * as they are, where such a value of it says what was done before. Of jobs named by data it is that of name, shards and seed.
     */
    public String id() {
        try {
            var all = named == Named.BY_WORK ? CANONICAL.writeValueAsBytes(this) : data();
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(all));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("every job can be written as JSON", impossible);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every JDK has SHA-256", missing);
        }
    }

    private byte[] data() {
        var words = new StringBuilder(name);
        shards.forEach(shard -> words.append('\n').append(shard.hash()));
        return words.append('\n').append(seed).toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Whether nobody knows its workers. */
    public boolean open() {
        return trust == Trust.OPEN;
    }

    /** The same job, once its model has been made and its text cut up. */
    public JobSpec filled(List<TensorSpec> ofModel, List<ShardRef> ofText) {
        return with(ofModel, ofText, tokens);
    }

    /** The same job, done when its counted updates have learned from so many tokens. */
    public JobSpec withBudget(long ofTokens) {
        return with(tensors, shards, ofTokens);
    }

    private JobSpec with(List<TensorSpec> ofModel, List<ShardRef> ofText, long ofTokens) {
        return new JobSpec(
                name,
                model,
                ofModel,
                tokenizer,
                ofText,
                optimiser,
                sequences,
                microBatch,
                rate,
                outer,
                rounds,
                ofTokens,
                seed,
                bfloat16,
                moments,
                trust,
                encrypted,
                named);
    }

    /** Bytes of a shard as it lies in a store. */
    public long bytes(ShardRef shard) {
        return (long) shard.tokens() * Short.BYTES + (encrypted ? DataKey.OVERHEAD : 0);
    }

    /** Numbers that are trained. */
    public int parameters() {
        return Math.toIntExact(tensors.stream().mapToLong(TensorSpec::size).sum());
    }

    /** Which of them are exchanged when. */
    public Fragments fragments() {
        return Fragments.of(tensors, outer.fragments());
    }

    /** Tokens that a worker learns from in a round. */
    public long tokensOfRound() {
        return (long) outer.innerSteps() * sequences * model.context();
    }

    /**
     * The job's step at which a round begins, by which its rate goes. With a budget it goes by how much of that is spent, so that the
     * rate has fallen when it ends, however many workers came.
     *
     * @param counted tokens behind all updates that counted when the round began
     */
    public long firstStep(long round, long counted) {
        return tokens > 0 ? (long) (share(round, counted) * rate.steps()) : round * outer.innerSteps();
    }

    /** How much of it is done when round {@code round} begins, 0 to 1. */
    public double share(long round, long counted) {
        return Math.min(1, tokens > 0 ? (double) counted / tokens : (double) round / rounds);
    }

    /** Whether it is done, so that round {@code round} does not begin. */
    public boolean isDone(long round, long counted) {
        return tokens > 0 ? counted >= tokens : round >= rounds;
    }

    /** Whether it may come to round {@code round}, as far as that can be known beforehand. */
    public boolean mayReach(long round) {
        return tokens > 0 || round < rounds;
    }

    /** Seed of what is random in a worker's round beside its data. */
    public long seedOf(long round, String worker) {
        return org.athanor.training.data.Draws.of("dropout\0" + worker, seed, round)
                .next();
    }
}
