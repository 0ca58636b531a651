package org.athanor.edge.mining;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.athanor.hash.NonceScanner;

/** What decides which scanner is the fastest: processor, Java machine and its options, this program. */
final class HostKey {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    /** Options that change what a compiled scanner can be; some exist on some processors only. */
    private static final List<String> OPTIONS = List.of(
            "MaxVectorSize",
            "UseAVX",
            "UseSVE",
            "UseSHA",
            "UseSHA256Intrinsics",
            "TieredCompilation",
            "TieredStopAtLevel",
            "Tier3DelayOn");

    private HostKey() {}

    static String of(List<NonceScanner> scanners, String version) {
        return String.join(
                "; ",
                processor(CPU_INFO),
                Runtime.version() + " " + System.getProperty("java.vm.name") + " by "
                        + System.getProperty("java.vm.vendor"),
                options(),
                scanners.stream().map(NonceScanner::name).collect(Collectors.joining(" ")),
                "athanor " + version);
    }

    /** By name where the system tells it (Linux), otherwise by kind. */
    static String processor(Path cpuInfo) {
        var kind = System.getProperty("os.arch") + " of " + Runtime.getRuntime().availableProcessors() + " processors";
        try (var lines = Files.lines(cpuInfo)) {
            // a virtual machine's processor may have a name that says little: the family and model beside it say more
            return lines.takeWhile(line -> !line.isBlank())
                    .filter(line -> line.matches(
                            "(model name|vendor_id|cpu family|model|stepping|CPU (part|implementer))\\s*:.*"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .collect(Collectors.collectingAndThen(
                            Collectors.joining(" "), name -> name.isEmpty() ? kind : name));
        } catch (IOException notLinux) {
            return kind;
        }
    }

    private static String options() {
        var machine = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        if (machine == null) return "no HotSpot";
        return OPTIONS.stream().map(name -> name + "=" + value(machine, name)).collect(Collectors.joining(" "));
    }

    private static String value(HotSpotDiagnosticMXBean machine, String option) {
        try {
            return machine.getVMOption(option).getValue();
        } catch (IllegalArgumentException unknownHere) {
            return "-";
        }
    }
}
