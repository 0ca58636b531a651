package org.athanor.cli.train;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.Callable;
import org.athanor.cli.terminal.ReportFile;
import org.athanor.cli.terminal.UserMistake;
import org.athanor.training.checkpoint.Safetensors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes the weights of a checkpoint for other programs. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        header = "Writes the weights of a checkpoint for PyTorch and others.",
        description =
                "Of the built-in GPT, the tensors have nanoGPT's names and PyTorch's shapes; a module of yours gets back"
                        + " its own. docs/pytorch.md says how PyTorch takes them in.",
        footer = {"", "Example:", "  athanor train export job.training --safetensors weights.safetensors"})
final class ExportCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "CHECKPOINT", description = "A checkpoint, or the folder of a job for its newest.")
    private Path checkpoint;

    @Option(names = "--safetensors", paramLabel = "FILE", required = true, description = "Where to write.")
    private Path target;

    @Override
    public Integer call() throws IOException {
        ReportFile.requireWritable("--safetensors", target);
        var read = Checkpoints.read(checkpoint);
        var draft = target.resolveSibling(target.getFileName() + ".part");
        try (var channel = FileChannel.open(
                draft, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            new Safetensors(
                            read.weights().tensors(),
                            Map.of("format", "pt"),
                            read.weights().values())
                    .write(channel);
            Files.move(draft, target, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException full) {
            throw new UserMistake("--safetensors: " + target + " cannot be written: " + full.getMessage(), full);
        } finally {
            Files.deleteIfExists(draft);
        }
        spec.commandLine()
                .getOut()
                .println(target + ": " + read.weights().tensors().size() + " tensors, "
                        + read.weights().values().length + " values");
        return 0;
    }
}
