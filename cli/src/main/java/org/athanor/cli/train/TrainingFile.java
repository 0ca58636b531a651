package org.athanor.cli.train;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.athanor.cli.terminal.UserMistake;
import org.athanor.cli.yaml.Fields;
import org.athanor.cli.yaml.YamlMistake;
import org.athanor.network.training.S3Settings;
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
 * @param store           outside the coordinator; null when it hands out objects itself
 * @param pieces          of the text, by the files that they were read from
 * @param fields          as they stand in the file
 */
record TrainingFile(
        JobSpec job,
        Path module,
        String text,
        double held,
        int workers,
        RoundRules rules,
        long validateEvery,
        int validateTokens,
        S3Settings store,
        List<Piece> pieces,
        Fields fields) {
    /**
     * A part of the text.
     *
     * @param file in which it stands
     * @param from its first character
     */
    record Piece(Path file, int from) {}

    static final Set<String> KEYS = Set.of(
            "name",
            "data",
            "encrypt",
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
            "round",
            "store");
    static final Map<String, List<String>> GROUPS = Map.of(
            "model", List.of("kind", "file", "layers", "heads", "width", "context", "bias", "dropout"),
            "inner",
                    List.of(
                            "sequences",
                            "microBatch",
                            "rate",
                            "floor",
                            "warmup",
                            "beta1",
                            "beta2",
                            "weightDecay",
                            "clip"),
            "outer", List.of("scheme", "steps", "up", "down", "rate", "momentum", "keep", "fragments", "delay", "mix"),
            "round", List.of("leastWorkers", "quorum", "deadlineSeconds", "silenceSeconds", "late"),
            "store", List.of("kind", "bucket", "endpoint", "region", "prefix", "plainHttp"));
    private static final int MOST_TEXT = 1 << 29;
    /**
     * Bytes of heap for each byte of text, while it is read and becomes tokens: two of a string that holds one letter beyond Latin, four of
     * tokens, and of a heap the long-lived have two thirds.
     */
    private static final int TEXT_HEAP = 10;

    private static final String TEXT_FILE = "the name of a text file, from where this file lies";
    private static final String TEXT_FILES = TEXT_FILE + ", or a list of such";
    /** Vectors are arrays of floats, and go over the line as arrays of bytes. */
    private static final long MOST_PARAMETERS = 500_000_000;

    /** @throws UserMistake with everything that is wrong with the file */
    static TrainingFile read(Path file, OptionalLong workersAsked) {
        var mistakes = new ArrayList<YamlMistake>();
        try {
            var fields = Fields.of(file.toString(), Files.readString(file), KEYS, mistakes::add);
            var read = new Reading(fields, file.toAbsolutePath().getParent(), workersAsked, mistakes, new ArrayList<>())
                    .all();
            if (mistakes.isEmpty()) {
                return read;
            }
        } catch (YamlMistake mistake) {
            mistakes.add(mistake);
        } catch (NoSuchFileException missing) {
            throw new UserMistake("there is no job file " + file, missing);
        } catch (MalformedInputException binary) {
            throw new UserMistake(file + " is no text in UTF-8", binary);
        } catch (IOException unreadable) {
            throw new UserMistake(file + " cannot be read: " + unreadable.getMessage(), unreadable);
        }
        throw new UserMistake(
                String.join("\n", mistakes.stream().map(YamlMistake::getMessage).toList()));
    }

    /** Steps over which the rate rises where nothing is said, by all steps. */
    static int usualWarmup(int steps) {
        return Math.min(100, steps / 10);
    }

    /** The rate at the end where nothing is said. */
    static double usualFloor(double rate) {
        return rate / 10;
    }

    /** In which so many workers learn from that many tokens, each from {@code ofRound} in a round. */
    static long roundsOf(long tokens, int workers, long ofRound) {
        return Math.max(1, (long) Math.ceil((double) tokens / ((double) workers * ofRound)));
    }

    private record Reading(
            Fields fields, Path folder, OptionalLong workersAsked, List<YamlMistake> mistakes, List<Piece> pieces) {
        TrainingFile all() {
            var text = text();
            var tokenizer = tokenizer(text);
            var held = fields.number("validation", 0.001, 0.5, "").orElse(0.1);
            var workersSaid = fields.whole("workers", 1, 100_000, 2);
            var workers = (int) workersAsked.orElse(workersSaid);
            var described = group("model");
            var model = model(described, tokenizer.vocabulary());
            enough(text, tokenizer, held, model.context());
            var inner = group("inner");
            var sequences = inner.map(group -> group.whole("sequences", 1, JobSpec.MOST_SEQUENCES, 12))
                    .orElse(12);
            var microBatch = inner.map(group -> group.whole("microBatch", 1, JobSpec.MOST_SEQUENCES, sequences))
                    .orElse(sequences);
            var outer = outer(model);
            var name = fields.text("name", "a name").orElse("training");
            var seed = fields.whole("seed", 0, Integer.MAX_VALUE, 1);
            var bfloat16 = fields.choice("precision", ordered("float32", false, "bfloat16", true))
                    .orElse(false);
            var encrypted = fields.choice("encrypt", ordered("true", true, "false", false))
                    .orElse(false);
            var rules = rules();
            var store = group("store").map(Reading::store).orElse(null);
            // of tokens; 0 for none
            var budget = Math.round(fields.number("tokens", 1, 1e15, "tokens").orElse(0));
            var ofRound = (long) outer.innerSteps() * sequences * model.context();
            var rounds = rounds(budget, workers, ofRound);
            var steps = (int) Math.min(Integer.MAX_VALUE, rounds * outer.innerSteps());
            // as many as one worker alone would take, who may be the one that goes on
            var mostWarmup = budget == 0
                    ? steps
                    : (int) Math.min(Integer.MAX_VALUE, roundsOf(budget, 1, ofRound) * outer.innerSteps());
            var rate = new double[] {1e-3, 1e-4};
            var warmup = new int[] {usualWarmup(steps)};
            var adam = new AdamW[] {AdamW.USUAL};
            inner.ifPresent(group -> {
                rate[0] = group.number("rate", 1e-8, 1, "").orElse(rate[0]);
                rate[1] = group.number("floor", 0, rate[0], "").orElse(usualFloor(rate[0]));
                warmup[0] = group.whole("warmup", 0, mostWarmup, warmup[0]);
                adam[0] = new AdamW(
                        group.number("beta1", 0, 0.9999, "").orElse(AdamW.USUAL.beta1()),
                        group.number("beta2", 0, 0.99999, "").orElse(AdamW.USUAL.beta2()),
                        AdamW.USUAL.epsilon(),
                        group.number("weightDecay", 0, 1, "").orElse(AdamW.USUAL.weightDecay()),
                        group.number("clip", 1e-3, 1e3, "").orElse(AdamW.USUAL.clip()));
            });
            if (microBatch > sequences || sequences % microBatch != 0) {
                inner.ifPresent(group -> group.complain(
                        group.wrong("microBatch", "a number that divides the " + sequences + " sequences")));
            }
            var trust = fields.choice("trust", ordered("known", Trust.KNOWN, "open", Trust.OPEN))
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
                            name,
                            model,
                            List.of(),
                            tokenizer,
                            List.of(),
                            adam[0],
                            sequences,
                            microBatch,
                            new LearningRate(rate[0], rate[1], warmup[0], Math.max(steps, warmup[0])),
                            outer,
                            rounds,
                            seed,
                            bfloat16,
                            trust == Trust.OPEN ? JobSpec.Moments.RESTARTED : JobSpec.Moments.KEPT,
                            trust,
                            encrypted)
                    .withBudget(budget);
            var module = model instanceof ModelSpec.TorchScript
                    ? described.flatMap(this::module).orElse(null)
                    : null;
            return new TrainingFile(
                    job, module, text, held, workers, rules, Math.max(1, rounds / 10), 16_384, store, pieces, fields);
        }

        /** Null for the folder of the job. */
        private static S3Settings store(Fields of) {
            var kind = of.choice("kind", ordered("folder", false, "s3", true));
            if (!kind.orElse(false)) {
                if (!of.has("kind")) {
                    of.complain(of.missing("kind", "folder or s3"));
                } else if (kind.isPresent()) {
                    of.onlyWhere("a store in the job's folder", "kind");
                }
                return null;
            }
            var plain = of.choice("plainHttp", ordered("true", true, "false", false))
                    .orElse(false);
            var bucket = of.value("bucket", "the name of a bucket that is there", name -> {
                new S3Settings(name, null, S3Settings.USUAL_REGION, "", false);
                return name;
            });
            if (!of.has("bucket")) {
                of.complain(of.missing("bucket", "the name of a bucket that is there"));
            }
            var endpoint = of.value("endpoint", "https://HOST or https://HOST:PORT", URI::create);
            var problem = endpoint.map(address -> S3Settings.problem(address, plain));
            problem.ifPresent(accepted -> of.complain(of.wrong("endpoint", accepted)));
            var prefix = of.value("prefix", "letters, digits and / _ . -", name -> {
                new S3Settings("any", null, S3Settings.USUAL_REGION, name, false);
                return name;
            });
            var region = of.value("region", "the name of a region, such as eu-central-1", name -> {
                if (!name.matches("[A-Za-z0-9-]{1,64}")) {
                    throw new IllegalArgumentException(name);
                }
                return name;
            });
            return bucket.isEmpty() || problem.isPresent()
                    ? null
                    : new S3Settings(
                            bucket.get(),
                            endpoint.orElse(null),
                            region.orElse(S3Settings.USUAL_REGION),
                            prefix.orElse("athanor"),
                            plain);
        }

        private Optional<Fields> group(String name) {
            return fields.group(name, GROUPS.get(name).toArray(String[]::new));
        }

        /** In the order in which they are named to who has chosen another. */
        private static <T> Map<String, T> ordered(String first, T one, String second, T other) {
            var choices = new LinkedHashMap<String, T>();
            choices.put(first, one);
            choices.put(second, other);
            return choices;
        }

        /** Both parts of the text must hold a sequence and the token after it. */
        private void enough(String text, Tokenizer tokenizer, double held, int context) {
            if (text.isEmpty()) {
                if (fields.has("data") && mistakes.isEmpty()) {
                    fields.complain(fields.wrong("data", "a text that is not empty"));
                }
                return;
            }
            var tokens = tokenizer instanceof Tokenizer.Bytes
                    ? text.getBytes(StandardCharsets.UTF_8).length
                    : text.codePointCount(0, text.length());
            var least = (context + 2) / Math.min(held, 1 - held);
            if (tokens < least + 1) {
                fields.complain(fields.wrong(
                        "data",
                        "it has " + tokens + " tokens; with a context of " + context + " and " + 100 * held
                                + " % of it kept for validation a text of at least " + (long) Math.ceil(least + 1)));
            }
        }

        private String text() {
            if (!fields.has("data")) {
                fields.complain(fields.missing("data", TEXT_FILES));
                return "";
            }
            var places = fields.isList("data")
                    ? fields.values("data", TEXT_FILE, folder::resolve)
                    : fields.value("data", TEXT_FILES, folder::resolve).stream().toList();
            try {
                var bytes = 0L;
                for (var place : places) {
                    bytes += Files.exists(place) ? Files.size(place) : 0;
                }
                if (bytes > MOST_TEXT) {
                    fields.complain(fields.wrong("data", "a text of at most 512 MiB"));
                    return "";
                }
                var heap = TEXT_HEAP * bytes;
                if (heap > Runtime.getRuntime().maxMemory()) {
                    var enough = (heap >> 20) + 64;
                    fields.complain(fields.useless(
                            "data",
                            "a text of " + (bytes >> 20) + " MiB needs a heap of about " + enough
                                    + " MiB, and this program may take "
                                    + (Runtime.getRuntime().maxMemory() >> 20) + ": ATHANOR_OPTS=-Xmx" + enough
                                    + "m gives it so much"));
                    return "";
                }
            } catch (IOException unreadable) {
                fields.complain(fields.useless("data", "its size cannot be told: " + unreadable.getMessage()));
                return "";
            }
            var texts = new ArrayList<String>();
            var length = 0;
            for (var place : places) {
                try {
                    pieces.add(new Piece(place, length));
                    texts.add(Files.readString(place));
                    length += texts.getLast().length();
                } catch (MalformedInputException binary) {
                    fields.complain(fields.useless("data", place + " is no text in UTF-8"));
                } catch (IOException unreadable) {
                    fields.complain(fields.useless("data", "no file can be read at " + place));
                }
            }
            return texts.size() == 1 ? texts.getFirst() : String.join("", texts); // one is not copied
        }

        private Tokenizer tokenizer(String text) {
            var kind = fields.choice("tokenizer", ordered("characters", true, "bytes", false));
            if (kind.orElse(true)) {
                try {
                    return Tokenizer.Characters.of(text.isEmpty() ? " " : text);
                } catch (IllegalArgumentException tooMany) {
                    fields.complain(fields.useless("data", tooMany.getMessage()));
                }
            }
            return new Tokenizer.Bytes();
        }

        private ModelSpec model(Optional<Fields> group, int vocabulary) {
            var usual = new GptShape(4, 4, 128, 64, vocabulary, false, 0);
            if (group.isEmpty()) {
                return new ModelSpec.Gpt(usual);
            }
            var of = group.get();
            if (of.choice("kind", ordered("gpt", false, "torchscript", true)).orElse(false)) {
                return torchScript(of, vocabulary, usual);
            }
            var heads = of.whole("heads", 1, GptShape.MOST_HEADS, usual.heads());
            var width = of.whole("width", 1, GptShape.MOST_WIDTH, usual.width());
            var layers = of.whole("layers", 1, GptShape.MOST_LAYERS, usual.layers());
            var context = of.whole("context", 2, GptShape.MOST_CONTEXT, usual.context());
            var bias = of.choice("bias", ordered("true", true, "false", false)).orElse(false);
            var dropout = of.number("dropout", 0, 0.9, "").orElse(0);
            if (width % heads != 0) {
                of.complain(of.wrong(
                        of.has("width") ? "width" : "heads",
                        "a width (" + width + ") that is a multiple of the heads (" + heads + ")"));
                return new ModelSpec.Gpt(usual);
            }
            var shape = new GptShape(layers, heads, width, context, vocabulary, bias, dropout);
            if (shape.parameters() > MOST_PARAMETERS) {
                fields.complain(fields.wrong(
                        "model",
                        "it has " + shape.parameters() + " parameters; a model of at most " + MOST_PARAMETERS));
            }
            return new ModelSpec.Gpt(shape);
        }

        private ModelSpec torchScript(Fields of, int vocabulary, GptShape usual) {
            of.onlyWhere("a TorchScript module brings its own sizes", "kind", "file", "context");
            var context = of.whole("context", 2, GptShape.MOST_CONTEXT, usual.context());
            var file = module(of).orElse(null);
            if (file == null) {
                if (!of.has("file"))
                    of.complain(of.missing("file", "the .pt file that PyTorch wrote, from where this file lies"));
                return new ModelSpec.Gpt(usual);
            }
            try {
                var bytes = Files.size(file);
                if (bytes / Float.BYTES > MOST_PARAMETERS) {
                    of.complain(of.useless(
                            "file",
                            file + " has " + bytes + " bytes; a module of at most " + MOST_PARAMETERS
                                    + " parameters is accepted"));
                    return new ModelSpec.Gpt(usual);
                }
                return new ModelSpec.TorchScript(ObjectStore.hash(file), bytes, context, vocabulary);
            } catch (IOException unreadable) {
                of.complain(of.useless("file", "no file can be read at " + file));
                return new ModelSpec.Gpt(usual);
            }
        }

        private Optional<Path> module(Fields of) {
            return of.value("file", "the .pt file that PyTorch wrote, from where this file lies", folder::resolve);
        }

        private OuterSettings outer(ModelSpec model) {
            var group = group("outer");
            if (group.isEmpty()) {
                return OuterSettings.diLoCo(20, "int8");
            }
            var of = group.get();
            var steps = of.whole("steps", 1, OuterSettings.MOST_STEPS, 20);
            var schemes = ordered(
                    "diloco",
                    OuterSettings.diLoCo(steps, "int8"),
                    "streaming",
                    OuterSettings.streaming(steps, "int4", 2));
            schemes.put("sparse", OuterSettings.sparseLoCo(steps, 128, 256));
            var usual = of.choice("scheme", schemes).orElse(OuterSettings.diLoCo(steps, "int8"));
            var layers = model instanceof ModelSpec.Gpt gpt ? gpt.shape().layers() : 1000;
            var fragments = of.whole("fragments", 1, OuterSettings.MOST_FRAGMENTS, usual.fragments());
            var delay = of.whole("delay", 0, 1, usual.delay());
            if (delay > 0 && fragments == 1) {
                of.complain(of.wrong(
                        of.has("delay") ? "delay" : "fragments",
                        "a delay only where fragments, at least 2, are exchanged in turn: a worker would send the same"
                                + " steps twice"));
            }
            if (fragments > layers) {
                of.complain(of.wrong(
                        of.has("fragments") ? "fragments" : "scheme",
                        "the model has " + layers + (layers == 1 ? " layer" : " layers")
                                + " to exchange in turn; fragments from 1 to " + layers));
                fragments = 1;
            }
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
                    fragments,
                    delay,
                    of.number("mix", 0, 0.99, "").orElse(usual.mix()));
        }

        private long rounds(long budget, int workers, long ofRound) {
            var asked = fields.whole("rounds", 1, 10_000_000, 0);
            if (asked > 0 && budget > 0) {
                fields.complain(fields.notTogether("tokens", "a job ends by its rounds or by its tokens"));
            }
            if (budget > 0) {
                return roundsOf(budget, workers, ofRound);
            }
            return asked > 0 ? asked : 100;
        }

        private RoundRules rules() {
            var group = group("round");
            var usual = new RoundRules(1, 0.5, Duration.ofMinutes(10), Duration.ofSeconds(20), true);
            return group.map(of -> new RoundRules(
                            of.whole("leastWorkers", 1, 100_000, 1),
                            of.number("quorum", 0.01, 1, "").orElse(usual.quorum()),
                            Duration.ofSeconds(of.whole("deadlineSeconds", 1, 1_000_000, 600)),
                            Duration.ofSeconds(of.whole("silenceSeconds", 5, 100_000, 20)),
                            of.choice("late", ordered("count", true, "drop", false))
                                    .orElse(true)))
                    .orElse(usual);
        }
    }
}
