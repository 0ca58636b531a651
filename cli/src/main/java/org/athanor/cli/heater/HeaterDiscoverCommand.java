package org.athanor.cli.heater;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.athanor.cli.heater.DiscoveredFile.ByMqtt;
import org.athanor.cli.terminal.Printable;
import org.athanor.cli.terminal.UserMistake;
import org.athanor.devices.DeviceException;
import org.athanor.devices.discovery.Announcement;
import org.athanor.devices.discovery.Discovery;
import org.athanor.devices.discovery.Finding;
import org.athanor.devices.discovery.LinkSearch;
import org.athanor.devices.discovery.Subnet;
import org.athanor.devices.mqtt.MqttBroker;
import org.athanor.devices.mqtt.MqttConfig;
import org.athanor.devices.mqtt.MqttScout;
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
            "told to change anything. At a broker that you name it listens for what Zigbee2MQTT, Tasmota and ESPHome have left there.",
            "With --mdns it asks your networks which devices announce themselves, and then those what they are.",
            "Only private networks are searched, at most 4096 addresses each."
        },
        footer = {
            "",
            "Examples:",
            "  athanor heater discover                                 says which subnets this computer is in",
            "  athanor heater discover --subnet 192.168.1.0/24",
            "  athanor heater discover --mdns",
            "  athanor heater discover --subnet 192.168.1.0/24 --mqtt 192.168.1.2",
            "  athanor heater discover --subnet 192.168.1.0/24 --port 4028 --port 8080 --output home.yaml"
        })
final class HeaterDiscoverCommand implements Callable<Integer> {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    /** What brokers retain comes within a second or two. */
    private static final Duration LISTEN = Duration.ofSeconds(3);

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
            names = "--mdns",
            description = {
                "Asks the private networks of this computer, by multicast DNS for three seconds, which devices announce",
                "themselves. Saying so is your consent."
            })
    private boolean mdns;

    @Option(
            names = "--interface",
            paramLabel = "NAME",
            description = "With --mdns, the network to ask, such as eth0; again and again for several (default: all).")
    private List<String> interfaces = List.of();

    @Option(
            names = "--mqtt",
            paramLabel = "HOST[:PORT]",
            description = "Broker at which to listen for thermometers and plugs; nothing is said there.")
    private String mqtt;

    @Option(names = "--mqtt-user", paramLabel = "NAME", description = "To log in at the broker with.")
    private String mqttUser;

    @Option(names = "--mqtt-password-file", paramLabel = "FILE", description = "Holds the password alone.")
    private Path mqttPassword;

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
        if (subnets.isEmpty() && mqtt == null && !mdns)
            throw new ParameterException(
                    spec.commandLine(),
                    "--subnet, --mdns or --mqtt is missing: nothing is searched unasked. This computer is in "
                            + here());
        if (!interfaces.isEmpty() && !mdns)
            throw new ParameterException(spec.commandLine(), "--interface is of use with --mdns alone");
        if (!overwrite && Files.exists(output))
            throw new UserMistake("--output " + output + ": is there already; --overwrite replaces it");
        var addresses = new LinkedHashSet<InetAddress>();
        for (var subnet : subnets) addresses.addAll(parsed(subnet).addresses());
        for (int port : ports)
            if (port < 1 || port > 65_535)
                throw new ParameterException(spec.commandLine(), "--port " + port + ": 1 to 65535 is accepted");
        var broker = broker();
        var networks = networks();
        var heard = broker.isPresent() ? Optional.of(listen(broker.get(), out)) : Optional.<ByMqtt>empty();
        var announced = announced(networks, out);
        var places = new LinkedHashSet<InetSocketAddress>();
        for (var each : announced) {
            if (!each.asked()) continue;
            addresses.add(each.address().getAddress());
            places.add(each.address());
        }
        var found = addresses.isEmpty() ? List.<Finding>of() : search(addresses, places, out);
        for (var finding : found) out.println(line(finding));
        for (var each : announced) if (!recognised(each, found)) out.println(line(each, found));
        long usable = found.stream()
                        .filter(each -> !(each instanceof Finding.Unknown))
                        .count()
                + heard.map(each -> each.found().size()).orElse(0);
        if (usable == 0) {
            out.println("nothing that could be used was found, so no file was written");
            out.flush();
            return 1;
        }
        write(found, heard, announced);
        out.println(output + " written: say in it which room each is in, then athanor heater check " + output);
        out.flush();
        return 0;
    }

    // ---- by announcement

    private List<NetworkInterface> networks() {
        if (!mdns) return List.of();
        if (interfaces.isEmpty()) {
            var networks = LinkSearch.networks();
            if (networks.isEmpty())
                throw new UserMistake("--mdns: this computer is in no private network that could be asked");
            return networks;
        }
        return interfaces.stream().map(this::network).toList();
    }

    private NetworkInterface network(String name) {
        try {
            var network = NetworkInterface.getByName(name);
            if (network != null) return network;
            var names = NetworkInterface.networkInterfaces()
                    .map(NetworkInterface::getName)
                    .toList();
            throw new ParameterException(
                    spec.commandLine(),
                    "--interface " + name + ": this computer has no such network (one of " + String.join(", ", names)
                            + ")");
        } catch (SocketException e) {
            throw new UserMistake("--interface " + name + ": cannot be told (" + e.getMessage() + ")", e);
        }
    }

    private List<Announcement> announced(List<NetworkInterface> networks, PrintWriter out) {
        var announced = new LinkedHashSet<Announcement>();
        for (var network : networks) {
            out.println("asking " + network.getName() + " by mDNS");
            out.flush();
            try {
                var heard = LinkSearch.of(network).ask();
                announced.addAll(heard.announcements());
                for (var trouble : heard.troubles()) out.println("  " + trouble);
            } catch (DeviceException e) {
                out.println("  " + e.getMessage());
            }
        }
        return List.copyOf(announced);
    }

    /** Whether the same address turned out to be something that can be used. */
    private static boolean recognised(Announcement announced, List<Finding> found) {
        return announced.asked()
                && found.stream()
                        .anyMatch(each -> !(each instanceof Finding.Unknown)
                                && each.address()
                                        .getAddress()
                                        .equals(announced.address().getAddress()));
    }

    private static String line(Announcement announced, List<Finding> found) {
        return String.format(
                "%-22s %s",
                DiscoveredFile.at(announced.address()),
                Printable.text(announced.name() + " (" + announced.service().type() + "): " + use(announced, found)));
    }

    private static String use(Announcement announced, List<Finding> found) {
        return switch (announced.service()) {
            case MQTT -> "a broker; --mqtt " + DiscoveredFile.at(announced.address()) + " listens there";
            case SECURE_MQTT -> "a broker with TLS; name it in the file's group mqtt, with tls: true";
            case HOME_ASSISTANT -> "Home Assistant; its thermometers and thermostats can be named in the file";
            case ESPHOME -> "ESPHome; tells its sensors by MQTT or through Home Assistant, not by an API of its own";
            case SHELLY, HTTP ->
                found.stream()
                        .filter(each -> each instanceof Finding.Unknown
                                && each.address().equals(announced.address()))
                        .map(each -> "not recognised: " + ((Finding.Unknown) each).why())
                        .findFirst()
                        .orElse("not recognised: nothing answers there");
        };
    }

    private List<Finding> search(Set<InetAddress> addresses, Set<InetSocketAddress> more, PrintWriter out)
            throws InterruptedException {
        var tried = ports.isEmpty() ? Discovery.PORTS : ports;
        var others =
                more.stream().filter(place -> !tried.contains(place.getPort())).toList();
        int all = addresses.size() * tried.size() + others.size();
        out.println("searching " + addresses.size() + " addresses at ports " + tried);
        out.flush();
        int[] shown = {0};
        return new Discovery(List.copyOf(addresses), tried).search(others, done -> {
            synchronized (shown) {
                int tenth = 10 * done / all;
                if (tenth == shown[0]) return;
                shown[0] = tenth;
                out.println("  " + 10 * tenth + " %");
                out.flush();
            }
        });
    }

    // ---- by MQTT

    private Optional<MqttConfig> broker() {
        if (mqtt == null) {
            if (mqttUser != null || mqttPassword != null)
                throw new ParameterException(
                        spec.commandLine(), "--mqtt-user and --mqtt-password-file are of use with --mqtt alone");
            return Optional.empty();
        }
        int colon = mqtt.lastIndexOf(':');
        var host = colon < 0 ? mqtt : mqtt.substring(0, colon);
        try {
            int port = colon < 0 ? MqttConfig.PORT : Integer.parseInt(mqtt.substring(colon + 1));
            var plain = MqttConfig.plain(
                    host, port, "athanor-discover-" + ProcessHandle.current().pid());
            if (mqttUser == null && mqttPassword == null) return Optional.of(plain);
            if (mqttUser == null || mqttPassword == null)
                throw new ParameterException(
                        spec.commandLine(), "--mqtt-user and --mqtt-password-file: both or neither is accepted");
            return Optional.of(
                    plain.withUser(mqttUser, Files.readString(mqttPassword).strip()));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--mqtt " + mqtt + ": HOST or HOST:PORT is accepted (" + e.getMessage() + ")",
                    e);
        } catch (IOException e) {
            throw new UserMistake(
                    "--mqtt-password-file " + mqttPassword + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }

    private ByMqtt listen(MqttConfig config, PrintWriter out) throws InterruptedException {
        out.println(
                "listening at the broker " + config.host() + ":" + config.port() + " for " + LISTEN.toSeconds() + " s");
        out.flush();
        try (var broker = MqttBroker.open(config, _ -> {})) {
            if (!broker.awaitConnection(CONNECT))
                throw new UserMistake("--mqtt " + mqtt + ": no connection within " + CONNECT.toSeconds() + " s ("
                        + broker.trouble().orElse("no answer") + ")");
            var found = MqttScout.look(broker, LISTEN);
            for (var each : found) out.println(line(each));
            return new ByMqtt(yaml(config), found);
        }
    }

    private String yaml(MqttConfig config) {
        return "{host: \"" + config.host() + "\", port: " + config.port()
                + (mqttUser == null
                        ? ""
                        : ", user: \"" + mqttUser.replace("\\", "\\\\").replace("\"", "\\\"")
                                + "\", passwordFile: \""
                                + mqttPassword.toAbsolutePath().toString().replace("\\", "\\\\") + "\"")
                + "}";
    }

    private static String line(MqttScout.Found found) {
        return String.format(
                "%-22s %s",
                "mqtt",
                Printable.text(
                        switch (found) {
                            case MqttScout.FoundThermometer it -> "thermometer: " + it.name();
                            case MqttScout.FoundZigbeePlug it -> "zigbee2mqtt plug: " + it.name();
                            case MqttScout.FoundTasmotaPlug it ->
                                "tasmota plug: " + it.name() + ", topic " + it.device()
                                        + it.address()
                                                .map(at -> ", at " + at.getHostAddress())
                                                .orElse(", address not told");
                        }));
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
                Printable.text(
                        switch (finding) {
                            case Finding.Miner it -> it.kind().title() + ": " + it.model();
                            case Finding.SmartPlug it -> it.kind() + " plug: " + it.model();
                            case Finding.Sensor it -> it.kind() + " thermometer: " + it.model();
                            case Finding.Unknown it -> "not recognised: " + it.why();
                        }));
    }

    private void write(List<Finding> found, Optional<ByMqtt> heard, List<Announcement> announced) {
        try (var file = new PrintWriter(Files.newBufferedWriter(output))) {
            DiscoveredFile.write(found, heard, announced, file);
        } catch (IOException e) {
            throw new UserMistake("--output " + output + ": cannot be written (" + e.getMessage() + ")", e);
        }
    }
}
