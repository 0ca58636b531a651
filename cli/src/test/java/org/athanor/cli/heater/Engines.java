package org.athanor.cli.heater;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The engine's processes that this program has started, as Linux tells of them. */
final class Engines {
    private Engines() {}

    /**
     * State of each, such as S, or T of one that is frozen.
     *
     * @param folder of the worker whose they are
     */
    static List<String> states(Path folder) {
        return ProcessHandle.current()
                .descendants()
                .filter(process -> text(process, "cmdline").contains(folder.toString()))
                .map(process -> text(process, "stat")
                        .replaceFirst("^.*\\) (.).*$", "$1")
                        .strip())
                .toList();
    }

    private static String text(ProcessHandle process, String file) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/" + file));
        } catch (IOException gone) {
            return "";
        }
    }
}
