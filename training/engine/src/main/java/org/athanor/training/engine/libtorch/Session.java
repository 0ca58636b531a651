package org.athanor.training.engine.libtorch;

import static org.bytedeco.pytorch.global.torch.get_num_interop_threads;
import static org.bytedeco.pytorch.global.torch.manual_seed;
import static org.bytedeco.pytorch.global.torch.set_autocast_cache_enabled;
import static org.bytedeco.pytorch.global.torch.set_autocast_dtype;
import static org.bytedeco.pytorch.global.torch.set_autocast_enabled;
import static org.bytedeco.pytorch.global.torch.set_num_interop_threads;
import static org.bytedeco.pytorch.global.torch.set_num_threads;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.function.Consumer;
import org.athanor.training.data.DataKey;
import org.athanor.training.data.Draws;
import org.athanor.training.data.Tokens;
import org.athanor.training.engine.EngineCommand;
import org.athanor.training.engine.EngineReply;
import org.athanor.training.model.ModelSpec;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** What the engine holds between commands, and how it obeys them. */
final class Session {
    private final Path folder;
    private final EngineMain.Interruptions interruptions;
    private final Consumer<EngineReply> progress;
    private Hardware hardware;
    private Trainer trainer;
    private Path openShard;
    private Tokens shard;

    Session(Path folder, EngineMain.Interruptions interruptions, Consumer<EngineReply> progress) {
        this.folder = folder;
        this.interruptions = interruptions;
        this.progress = progress;
    }

    EngineReply obey(EngineCommand command) throws IOException {
        if (command instanceof EngineCommand.Open open) {
            return open(open);
        }
        if (trainer == null) {
            throw new IllegalStateException("no model is open yet");
        }
        return switch (command) {
            case EngineCommand.Initialise initialise -> initialise(initialise);
            case EngineCommand.Load load -> read(load.file(), trainer.weights().values());
            case EngineCommand.Save save -> write(save.file(), trainer.weights().values());
            case EngineCommand.RestartMoments _ -> restartMoments();
            case EngineCommand.LoadMoments load -> loadMoments(load);
            case EngineCommand.SaveMoments save ->
                write(
                        save.file(),
                        trainer.optimiser().mean(),
                        trainer.optimiser().square());
            case EngineCommand.Train train -> train(train);
            case EngineCommand.Evaluate evaluate ->
                new EngineReply.Evaluated(trainer.evaluate(
                        tokens(evaluate.shard(), evaluate.key()),
                        evaluate.starts().stream().mapToInt(Integer::intValue).toArray(),
                        evaluate.microBatch()));
            case EngineCommand.Sample sample -> sample(sample);
            case EngineCommand.Scores scores -> scores(scores);
            case EngineCommand.Open _, EngineCommand.Threads _, EngineCommand.Halt _ ->
                throw new IllegalStateException("is obeyed elsewhere: " + command);
        };
    }

    private EngineReply open(EngineCommand.Open open) {
        requireOneAtATime();
        set_num_threads(open.threads());
        hardware = Hardware.ofThisMachine();
        var bfloat16 = open.bfloat16() && hardware.multipliesBfloat16();
        if (bfloat16) {
            set_autocast_dtype(hardware.type(), ScalarType.BFloat16);
            set_autocast_enabled(hardware.type(), true);
            set_autocast_cache_enabled(false); // weights change every step
        }
        var model = switch (open.model()) {
            case ModelSpec.Gpt gpt -> new Gpt(gpt.shape());
            case ModelSpec.TorchScript script ->
                new TorchScript(inFolder(script.file()), script.vocabulary(), hardware);
        };
        var sizes = new Trainer.Sizes(open.model().context(), open.model().vocabulary());
        trainer = new Trainer(model, open.optimiser(), sizes, hardware);
        return new EngineReply.Opened(model.tensors(), bfloat16, hardware.card());
    }

    /** What a module forks would else run on threads of its own, as many as there are processors, whatever the level is. */
    private static void requireOneAtATime() {
        if (get_num_interop_threads() != 1) {
            set_num_interop_threads(1);
        }
    }

    private EngineReply initialise(EngineCommand.Initialise initialise) {
        manual_seed(initialise.seed());
        trainer.initialise();
        return new EngineReply.Done();
    }

    private EngineReply restartMoments() {
        trainer.startOver();
        return new EngineReply.Done();
    }

    private EngineReply loadMoments(EngineCommand.LoadMoments load) throws IOException {
        var optimiser = trainer.optimiser();
        var reply = read(load.file(), optimiser.mean(), optimiser.square());
        optimiser.resumeAt(load.steps());
        return reply;
    }

    private EngineReply train(EngineCommand.Train train) throws IOException {
        var tokens = tokens(train.shard(), train.key());
        var before = cpuNanos();
        var step = train.from();
        while (step < train.to() && !interruptions.takeHalt()) {
            var threads = interruptions.takeThreads();
            if (threads > 0) {
                set_num_threads(threads);
            }
            manual_seed(Draws.of("step", train.seed(), step)
                    .next()); // by step: a round that was halted goes on as if it was not
            var starts = train.assignment().starts(step, train.sequences(), trainer.context(), tokens.count());
            var loss = trainer.step(
                    tokens, starts, train.microBatch(), train.rate().at(train.firstStep() + step));
            progress.accept(new EngineReply.Step(step, loss));
            step++;
        }
        return new EngineReply.Trained(
                step, (cpuNanos() - before) / 1e9, trainer.optimiser().steps());
    }

    private static long cpuNanos() {
        var system = ManagementFactory.getOperatingSystemMXBean();
        return system instanceof com.sun.management.OperatingSystemMXBean process ? process.getProcessCpuTime() : 0;
    }

    private EngineReply sample(EngineCommand.Sample sample) {
        if (sample.prompt().isEmpty()) {
            throw new IllegalArgumentException("a sample needs a prompt of at least one token");
        }
        var history = new ArrayList<>(sample.prompt());
        var draws = Draws.of("sample", sample.seed());
        for (var drawn = 0; drawn < sample.tokens(); drawn++) {
            var recent = history.stream().mapToInt(Integer::intValue).toArray();
            var draw = (draws.next() >>> 11) * 0x1p-53;
            var token = trainer.next(recent, sample.temperature(), sample.topK(), draw);
            history.add(token);
            progress.accept(new EngineReply.Token(token));
        }
        return new EngineReply.Done();
    }

    private EngineReply scores(EngineCommand.Scores scores) throws IOException {
        try (var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            var tokens = scores.tokens().stream().mapToLong(Integer::longValue).toArray();
            return write(scores.file(), trainer.scores(tokens));
        }
    }

    /** An encrypted shard is read into this process's memory alone. */
    private Tokens tokens(String name, DataKey key) throws IOException {
        var file = inFolder(name);
        if (file.equals(openShard)) {
            return shard;
        }
        if (key != null) {
            shard = new Tokens(ByteBuffer.wrap(key.open(Files.readAllBytes(file))));
            openShard = file;
        } else {
            try (var channel = FileChannel.open(file)) {
                shard = new Tokens(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()));
            }
            openShard = file;
        }
        return shard;
    }

    private EngineReply read(String name, Tensor... into) throws IOException {
        Vectors.read(inFolder(name), into);
        return new EngineReply.Done();
    }

    private EngineReply write(String name, Tensor... from) throws IOException {
        Vectors.write(inFolder(name), from);
        return new EngineReply.Done();
    }

    private Path inFolder(String name) {
        var file = Path.of(name);
        if (file.isAbsolute() || file.getNameCount() != 1 || name.equals("..")) {
            throw new IllegalArgumentException("files are named without a folder, but this is " + name);
        }
        return folder.resolve(file);
    }

    /** libtorch's messages carry a stack of C++ calls behind their first line. */
    static String reason(Exception failed) {
        var message = failed.getMessage();
        if (message == null) {
            return failed.getClass().getSimpleName();
        }
        if (failed instanceof java.nio.file.NoSuchFileException) {
            return "there is no file " + message;
        }
        return message.lines().findFirst().orElse(message);
    }
}
