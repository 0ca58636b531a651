package org.athanor.edge.s2;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.Javalin;
import io.javalin.websocket.WsContext;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.athanor.devices.testing.Mosquitto;

/** An energy manager on this computer, which answers each message as the specification wants it and checks each by its rules. */
final class EnergyManager implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    final List<JsonNode> heard = new CopyOnWriteArrayList<>();
    final List<String> wrong = new CopyOnWriteArrayList<>();
    final List<String> tokens = new CopyOnWriteArrayList<>();
    volatile Predicate<JsonNode> answers = _ -> true;
    volatile String answer = "OK";
    volatile String version = "1.0.0-beta";
    private volatile Optional<WsContext> peer = Optional.empty();
    private final Javalin server;

    EnergyManager() {
        this(0);
    }

    EnergyManager(int port) {
        server = Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.startup.showOldJavalinVersionWarning = false;
            config.startup.startupWatcherEnabled = false;
            config.routes.ws("/s2", socket -> {
                socket.onConnect(context -> {
                    tokens.add(String.valueOf(context.header("Authorization")));
                    peer = Optional.of(context);
                });
                socket.onMessage(context -> hear(context, context.message()));
                socket.onClose(_ -> peer = Optional.empty());
            });
        });
        server.start("127.0.0.1", port);
    }

    S2Config config() {
        return S2Config.of(URI.create("ws://127.0.0.1:" + port() + "/s2"));
    }

    int port() {
        return server.port();
    }

    private void hear(WsContext context, String text) {
        JsonNode message;
        try {
            message = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            wrong.add("not JSON: " + text);
            return;
        }
        MessageRules.violation(message).ifPresent(wrong::add);
        heard.add(message);
        var type = message.path("message_type").asText();
        if (type.equals("ReceptionStatus")) return;
        if (answers.test(message))
            context.send(Messages.reception(message.get("message_id").asText(), answer, Optional.empty())
                    .toString());
        if (type.equals("Handshake")) {
            say(Messages.message("Handshake").put("role", "CEM"));
            say(Messages.message("HandshakeResponse").put("selected_protocol_version", version));
        }
    }

    boolean connected() {
        return peer.isPresent();
    }

    void say(String text) {
        peer.orElseThrow().send(text);
    }

    void say(ObjectNode message) {
        say(message.toString());
    }

    /** Says it and waits for its ReceptionStatus. */
    JsonNode ask(ObjectNode message) {
        say(message);
        return awaitReception(message.get("message_id").asText());
    }

    JsonNode awaitReception(String id) {
        return await(
                "a ReceptionStatus for " + id,
                each -> each.path("subject_message_id").asText().equals(id));
    }

    JsonNode awaitType(String type) {
        return await(type, each -> each.path("message_type").asText().equals(type));
    }

    void awaitStatus(String instruction, String status) {
        await(
                "instruction " + instruction + " " + status,
                each -> each.path("instruction_id").asText().equals(instruction)
                        && each.path("status_type").asText().equals(status));
    }

    List<String> statuses(String instruction) {
        return heard.stream()
                .filter(each -> each.path("instruction_id").asText().equals(instruction))
                .map(each -> each.get("status_type").asText())
                .toList();
    }

    List<JsonNode> all(String type) {
        return heard.stream()
                .filter(each -> each.path("message_type").asText().equals(type))
                .toList();
    }

    JsonNode last(String type) {
        return all(type).getLast();
    }

    JsonNode await(String what, Predicate<JsonNode> wanted) {
        Mosquitto.await(what, () -> heard.stream().anyMatch(wanted));
        return heard.stream().filter(wanted).findFirst().orElseThrow();
    }

    JsonNode takeControl() {
        awaitType("ResourceManagerDetails");
        return ask(Messages.message("SelectControlType").put("control_type", Messages.FILL_RATE));
    }

    static ObjectNode instruction(String id, int heater, int level, String time) {
        return Messages.message("FRBC.Instruction")
                .put("id", id)
                .put("actuator_id", FillRateControl.actuator(heater))
                .put("operation_mode", FillRateControl.mode(level))
                .put("operation_mode_factor", 1)
                .put("execution_time", time)
                .put("abnormal_condition", false);
    }

    static String newId() {
        return UUID.randomUUID().toString();
    }

    void hangUp() {
        peer.ifPresent(each -> each.closeSession(1001, "going away"));
    }

    @Override
    public void close() {
        server.stop();
    }
}
