package org.athanor.cli.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.athanor.cli.terminal.Screen;
import org.athanor.cli.terminal.ShutdownSignal;
import org.athanor.cli.terminal.UserMistake;
import org.athanor.training.engine.EngineCommand;
import org.athanor.training.engine.EngineException;
import org.athanor.training.engine.EngineFiles;
import org.athanor.training.engine.EngineLibraries;
import org.athanor.training.engine.EngineProcess;
import org.athanor.training.engine.EngineReply;
import org.athanor.training.job.MemoryEstimate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lets a trained model go on from a prompt. */
@Command(
        name = "sample",
        mixinStandardHelpOptions = true,
        header = "Lets a trained model go on from a prompt.",
        footer = {"", "Example:", "  athanor sample quick.training --prompt \"The room\" --tokens 200 --seed 1"})
public final class SampleCommand implements Callable<Integer> {

    /** As of a program that Ctrl-C ended. */
    private static final int STOPPED = 130;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "CHECKPOINT", description = "A checkpoint, or the folder of a job for its newest.")
    private Path checkpoint;

    @Option(names = "--prompt", paramLabel = "TEXT", required = true, description = "What it goes on from.")
    private String prompt;

    @Option(
            names = "--tokens",
            paramLabel = "N",
            defaultValue = "200",
            description = "How far. Default: ${DEFAULT-VALUE}.")
    private int tokens;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "The same seed draws the same text. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--temperature",
            paramLabel = "T",
            defaultValue = "0.8",
            description = "0 takes the likeliest every time. Default: ${DEFAULT-VALUE}.")
    private double temperature;

    @Option(
            names = "--top-k",
            paramLabel = "K",
            defaultValue = "0",
            description = "Draws from the K likeliest only. Default: from all.")
    private int topK;

    @Mixin
    private SandboxOption sandbox;

    @Override
    public Integer call() throws IOException {
        if (tokens < 1) throw new UserMistake("--tokens must be at least 1, but is " + tokens);
        if (!(temperature >= 0)) throw new UserMistake("--temperature must be 0 or more, but is " + temperature);
        if (topK < 0) throw new UserMistake("--top-k must be 1 or more, or 0 for all, but is " + topK);
        var read = Checkpoints.read(checkpoint);
        var start = start(read);
        var folder = Files.createTempDirectory("athanor-sample");
        var asking = Thread.currentThread();
        try (var _ = ShutdownSignal.onStop(asking::interrupt);
                var screen = Screen.standard()) {
            var libraries = EngineLibraries.get(
                    EngineLibraries.Places.usual(),
                    (name, bytes, ofAll) -> TrainCommand.fetching(screen, name, bytes, ofAll));
            var limits = TrainCommand.limits(MemoryEstimate.of(read.job()), sandbox.isolation());
            Checkpoints.placeProgram(checkpoint, read.job(), folder);
            try (var engine = EngineProcess.start(
                    libraries, folder, limits.around(read.job().model()))) {
                engine.ask(new EngineCommand.Open(read.job().model(), read.job().optimiser(), false, 1), reply -> {});
                engine.load(read.weights().values());
                var text = new ArrayList<>(start);
                engine.ask(
                        new EngineCommand.Sample(start, tokens, temperature, topK, seed),
                        reply -> text.add(((EngineReply.Token) reply).token()));
                spec.commandLine().getOut().println(read.job().tokenizer().decode(text));
            }
        } catch (EngineException failed) {
            throw new UserMistake(failed.getMessage(), failed);
        } catch (IOException full) {
            throw new UserMistake(folder + " cannot be used: " + full.getMessage(), full);
        } catch (InterruptedException stopped) {
            return STOPPED;
        } finally {
            EngineFiles.deleteAll(folder);
        }
        return 0;
    }

    private List<Integer> start(Checkpoints.Checkpoint read) {
        try {
            var encoded = read.job().tokenizer().encode(prompt);
            if (encoded.length == 0) throw new UserMistake("--prompt must not be empty");
            return Arrays.stream(encoded).boxed().toList();
        } catch (IllegalArgumentException unknown) {
            throw new UserMistake("--prompt: " + unknown.getMessage(), unknown);
        }
    }
}
