package org.athanor.cli.heater;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.athanor.cli.terminal.UserMistake;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes the heater a service of systemd. */
@Command(
        name = "install",
        mixinStandardHelpOptions = true,
        header = "Writes a systemd unit, so that the heater starts with the computer.",
        description = {
            "For Debian and Raspberry Pi OS. The unit runs as a user of its own, may write its state folder alone, and is",
            "restarted when it fails. Called again it replaces the unit; /var/lib/athanor, where everything is that was",
            "learned, earned and set, stays as it is. What that user could not read or do is said."
        },
        footer = {
            "",
            "Examples:",
            "  sudo athanor heater install --config /etc/athanor/heater.yaml",
            "  athanor heater install --root stage      writes below stage, for those who make packages"
        })
final class HeaterInstallCommand implements Callable<Integer> {
    private static final String UNIT = "athanor-heater.service";
    /** MiB. */
    private static final long HEAP = 96;

    private static final long MEMORY = 256;
    private static final long ENGINE_PROGRAM = 300;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            defaultValue = "/etc/athanor/heater.yaml",
            description = "The heater file that the service reads (default: ${DEFAULT-VALUE}).")
    private Path config;

    @Option(
            names = "--program",
            paramLabel = "FILE",
            description = "The athanor command that it runs (default: the one that runs now).")
    private Path program;

    @Option(names = "--root", paramLabel = "FOLDER", defaultValue = "/", description = "Writes below this folder.")
    private Path root;

    @Override
    public Integer call() {
        var out = spec.commandLine().getOut();
        var command = program != null ? program.toAbsolutePath() : running();
        if (!Files.isExecutable(command))
            throw new UserMistake("--program " + command + ": not a program that can be run");
        boolean staged = !root.equals(Path.of("/"));
        // an installed service that fails at once helps nobody
        var setup = staged ? Optional.<HomeSetup>empty() : Optional.of(HeaterCheckCommand.read(config));
        long training = setup.map(HeaterInstallCommand::trainingMebibytes).orElse(0L);
        var unit = root.resolve("etc/systemd/system").resolve(UNIT);
        try {
            Files.createDirectories(unit.getParent());
            var draft = Files.createTempFile(unit.getParent(), UNIT, ".tmp");
            Files.writeString(draft, unit(command, config.toAbsolutePath(), training));
            Files.move(draft, unit, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            unit.toFile().setReadable(true, false);
        } catch (IOException e) {
            throw new UserMistake(unit + ": cannot be written (" + e.getMessage() + "); try sudo", e);
        }
        out.println(unit + " written.");
        var java = Path.of(System.getProperty("java.home"));
        for (var each :
                setup.map(it -> ServiceAdvice.of(command, java, config, it)).orElse(List.of()))
            out.println("! " + each);
        out.println("Next:");
        out.println("  systemctl daemon-reload");
        out.println("  systemctl enable --now athanor-heater");
        out.println("  journalctl -u athanor-heater -f");
        out.flush();
        return 0;
    }

    /** The launcher passes where it is; a packaged program is its own. */
    private static Path running() {
        var launcher = System.getProperty("athanor.launcher", System.getProperty("jpackage.app-path"));
        if (launcher == null)
            throw new UserMistake("--program is missing: name the athanor command that the service is to run");
        return Path.of(launcher).toAbsolutePath();
    }

    /** What all engines of what may train are allowed. */
    static long trainingMebibytes(HomeSetup setup) {
        return setup.heaters().stream()
                .map(HomeSetup.HeaterEntry::source)
                .flatMap(source -> source.training().stream())
                .mapToLong(training -> training.limits().memoryBytes() >> 20)
                .sum();
    }

    /**
     * Limits of memory have to come by {@code _JAVA_OPTIONS}: the program's own, of its launcher, win over other variables. What
     * trains needs an engine beside, and half as much again for weights in this program.
     *
     * @param training MiB of all engines together; 0 where nothing trains
     */
    static String unit(Path program, Path config, long training) {
        return """
                [Unit]
                Description=Athanor keeps rooms warm with machines that compute
                Wants=network-online.target
                After=network-online.target time-sync.target

                [Service]
                ExecStart="%s" heater run --config "%s"
                Restart=always
                RestartSec=10
                SuccessExitStatus=143
                TimeoutStopSec=60
                DynamicUser=yes
                StateDirectory=athanor
                Environment="_JAVA_OPTIONS=-Xmx%dm"
                %sMemoryMax=%dM
                NoNewPrivileges=yes
                ProtectSystem=strict
                ProtectHome=read-only
                PrivateTmp=yes
                PrivateDevices=no
                %sProtectControlGroups=yes
                RestrictSUIDSGID=yes
                LockPersonality=yes
                CapabilityBoundingSet=

                [Install]
                WantedBy=multi-user.target
                """.formatted(
                        program,
                        config,
                        HEAP + training / 2,
                        training == 0 ? "" : "Environment=\"ATHANOR_CACHE=/var/lib/athanor/cache\"\n",
                        MEMORY + (training == 0 ? 0 : ENGINE_PROGRAM + training * 3 / 2),
                        // with it, kernels let no sandbox of an engine have a /proc of its own
                        training == 0 ? "ProtectKernelTunables=yes\n" : "");
    }
}
