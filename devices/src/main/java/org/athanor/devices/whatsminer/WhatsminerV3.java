package org.athanor.devices.whatsminer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.athanor.devices.Credentials;
import org.athanor.devices.DeviceException;
import org.athanor.devices.DeviceException.Kind;
import org.athanor.devices.PoolSetting;
import org.athanor.units.Celsius;
import org.athanor.units.Hashrate;
import org.athanor.units.Watts;

/** Version 3 of the API: framed JSON on TCP 4433, with a token for each writing command. */
final class WhatsminerV3 implements WhatsminerApi {
    private static final String INFO = "get.device.info";
    private static final String STATUS = "get.miner.status";

    private final Credentials credentials;
    private final WhatsminerV3Client client;

    WhatsminerV3(String id, Credentials credentials, InetSocketAddress address, Duration timeout) {
        this.credentials = credentials;
        this.client = new WhatsminerV3Client(id, address, timeout);
    }

    @Override
    public Reading read() {
        var info = client.request(command(INFO));
        boolean off = !flag(info, "/msg/miner/working");
        var summary = client.request(status("summary")).at("/msg/summary");
        if (!summary.isObject() && !off) throw garbled(STATUS, "no msg.summary in its reply");
        return new Reading(
                off,
                optional(summary, "power-limit", 0, MOST_WATTS)
                        .map(Double::intValue)
                        .orElse(0),
                optional(summary, "up-freq-finish", 0, 1).orElse(0.0) == 1,
                optional(summary, "power-realtime", 0, MOST_WATTS).map(Watts::new),
                celsius(summary, "chip-temp-max"),
                celsius(summary, "environment-temperature"),
                rpm(summary),
                optional(summary, "hash-realtime", 0, MOST_TERAHASHES).map(Hashrate::ofTerahashes),
                errors(info));
    }

    private boolean flag(JsonNode reply, String pointer) {
        return switch (reply.at(pointer).asText()) {
            case "true" -> true;
            case "false" -> false;
            default ->
                throw garbled(INFO, pointer + " is \"" + reply.at(pointer).asText() + "\" (true and false are known)");
        };
    }

    private Optional<Double> optional(JsonNode summary, String key, double lowest, double highest) {
        var value = summary.path(key);
        if (value.isMissingNode()) return Optional.empty();
        double number = value.isNumber() ? value.doubleValue() : Double.NaN;
        if (!(number >= lowest && number <= highest))
            throw garbled(
                    STATUS, key + " is " + value + " (a number from " + lowest + " to " + highest + " is believed)");
        return Optional.of(number);
    }

    /** Zero of chips that have no power, and of a sensor that is not there. */
    private Optional<Celsius> celsius(JsonNode summary, String key) {
        return optional(summary, key, LEAST_CELSIUS, MOST_CELSIUS)
                .filter(celsius -> celsius != 0)
                .map(Celsius::new);
    }

    private OptionalInt rpm(JsonNode summary) {
        var in = optional(summary, "fan-speed-in", 0, MOST_RPM);
        var out = optional(summary, "fan-speed-out", 0, MOST_RPM);
        return in.isEmpty() || out.isEmpty()
                ? OptionalInt.empty()
                : OptionalInt.of((int) Math.min(in.get(), out.get()));
    }

    /** Each error is an object with its number as a field's name, and often a reason. */
    private static String errors(JsonNode info) {
        List<String> errors = new ArrayList<>();
        for (var error : info.at("/msg/error-code"))
            for (var field : error.properties())
                if (field.getKey().matches("\\d+"))
                    errors.add(field.getKey()
                            + (error.has("reason") ? " (" + error.path("reason").asText() + ")" : ""));
        return String.join(", ", errors);
    }

    @Override
    public Optional<PoolSetting> pool() {
        var pools = client.request(status("pools")).at("/msg/pools");
        if (!pools.isArray()) throw garbled(STATUS, "no msg.pools in its reply");
        return pools.valueStream()
                .min(Comparator.comparing(
                        (JsonNode pool) -> !pool.path("stratum-active").asBoolean()))
                .map(pool -> new PoolSetting(text(pool, "url"), text(pool, "account")));
    }

    private String text(JsonNode pool, String key) {
        if (!pool.path(key).isTextual()) throw garbled(STATUS, "a pool without " + key);
        return pool.path(key).textValue();
    }

    @Override
    public void powerOff() {
        write("set.miner.service", TextNode.valueOf("stop"));
    }

    @Override
    public void powerOn() {
        write("set.miner.service", TextNode.valueOf("start"));
    }

    @Override
    public void powerLimit(int watts) {
        write("set.miner.power_limit", IntNode.valueOf(watts));
    }

    /** The percentage as a text: its firmware is said to read it so, whatever its description says. */
    @Override
    public void powerPercent(int percent) {
        write(
                "set.miner.power_percent",
                JsonNodeFactory.instance
                        .objectNode()
                        .put("percent", Integer.toString(percent))
                        .put("mode", "normal"));
    }

    /** Signed with the salt and by the clock of the device itself. */
    private void write(String name, JsonNode argument) {
        var info = client.request(command(INFO));
        var salt = info.at("/msg/salt");
        if (!salt.isTextual()) throw garbled(INFO, "no msg.salt in its reply");
        if (!info.path("when").isIntegralNumber()) throw garbled(INFO, "no time in its reply (\"when\")");
        long time = info.path("when").longValue();
        var request = command(name)
                .put("ts", time)
                .put("token", WhatsminerToken.v3(name, credentials.password(), salt.textValue(), time))
                .put("account", credentials.user());
        request.set("param", argument);
        client.request(request);
    }

    private static ObjectNode status(String part) {
        return command(STATUS).put("param", part);
    }

    private static ObjectNode command(String name) {
        return JsonNodeFactory.instance.objectNode().put("cmd", name);
    }

    private DeviceException garbled(String command, String what) {
        return client.failure(Kind.GARBLED, command, what, null);
    }
}
