package org.athanor.devices.mqtt;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.athanor.devices.DeviceException.Kind;
import org.athanor.devices.PlugState;
import org.athanor.devices.http.JsonHttp;
import org.athanor.devices.mqtt.Conversation.Deadline;
import org.athanor.units.Joules;
import org.athanor.units.Watts;

/**
 * Tasmota's own commands. Its countdown is a timer of its rules, armed before the relay closes; the rule also opens the relay
 * when the plug starts, since a timer does not outlive a power cut while the relay's state does.
 */
final class TasmotaPlug implements PlugLanguage {
    /** The last of each, which people use least. */
    private static final String RULE = "Rule3";

    private static final String TIMER = "T8";
    private static final String RULE_TEXT = "ON Rules#Timer=8 DO Power1 0 ENDON ON System#Boot DO Power1 0 ENDON";
    private static final double MOST_WATTS = 100_000;
    private static final double MOST_KILOWATT_HOURS = 1e9;

    private final String commands;
    private final Conversation conversation;
    private final MqttBroker.Subscription lastWill;
    /** Until it says again that it has come online: it may have been reset then. */
    private volatile boolean ruleIsSet;

    TasmotaPlug(String id, MqttBroker broker, String device) {
        this.commands = "cmnd/" + MqttBroker.topic(device) + "/";
        this.conversation = new Conversation("plug " + id, broker, "stat/" + device + "/+");
        this.lastWill = broker.subscribe("tele/" + device + "/LWT", _ -> ruleIsSet = false);
    }

    @Override
    public boolean countsDown() {
        return true;
    }

    @Override
    public PlugState read(Deadline deadline) {
        boolean on = ask(deadline, "Power1", "", TasmotaPlug::power);
        var energy = ask(
                deadline,
                "Status",
                "8",
                reply -> Optional.of(reply.path("StatusSNS").path("ENERGY")).filter(JsonNode::isObject));
        long left = ask(deadline, "RuleTimer8", "", TasmotaPlug::timer);
        return new PlugState(
                on,
                new Watts(number(energy, "Power", -MOST_WATTS, MOST_WATTS)),
                Joules.ofKilowattHours(number(energy, "Total", 0, MOST_KILOWATT_HOURS)),
                left > 0 ? Optional.of(Duration.ofSeconds(left)) : Optional.empty());
    }

    private static Optional<Boolean> power(JsonNode reply) {
        return switch (reply.path(reply.has("POWER1") ? "POWER1" : "POWER").asText()) {
            case "ON" -> Optional.of(true);
            case "OFF" -> Optional.of(false);
            default -> Optional.empty();
        };
    }

    private static Optional<Long> timer(JsonNode reply) {
        return Optional.of(reply.path(TIMER)).filter(JsonNode::isNumber).map(JsonNode::longValue);
    }

    private double number(JsonNode energy, String field, double lowest, double highest) {
        var node = energy.path(field);
        if (node.isNumber() && node.doubleValue() >= lowest && node.doubleValue() <= highest) return node.doubleValue();
        throw conversation.failure(
                Kind.GARBLED,
                commands + "Status",
                "8",
                "no ENERGY." + field + " from " + lowest + " to " + highest + ": " + JsonHttp.quote(energy.toString()));
    }

    @Override
    public void on(Duration countdown, Deadline deadline) {
        setRule(deadline);
        long seconds = countdown.toSeconds();
        ask(
                deadline,
                "RuleTimer8",
                Long.toString(seconds),
                reply -> timer(reply).filter(left -> left > 0 && left <= seconds));
        ask(deadline, "Power1", "ON", reply -> power(reply).filter(on -> on));
    }

    @Override
    public void off(Deadline deadline) {
        ask(deadline, "Power1", "OFF", reply -> power(reply).filter(on -> !on));
        ask(deadline, "RuleTimer8", "0", reply -> timer(reply).filter(left -> left == 0));
    }

    /** Written only where it is not: each writing wears the plug's flash. */
    private void setRule(Deadline deadline) {
        if (ruleIsSet) return;
        ruleIsSet = true; // before it is asked: an LWT that comes meanwhile must count
        try {
            var rule = ask(deadline, RULE, "", TasmotaPlug::rule);
            if (!rule.text.equals(RULE_TEXT)) {
                if (!rule.text.isBlank())
                    throw conversation.failure(
                            Kind.REFUSED,
                            commands + RULE,
                            "",
                            "the plug has another rule there, " + JsonHttp.quote(rule.text)
                                    + ": without its own timer it protects nothing (clear it by the command " + RULE
                                    + " \")");
                rule = ask(deadline, RULE, RULE_TEXT, reply -> rule(reply).filter(now -> now.text.equals(RULE_TEXT)));
            }
            if (!rule.enabled) ask(deadline, RULE, "1", reply -> rule(reply).filter(now -> now.enabled));
        } catch (RuntimeException e) {
            ruleIsSet = false;
            throw e;
        }
    }

    private record Rule(boolean enabled, String text) {}

    /** From version 9 on the state stands in an object of its own. */
    private static Optional<Rule> rule(JsonNode reply) {
        var node = reply.path(RULE);
        if (node.isObject())
            return Optional.of(new Rule(
                    node.path("State").asText().equals("ON"), node.path("Rules").asText()));
        if (node.isTextual())
            return Optional.of(
                    new Rule(node.asText().equals("ON"), reply.path("Rules").asText()));
        return Optional.empty();
    }

    private <T> T ask(Deadline deadline, String command, String argument, Function<JsonNode, Optional<T>> answer) {
        var topic = commands + command;
        return conversation.ask(deadline, topic, argument, message -> {
            var reply = Conversation.object(message);
            if (reply.isEmpty()) return Optional.empty();
            if (reply.get().path("Command").asText().equals("Unknown"))
                throw conversation.failure(Kind.REFUSED, topic, argument, "this firmware does not know the command");
            return answer.apply(reply.get());
        });
    }

    @Override
    public void close() {
        lastWill.close();
        conversation.close();
    }
}
