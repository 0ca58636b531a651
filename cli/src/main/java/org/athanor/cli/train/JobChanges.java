package org.athanor.cli.train;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.athanor.cli.terminal.Printable;
import org.athanor.cli.terminal.UserMistake;
import org.athanor.cli.yaml.Fields;
import org.athanor.network.training.Coordinator;
import org.athanor.network.training.JobText;
import org.athanor.training.data.Tokenizer;
import org.athanor.training.job.JobSpec;
import org.athanor.training.model.ModelSpec;

/**
 * A job file held against the job that it began: what is being trained goes on as it began, so that a file that says otherwise is
 * refused. How many workers there are, the rules of rounds and the store may change at any time.
 */
final class JobChanges {
    /** Fields of a job file that a job takes up whenever it goes on, and groups of them. */
    static final Set<String> FREE = Set.of("workers", "round", "store");

    private static final String JOB = "job.json";
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final int MOST_WORKERS = 100_000;
    private static final MathContext SHORT = new MathContext(3);

    private final Path file;
    private final TrainingFile now;
    private final Path place;
    private final JobSpec begun;
    private final List<String> found = new ArrayList<>();
    private boolean longer;

    private JobChanges(Path file, TrainingFile now, Path place, JobSpec begun) {
        this.file = file;
        this.now = now;
        this.place = place;
        this.begun = begun;
    }

    /**
     * Passes a file of which no job has begun, and one that says the same as it did then.
     *
     * @throws UserMistake with every field that was changed
     * @throws IOException when what has begun cannot be read
     */
    static void refuse(Path file, TrainingFile now, Path place) throws IOException {
        var begun = Files.exists(place.resolve(JOB)) ? Coordinator.find(place) : Optional.<JobSpec>empty();
        if (begun.isEmpty()) return;
        var changes = new JobChanges(file, now, place, begun.get());
        changes.look();
        if (changes.found.isEmpty()) return;
        changes.found.add(
                "The job in " + place + " goes on only with what it began with, which is named last in each line: put"
                        + " that back, or begin another job: --folder DIR keeps this one, --fresh throws it away."
                        + (changes.longer
                                ? " A longer or shorter job is another one: its learning rate falls over all of it, from the first round on."
                                : ""));
        throw new UserMistake(String.join("\n", changes.found));
    }

    private void look() throws IOException {
        var job = now.job();
        hold("", "name", job.name(), begun.name());
        text();
        hold("", "encrypt", job.encrypted(), begun.encrypted());
        hold("", "tokenizer", kind(job.tokenizer()), kind(begun.tokenizer()));
        model(job.model(), begun.model());
        rounds();
        hold("", "seed", job.seed(), begun.seed());
        hold("", "precision", precision(job), precision(begun));
        hold("", "trust", word(job.trust()), word(begun.trust()));
        inner(job);
        outer(job);
    }

    private void text() throws IOException {
        var text = new JobText(place, begun);
        var differs = text.difference(now.text());
        if (differs.isPresent()) {
            found.add(now.fields()
                    .useless("data", "not the text that the job began with, " + where(differs))
                    .getMessage());
        }
        if (!text.isCutFor(now.held())) {
            var about = new BigDecimal(text.held(), SHORT).stripTrailingZeros();
            change("", "validation", now.held(), "about " + about.toPlainString());
        }
    }

    private String where(OptionalInt differs) {
        var at = differs.getAsInt();
        if (at == now.text().length()) {
            return "which goes on behind the end of " + now.pieces().getLast().file();
        }
        var piece = now.pieces().getFirst();
        for (var next : now.pieces()) {
            piece = next.from() <= at ? next : piece;
        }
        var line = 1
                + now.text()
                        .substring(piece.from(), at)
                        .chars()
                        .filter(character -> character == '\n')
                        .count();
        return "from line " + line + " of " + piece.file() + " on";
    }

    private void model(ModelSpec model, ModelSpec before) {
        if (model instanceof ModelSpec.Gpt(var shape) && before instanceof ModelSpec.Gpt(var old)) {
            hold("model", "layers", shape.layers(), old.layers());
            hold("model", "heads", shape.heads(), old.heads());
            hold("model", "width", shape.width(), old.width());
            hold("model", "bias", shape.bias(), old.bias());
            hold("model", "dropout", shape.dropout(), old.dropout());
        } else if (model instanceof ModelSpec.TorchScript module && before instanceof ModelSpec.TorchScript old) {
            if (!module.file().equals(old.file())) {
                change("model", "file", module.file(), "a module of other content (SHA-256 " + old.file() + ")");
            }
        } else {
            hold("model", "kind", kind(model), kind(before));
            return;
        }
        hold("model", "context", model.context(), before.context());
    }

    private void rounds() throws IOException {
        var budget = now.job().tokens();
        if (begun.tokens() > 0) {
            longer = budget > 0
                    ? hold("", "tokens", budget, begun.tokens())
                    : change("", "rounds", now.job().rounds(), "a budget of " + begun.tokens() + " tokens");
        } else if (budget == 0) {
            longer = hold("", "rounds", now.job().rounds(), begun.rounds());
        } else if (!isOld() || !wasBudget(budget)) {
            longer = change("", "tokens", budget, begun.rounds() + " rounds");
        }
    }

    /** Whether the job was begun when there were no budgets. */
    private boolean isOld() throws IOException {
        return !MAPPER.readTree(place.resolve(JOB).toFile()).has("tokens");
    }

    /** Once a budget was only the rounds that it came to, for as many workers as there were then. */
    private boolean wasBudget(long tokens) {
        return IntStream.rangeClosed(1, MOST_WORKERS)
                .anyMatch(workers -> TrainingFile.roundsOf(tokens, workers, begun.tokensOfRound()) == begun.rounds());
    }

    private void inner(JobSpec job) {
        hold("inner", "sequences", job.sequences(), begun.sequences());
        if (!follows("inner", "microBatch", begun.microBatch() == begun.sequences())) {
            hold("inner", "microBatch", job.microBatch(), begun.microBatch());
        }
        hold("inner", "rate", job.rate().peak(), begun.rate().peak());
        if (!follows(
                "inner",
                "floor",
                begun.rate().floor() == TrainingFile.usualFloor(begun.rate().peak()))) {
            hold("inner", "floor", job.rate().floor(), begun.rate().floor());
        }
        if (!follows(
                "inner",
                "warmup",
                begun.rate().warmup() == TrainingFile.usualWarmup(begun.rate().steps()))) {
            hold("inner", "warmup", job.rate().warmup(), begun.rate().warmup());
        }
        hold("inner", "beta1", job.optimiser().beta1(), begun.optimiser().beta1());
        hold("inner", "beta2", job.optimiser().beta2(), begun.optimiser().beta2());
        hold(
                "inner",
                "weightDecay",
                job.optimiser().weightDecay(),
                begun.optimiser().weightDecay());
        hold("inner", "clip", job.optimiser().clip(), begun.optimiser().clip());
    }

    private void outer(JobSpec job) {
        var outer = job.outer();
        var old = begun.outer();
        hold("outer", "steps", outer.innerSteps(), old.innerSteps());
        hold("outer", "up", outer.up(), old.up());
        hold("outer", "down", outer.down(), old.down());
        hold("outer", "rate", outer.optimiser().rate(), old.optimiser().rate());
        hold("outer", "momentum", outer.optimiser().momentum(), old.optimiser().momentum());
        hold("outer", "keep", outer.keep(), old.keep());
        hold("outer", "fragments", outer.fragments(), old.fragments());
        hold("outer", "delay", outer.delay(), old.delay());
        hold("outer", "mix", outer.mix(), old.mix());
    }

    /** Whether a field was not changed itself: nobody says it, and what the job began with followed from others too. */
    private boolean follows(String group, String key, boolean followed) {
        return followed && said(group, key).isEmpty();
    }

    private Optional<Fields> said(String group, String key) {
        var fields = group.isEmpty()
                ? Optional.of(now.fields())
                : now.fields().group(group, TrainingFile.GROUPS.get(group).toArray(String[]::new));
        return fields.filter(of -> of.has(key));
    }

    private boolean hold(String group, String key, Object value, Object before) {
        return !value.equals(before) && change(group, key, value, shown(before));
    }

    /** @param before as it is shown */
    private boolean change(String group, String key, Object value, String before) {
        var began = "the job began with " + before;
        var path = group.isEmpty() ? key : group + "." + key;
        found.add(said(group, key)
                .map(of -> of.useless(key, began).getMessage())
                .orElseGet(() -> file + ", " + path + ": not there, which means " + shown(value)
                        + (group.equals("outer") ? " by its scheme" : "") + ": " + began));
        return true;
    }

    private static String shown(Object value) {
        return value instanceof Double number && number == Math.rint(number) && Math.abs(number) < 1e9
                ? Long.toString(Math.round(number))
                : Printable.text(value.toString());
    }

    private static String kind(Tokenizer tokenizer) {
        return switch (tokenizer) {
            case Tokenizer.Characters _ -> "characters";
            case Tokenizer.Bytes _ -> "bytes";
        };
    }

    private static String kind(ModelSpec model) {
        return switch (model) {
            case ModelSpec.Gpt _ -> "gpt";
            case ModelSpec.TorchScript _ -> "torchscript";
        };
    }

    private static String precision(JobSpec job) {
        return job.bfloat16() ? "bfloat16" : "float32";
    }

    private static String word(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT);
    }
}
