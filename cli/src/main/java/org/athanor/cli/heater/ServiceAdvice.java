package org.athanor.cli.heater;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a service that runs as a user of its own (systemd's DynamicUser) will not be able to do, and what helps. */
final class ServiceAdvice {
    /** Where systemd puts what LoadCredential= names. */
    private static final Path CREDENTIALS = Path.of("/run/credentials");

    private ServiceAdvice() {}

    /**
     * Sentences; none where nothing stands in the way.
     *
     * @param program that the service runs
     * @param java folder of the Java machine that the program was found to run on
     * @param config that the service reads
     */
    static List<String> of(Path program, Path java, Path config, HomeSetup setup) {
        var advice = new ArrayList<String>();
        closed(program)
                .ifPresent(why -> advice.add(why + ", so the service cannot run " + program
                        + ". Clone the project to a place that all may read, such as /opt/athanor, build it there"
                        + " (./athanor --version) and install from there"));
        closed(java)
                .ifPresent(why -> advice.add(why + ", so the service cannot run the Java machine " + java
                        + ". Install a JDK 25 for all users of this computer"));
        closed(config)
                .ifPresent(why -> advice.add(why + ", so the service cannot read " + config
                        + ". Say: sudo install -D -m 644 "
                        + config + " /etc/athanor/heater.yaml, and install with --config /etc/athanor/heater.yaml;"
                        + " what the file names (passwordFile, tokenFile) must be readable there too"));
        fieldsOf(setup)
                .forEach((file, fields) -> closed(file)
                        .ifPresent(why -> advice.add(fields + ": " + why + ", so the service cannot read " + file
                                + ". Say: sudo install -D -m 644 " + file + " /etc/athanor/" + file.getFileName()
                                + ", and name that there; every user of this computer may read it then."
                                + " docs/install.md says how the service alone does")));
        for (var heater : setup.heaters())
            if (heater.source() instanceof HomeSetup.Gpu)
                advice.add(
                        "heater " + heater.id() + ", kind gpu: setting a card's power limit takes root's rights, which"
                                + " the service's user has not, so every command to it will be refused. docs/install.md says what"
                                + " may help; athanor heater run as root, without the service, does");
        return List.copyOf(advice);
    }

    /** Where each file is named. What systemd hands to the service is open to it alone. */
    private static Map<Path, String> fieldsOf(HomeSetup setup) {
        var fields = new LinkedHashMap<Path, String>();
        for (var each : setup.files())
            if (!each.file().startsWith(CREDENTIALS))
                fields.merge(each.file(), each.field(), (before, also) -> before + ", " + also);
        return fields;
    }

    /** The first on the way to {@code file} that other users may not pass, or the file itself if they may not read it. */
    private static Optional<String> closed(Path file) {
        try {
            var real = file.toRealPath();
            for (var folder = real.getRoot();
                    !folder.equals(real);
                    folder = folder.resolve(real.getName(folder.getNameCount())))
                if (lacks(folder, PosixFilePermission.OTHERS_EXECUTE)) return Optional.of(folder + shut(folder));
            return lacks(real, PosixFilePermission.OTHERS_READ) ? Optional.of(real + shut(real)) : Optional.empty();
        } catch (IOException e) {
            return Optional.of(file + " cannot be looked at (" + e.getMessage() + ")");
        }
    }

    private static boolean lacks(Path path, PosixFilePermission permission) throws IOException {
        return !Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS).contains(permission);
    }

    private static String shut(Path path) throws IOException {
        return " is closed to other users (" + PosixFilePermissions.toString(Files.getPosixFilePermissions(path)) + ")";
    }
}
