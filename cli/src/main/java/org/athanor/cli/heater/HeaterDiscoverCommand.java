package org.athanor.cli.heater;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.Callable;
import org.athanor.cli.terminal.UserMistake;
import org.athanor.devices.discovery.Discovery;
import org.athanor.devices.discovery.Finding;
import org.athanor.devices.discovery.Subnet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Looks for devices where a person says so, and writes a heater file of what it finds. */
@Command(
        name = "discover",
        mixinStandardHelpOptions = true,
        header = "Finds miners, smart plugs and thermometers, and writes heater.yaml.",
        description = {
            "Tries the ports of every address of the subnets that you name, and asks what answers what it is. Nothing is ever",
            "told to change anything. Only private networks are searched, at most 4096 addresses each."
        },
        footer = {
            "",
            "Examples:",
            "  athanor heater discover                                 says which subnets this computer is in",
            "  athanor heater discover --subnet 192.168.1.0/24",
            "  athanor heater discover --subnet 192.168.1.0/24 --port 4028 --port 8080 --output home.yaml"
        })
final class HeaterDiscoverCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--subnet",
            paramLabel = "ADDRESS/BITS",
            description = "Network to search; again and again for several. Naming it is your consent.")
    private List<String> subnets = List.of();

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "Port to try; again and again for several (default: 4028, 80 and 4433).")
    private List<Integer> ports = List.of();

    @Option(
            names = "--output",
            paramLabel = "FILE",
            defaultValue = "heater.yaml",
            description = "Default: ${DEFAULT-VALUE}.")
    private Path output;

    @Option(names = "--overwrite", description = "Replaces a file that is there already.")
    private boolean overwrite;

    @Override
    public Integer call() throws Exception {
        var out = spec.commandLine().getOut();
        if (subnets.isEmpty())
            throw new ParameterException(
                    spec.commandLine(),
                    "--subnet is missing: nothing is searched unasked. This computer is in " + here());
        if (!overwrite && Files.exists(output))
            throw new UserMistake("--output " + output + ": is there already; --overwrite replaces it");
        var addresses = new LinkedHashSet<InetAddress>();
        for (var subnet : subnets) addresses.addAll(parsed(subnet).addresses());
        for (int port : ports)
            if (port < 1 || port > 65_535)
                throw new ParameterException(spec.commandLine(), "--port " + port + ": 1 to 65535 is accepted");
        var tried = ports.isEmpty() ? Discovery.PORTS : ports;
        int all = addresses.size() * tried.size();
        out.println("searching " + addresses.size() + " addresses at ports " + tried);
        out.flush();
        int[] shown = {0};
        var found = new Discovery(List.copyOf(addresses), tried).search(done -> {
            synchronized (shown) {
                int tenth = 10 * done / all;
                if (tenth == shown[0]) return;
                shown[0] = tenth;
                out.println("  " + 10 * tenth + " %");
                out.flush();
            }
        });
        for (var finding : found) out.println(line(finding));
        long usable = found.stream()
                .filter(each -> !(each instanceof Finding.Unknown))
                .count();
        if (usable == 0) {
            out.println("nothing that could be used was found, so no file was written");
            out.flush();
            return 1;
        }
        write(found);
        out.println(output + " written: say in it which room each is in, then athanor heater check " + output);
        out.flush();
        return 0;
    }

    private Subnet parsed(String text) {
        try {
            return Subnet.parse(text);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--subnet: " + e.getMessage(), e);
        }
    }

    private static String here() {
        var networks = new ArrayList<String>();
        try {
            for (var each : NetworkInterface.networkInterfaces().toList())
                for (var address : each.getInterfaceAddresses())
                    if (address.getAddress() instanceof Inet4Address four && four.isSiteLocalAddress())
                        networks.add(four.getHostAddress() + "/" + Math.max(20, address.getNetworkPrefixLength()));
        } catch (SocketException e) {
            return "networks that cannot be told (" + e.getMessage() + ")";
        }
        return networks.isEmpty() ? "no private network" : String.join(", ", networks);
    }

    private static String line(Finding finding) {
        var at = finding.address().getAddress().getHostAddress() + ":"
                + finding.address().getPort();
        return String.format(
                "%-22s %s",
                at,
                switch (finding) {
                    case Finding.Miner it -> it.kind().title() + ": " + it.model();
                    case Finding.SmartPlug it -> it.kind() + " plug: " + it.model();
                    case Finding.Sensor it -> it.kind() + " thermometer: " + it.model();
                    case Finding.Unknown it -> "not recognised: " + it.why();
                });
    }

    private void write(List<Finding> found) {
        try (var file = new PrintWriter(Files.newBufferedWriter(output))) {
            DiscoveredFile.write(found, file);
        } catch (IOException e) {
            throw new UserMistake("--output " + output + ": cannot be written (" + e.getMessage() + ")", e);
        }
    }
}
