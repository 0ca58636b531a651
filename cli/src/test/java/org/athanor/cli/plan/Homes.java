package org.athanor.cli.plan;

import java.nio.file.Files;
import java.nio.file.Path;

/** Homes to plan with, as text. */
final class Homes {
    static final Path EXAMPLES = examples();

    private Homes() {}

    private static Path examples() {
        var inRoot = Path.of("examples", "homes");
        return Files.isDirectory(inRoot) ? inRoot : Path.of("..").resolve(inRoot);
    }

    static PlannedHome of(String text) {
        return HomeFile.parse("home.yaml", text, EXAMPLES);
    }

    /** The demo's flat with resistive heaters and a Mini 3. */
    static String flat(String more) {
        return """
                home: {preset: well-insulated-flat}
                heating: {kind: resistive}
                device: {model: avalon-mini-3, price: 900}
                """ + more;
    }

    static HomePlan january(PlannedHome home, int days) {
        return HomePlan.ofDays(home, HomePlan.rule(home), 0, days);
    }
}
