package org.athanor.cli.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.athanor.cli.Main;
import org.athanor.training.engine.EngineLimits;
import org.athanor.training.engine.EngineLimits.Isolation;
import org.athanor.training.model.GptShape;
import org.athanor.training.model.ModelSpec;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class SandboxOptionTest {
    private static Isolation of(ModelSpec model, String... words) {
        var option = new SandboxOption();
        new CommandLine(CommandLine.Model.CommandSpec.forAnnotatedObject(option)).parseArgs(words);
        return new EngineLimits(1L << 30, 1, option.isolation()).around(model).sandbox();
    }

    @Test
    void aStrangersModuleNeedsASandboxUnlessItsOwnerInsists() {
        var module = new ModelSpec.TorchScript("0".repeat(64), 1, 16, 20);
        var own = new ModelSpec.Gpt(new GptShape(1, 1, 8, 4, 8, false, 0));
        assertEquals(Isolation.REQUIRED, of(module));
        assertEquals(Isolation.WHERE_POSSIBLE, of(own));
        assertEquals(Isolation.NONE, of(module, "--without-sandbox"));
        assertEquals(Isolation.NONE, of(own, "--without-sandbox"));
    }

    @Test
    void everyCommandThatStartsAnEngineTakesItAndSaysWhatItMeans() {
        for (var path : List.of(List.of("train"), List.of("sample"), List.of("worker", "join"))) {
            var command = new CommandLine(new Main());
            for (var name : path) {
                command = command.getSubcommands().get(name);
            }
            var option = command.getCommandSpec().findOption("--without-sandbox");
            assertEquals(SandboxOption.WARNING, String.join("", option.description()), path.toString());
            assertTrue(option.description()[0].contains("Only for modules whose maker you trust"));
        }
    }
}
