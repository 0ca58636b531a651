package org.athanor.cli.train;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.athanor.cli.terminal.UserMistake;
import org.athanor.cli.yaml.Fields;
import org.athanor.cli.yaml.YamlMistake;
import org.athanor.training.data.Tokenizer;
import org.athanor.training.job.JobSpec;
import org.athanor.training.job.JobSpec.Trust;
import org.athanor.training.mailbox.ObjectStore;
import org.athanor.training.model.AdamW;
import org.athanor.training.model.GptShape;
import org.athanor.training.model.LearningRate;
import org.athanor.training.model.ModelSpec;
import org.athanor.training.outer.OuterOptimiser;
import org.athanor.training.outer.OuterSettings;
import org.athanor.training.rounds.RoundRules;
import org.athanor.training.update.Codec;

/**
 * What a job file asks for.
 *
 * @param job             but for its tensors and shards
 * @param module          file of a TorchScript model; null for the built-in one
 * @param text            that it is trained on
 * @param held            share of the text kept for validation
 * @param workers         that it is made for
 * @param rules           of rounds
 * @param validateEvery   rounds
 * @param validateTokens  each time
 */
record TrainingFile(
        JobSpec job,
        Path module,
        String text,
        double held,
        int workers,
        RoundRules rules,
        long validateEvery,
        int validateTokens) {
    private static final Set<String> KEYS = Set.of(
            "name",
            "data",
            "tokenizer",
            "validation",
            "model",
            "workers",
            "rounds",
            "tokens",
            "seed",
            "precision",
            "trust",
            "inner",
            "outer",
            "round");
    private static final int MOST_TEXT = 1 << 29;

    /** @throws UserMistake with everything that is wrong with the file */
    static TrainingFile read(Path file, OptionalLong workersAsked) {
        var mistakes = new ArrayList<YamlMistake>();
        try {
            var fields = Fields.of(file.toString(), Files.readString(file), KEYS, mistakes::add);
            var read = new Reading(fields, file.toAbsolutePath().getParent(), workersAsked, mistakes).all();
            if (mistakes.isEmpty()) {
                return read;
            }
        } catch (YamlMistake mistake) {
            mistakes.add(mistake);
        } catch (IOException unreadable) {
            throw new UserMistake(file + " cannot be read: " + unreadable.getMessage(), unreadable);
        }
        throw new UserMistake(
                String.join("\n", mistakes.stream().map(YamlMistake::getMessage).toList()));
    }

    private record Reading(Fields fields, Path folder, OptionalLong workersAsked, List<YamlMistake> mistakes) {
        TrainingFile all() {
            var text = text();
            var tokenizer = tokenizer(text);
            var held = fields.number("validation", 0.001, 0.5, "").orElse(0.1);
            var workers = (int) workersAsked.orElse(fields.whole("workers", 1, 100_000, 2));
            var model = model(tokenizer.vocabulary());
            var inner = fields.group(
                    "inner",
                    "sequences",
                    "microBatch",
                    "rate",
                    "floor",
                    "warmup",
                    "beta1",
                    "beta2",
                    "weightDecay",
                    "clip");
            var sequences =
                    inner.map(group -> group.whole("sequences", 1, 1 << 20, 12)).orElse(12);
            var microBatch = inner.map(group -> group.whole("microBatch", 1, 1 << 20, sequences))
                    .orElse(sequences);
            var outer = outer();
            var rounds = rounds(workers, sequences, model, outer.innerSteps());
            var steps = (int) Math.min(Integer.MAX_VALUE, rounds * outer.innerSteps());
            var rate = new double[] {1e-3, 1e-4};
            var warmup = new int[] {Math.min(100, steps / 10)};
            var adam = new AdamW[] {AdamW.USUAL};
            inner.ifPresent(group -> {
                rate[0] = group.number("rate", 1e-8, 1, "").orElse(rate[0]);
                rate[1] = group.number("floor", 0, rate[0], "").orElse(rate[0] / 10);
                warmup[0] = group.whole("warmup", 0, steps, warmup[0]);
                adam[0] = new AdamW(
                        group.number("beta1", 0, 0.9999, "").orElse(AdamW.USUAL.beta1()),
                        group.number("beta2", 0, 0.99999, "").orElse(AdamW.USUAL.beta2()),
                        AdamW.USUAL.epsilon(),
                        group.number("weightDecay", 0, 1, "").orElse(AdamW.USUAL.weightDecay()),
                        group.number("clip", 1e-3, 1e3, "").orElse(AdamW.USUAL.clip()));
            });
            if (sequences % microBatch != 0) {
                inner.ifPresent(group -> group.complain(
                        group.wrong("microBatch", "a number that divides the " + sequences + " sequences")));
            }
            var trust = fields.choice("trust", Map.of("known", Trust.KNOWN, "open", Trust.OPEN))
                    .orElse(Trust.KNOWN);
            if (trust == Trust.OPEN && (outer.fragments() != 1 || outer.delay() != 0 || outer.mix() != 0)) {
                fields.complain(fields.wrong(
                        "trust",
                        "open only where the whole model is exchanged each round: no fragments, delay or mix"));
            }
            if (!mistakes.isEmpty()) {
                return null;
            }
            var job = new JobSpec(
                    fields.text("name", "a name").orElse("training"),
                    model,
                    List.of(),
                    tokenizer,
                    List.of(),
                    adam[0],
                    sequences,
                    microBatch,
                    new LearningRate(rate[0], rate[1], warmup[0], steps),
                    outer,
                    rounds,
                    fields.whole("seed", 0, Integer.MAX_VALUE, 1),
                    fields.choice("precision", Map.of("float32", false, "bfloat16", true))
                            .orElse(false),
                    trust == Trust.OPEN ? JobSpec.Moments.RESTARTED : JobSpec.Moments.KEPT,
                    trust);
            return new TrainingFile(job, module(), text, held, workers, rules(), Math.max(1, rounds / 10), 16_384);
        }

        private String text() {
            var name = fields.text("data", "the name of a text file");
            if (name.isEmpty()) {
                if (!fields.has("data")) {
                    fields.complain(fields.missing("data", "the name of a text file, from where this file lies"));
                }
                return "";
            }
            var path = folder.resolve(name.get());
            try {
                if (Files.size(path) > MOST_TEXT) {
                    fields.complain(fields.wrong("data", "a text of at most 512 MiB"));
                    return "";
                }
                return Files.readString(path);
            } catch (MalformedInputException binary) {
                fields.complain(fields.wrong("data", "a text in UTF-8; " + path + " is none"));
            } catch (IOException unreadable) {
                fields.complain(fields.wrong("data", "a file that can be read; " + path + " cannot"));
            }
            return "";
        }

        private Tokenizer tokenizer(String text) {
            var kind = fields.choice("tokenizer", Map.of("characters", true, "bytes", false));
            if (kind.orElse(true)) {
                try {
                    return Tokenizer.Characters.of(text.isEmpty() ? " " : text);
                } catch (IllegalArgumentException tooMany) {
                    fields.complain(fields.wrong("data", tooMany.getMessage()));
                }
            }
            return new Tokenizer.Bytes();
        }

        private ModelSpec model(int vocabulary) {
            var group = fields.group("model", "kind", "file", "layers", "heads", "width", "context", "bias", "dropout");
            var usual = new GptShape(4, 4, 128, 64, vocabulary, false, 0);
            if (group.isEmpty()) {
                return new ModelSpec.Gpt(usual);
            }
            var of = group.get();
            if (of.choice("kind", Map.of("gpt", false, "torchscript", true)).orElse(false)) {
                return torchScript(of, vocabulary, usual);
            }
            var heads = of.whole("heads", 1, 1024, usual.heads());
            var width = of.whole("width", 1, 1 << 16, usual.width());
            if (width % heads != 0) {
                of.complain(of.wrong("width", "a multiple of the " + heads + " heads"));
                return new ModelSpec.Gpt(usual);
            }
            return new ModelSpec.Gpt(new GptShape(
                    of.whole("layers", 1, 1024, usual.layers()),
                    heads,
                    width,
                    of.whole("context", 2, 1 << 16, usual.context()),
                    vocabulary,
                    of.choice("bias", Map.of("true", true, "false", false)).orElse(false),
                    of.number("dropout", 0, 0.9, "").orElse(0)));
        }

        private ModelSpec torchScript(Fields of, int vocabulary, GptShape usual) {
            of.onlyWhere("a TorchScript module brings its own sizes", "kind", "file", "context");
            var file = module();
            if (file == null) {
                of.complain(of.missing("file", "the .pt file that PyTorch wrote, from where this file lies"));
                return new ModelSpec.Gpt(usual);
            }
            try {
                var bytes = Files.readAllBytes(file);
                return new ModelSpec.TorchScript(
                        ObjectStore.hash(bytes),
                        bytes.length,
                        of.whole("context", 2, 1 << 16, usual.context()),
                        vocabulary);
            } catch (IOException unreadable) {
                of.complain(of.wrong("file", "a file that can be read; " + file + " cannot"));
                return new ModelSpec.Gpt(usual);
            }
        }

        private Path module() {
            return fields.group("model", "kind", "file", "layers", "heads", "width", "context", "bias", "dropout")
                    .filter(of -> of.choice("kind", Map.of("gpt", false, "torchscript", true))
                            .orElse(false))
                    .flatMap(of -> of.text("file", "a file"))
                    .map(folder::resolve)
                    .orElse(null);
        }

        private OuterSettings outer() {
            var group = fields.group(
                    "outer", "scheme", "steps", "up", "down", "rate", "momentum", "keep", "fragments", "delay", "mix");
            if (group.isEmpty()) {
                return OuterSettings.diLoCo(20, "int8");
            }
            var of = group.get();
            var steps = of.whole("steps", 1, 100_000, 20);
            var usual = of.choice(
                            "scheme",
                            Map.of(
                                    "diloco", OuterSettings.diLoCo(steps, "int8"),
                                    "streaming", OuterSettings.streaming(steps, "int4", 2),
                                    "sparse", OuterSettings.sparseLoCo(steps, 128, 256)))
                    .orElse(OuterSettings.diLoCo(steps, "int8"));
            var accepted = "float32, int8, int4, or sparse-K for the K largest of 4096";
            return new OuterSettings(
                    steps,
                    of.value("up", accepted, name -> Codec.named(name).name()).orElse(usual.up()),
                    of.value("down", accepted, name -> Codec.named(name).name()).orElse(usual.down()),
                    new OuterOptimiser(
                            of.number("rate", 0.01, 2, "")
                                    .orElse(usual.optimiser().rate()),
                            of.number("momentum", 0, 0.99, "")
                                    .orElse(usual.optimiser().momentum())),
                    of.number("keep", 0, 1, "").orElse(usual.keep()),
                    of.whole("fragments", 1, 1000, usual.fragments()),
                    of.whole("delay", 0, 1, usual.delay()),
                    of.number("mix", 0, 0.99, "").orElse(usual.mix()));
        }

        private long rounds(int workers, int sequences, ModelSpec model, int innerSteps) {
            var asked = fields.whole("rounds", 1, 10_000_000, 0);
            var budget = fields.number("tokens", 1, 1e15, "tokens");
            if (asked > 0 && budget.isPresent()) {
                fields.complain(fields.notTogether("tokens", "rounds says the same"));
            }
            if (budget.isPresent()) {
                var ofRound = (double) workers * sequences * model.context() * innerSteps;
                return Math.max(1, (long) Math.ceil(budget.getAsDouble() / ofRound));
            }
            return asked > 0 ? asked : 100;
        }

        private RoundRules rules() {
            var group = fields.group("round", "leastWorkers", "quorum", "deadlineSeconds", "silenceSeconds", "late");
            var usual = new RoundRules(1, 0.5, Duration.ofMinutes(10), Duration.ofSeconds(20), true);
            return group.map(of -> new RoundRules(
                            of.whole("leastWorkers", 1, 100_000, 1),
                            of.number("quorum", 0.01, 1, "").orElse(usual.quorum()),
                            Duration.ofSeconds(of.whole("deadlineSeconds", 1, 1_000_000, 600)),
                            Duration.ofSeconds(of.whole("silenceSeconds", 5, 100_000, 20)),
                            of.choice("late", Map.of("count", true, "drop", false))
                                    .orElse(true)))
                    .orElse(usual);
        }
    }
}
