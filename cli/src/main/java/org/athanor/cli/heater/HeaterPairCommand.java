package org.athanor.cli.heater;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.athanor.cli.terminal.UserMistake;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A code for another device, where the heater's computer has no screen. */
@Command(
        name = "pair",
        mixinStandardHelpOptions = true,
        header = "Asks the running heater for a code with which another device reaches its page.",
        description =
                "To be called on the heater's own computer. The code is good for five minutes and five tries, once.",
        footer = {
            "",
            "Examples:",
            "  athanor heater pair --config /etc/athanor/heater.yaml",
            "  athanor heater pair --port 8642"
        })
final class HeaterPairCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            defaultValue = "heater.yaml",
            description = "Whose page it is (default: ${DEFAULT-VALUE}).")
    private Path config;

    @Option(names = "--port", paramLabel = "N", description = "Port of the page, instead of the file's.")
    private Integer port;

    @Override
    public Integer call() throws InterruptedException {
        var out = spec.commandLine().getOut();
        var page = port != null
                ? new InetSocketAddress(InetAddress.getLoopbackAddress(), port)
                : HeaterCheckCommand.read(config).page();
        var host = page.getAddress().isAnyLocalAddress()
                ? "127.0.0.1"
                : page.getAddress().getHostAddress();
        var address = URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + page.getPort());
        var code = ask(address).path("code");
        out.println("code " + code.path("digits").asText() + ", good until "
                + code.path("until").asText() + "; open the page on the other device and type it there");
        out.flush();
        return 0;
    }

    private static JsonNode ask(URI page) throws InterruptedException {
        try (var client = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
            var request = HttpRequest.newBuilder(page.resolve("/api/pairing"))
                    .POST(HttpRequest.BodyPublishers.noBody())
                    .timeout(PATIENCE)
                    .build();
            var response = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200)
                throw new UserMistake(page + " answers " + response.statusCode() + ": " + response.body()
                        + "; the page must listen at a loopback address too, such as page: 0.0.0.0:8642");
            return new ObjectMapper().readTree(response.body());
        } catch (IOException e) {
            throw new UserMistake(
                    page + " does not answer as a heater's page does (" + why(e) + "): is athanor heater run running?",
                    e);
        }
    }

    private static String why(IOException e) {
        if (e instanceof ConnectException && e.getMessage() == null) return "nobody listens there";
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }
}
