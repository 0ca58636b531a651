package org.athanor.devices.whatsminer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.athanor.devices.Credentials;
import org.athanor.devices.DeviceException.Kind;
import org.athanor.devices.PoolSetting;
import org.athanor.devices.cgminer.CgminerClient;
import org.athanor.devices.cgminer.CgminerFields;
import org.athanor.devices.cgminer.CgminerPools;
import org.athanor.devices.cgminer.CgminerReply;
import org.athanor.units.Celsius;
import org.athanor.units.Hashrate;
import org.athanor.units.Watts;

/** Version 2 of the API: cgminer's on TCP 4028, with writing commands that are signed and hidden. */
final class WhatsminerV2 implements WhatsminerApi {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int SUMMARY = 11;
    private static final int DONE = 131;
    private static final int TOKEN = 134;
    private static final int TOKEN_WRONG = 135;
    private static final Pattern ERROR = Pattern.compile("\"(\\d+)\"\\s*:");

    private final Credentials credentials;
    private final CgminerClient client;
    private Optional<WhatsminerToken> token = Optional.empty();

    WhatsminerV2(String id, Credentials credentials, InetSocketAddress address, Duration timeout) {
        this.credentials = credentials;
        this.client = new CgminerClient(id, address, timeout);
    }

    @Override
    public Reading read() {
        var status = told("status");
        // firmware with version 1 of the API calls it so
        boolean off = status.flag(status.has("btmineroff") ? "btmineroff" : "mineroff");
        var summary = summary(off);
        return new Reading(
                off,
                limit(status, summary),
                summary.isPresent() && summary.get().flag("Hash Stable"),
                summary.map(WhatsminerV2::watts),
                celsius(summary, "Chip Temp Max"),
                celsius(summary, "Env Temp"),
                rpm(summary),
                summary.map(WhatsminerV2::hashrate),
                errors(summary));
    }

    /** While it does not mine it may have none. */
    private Optional<CgminerFields> summary(boolean off) {
        var reply = client.request("summary", "");
        if (off && reply.refused()) return Optional.empty();
        return Optional.of(
                CgminerFields.first(client, "summary", client.accepted("summary", "", reply, SUMMARY), "SUMMARY"));
    }

    private static int limit(CgminerFields status, Optional<CgminerFields> summary) {
        if (status.has("power_limit_set") && !status.text("power_limit_set").isEmpty())
            return (int) status.number("power_limit_set", 0, MOST_WATTS);
        return summary.map(s -> (int) s.number("Power Limit", 0, MOST_WATTS)).orElse(0);
    }

    private static Watts watts(CgminerFields summary) {
        return new Watts(summary.number(summary.has("Power_RT") ? "Power_RT" : "Power", 0, MOST_WATTS));
    }

    private static Hashrate hashrate(CgminerFields summary) {
        return new Hashrate(summary.number(summary.has("HS RT") ? "HS RT" : "MHS av", 0, MOST_TERAHASHES * 1e6) * 1e6);
    }

    /** Zero of chips that have no power, and of a sensor that is not there. */
    private static Optional<Celsius> celsius(Optional<CgminerFields> summary, String key) {
        return summary.flatMap(s -> s.optionalNumber(key, LEAST_CELSIUS, MOST_CELSIUS))
                .filter(celsius -> celsius != 0)
                .map(Celsius::new);
    }

    private static OptionalInt rpm(Optional<CgminerFields> summary) {
        if (summary.isEmpty()) return OptionalInt.empty();
        double in = summary.get().number("Fan Speed In", 0, MOST_RPM);
        double out = summary.get().number("Fan Speed Out", 0, MOST_RPM);
        return OptionalInt.of((int) Math.min(in, out));
    }

    /** Firmware with version 1 of the API counts them in its summary, that with version 2 has a command for them. */
    private String errors(Optional<CgminerFields> summary) {
        if (summary.isPresent() && summary.get().has("Error Code Count")) {
            int count = (int) summary.get().number("Error Code Count", 0, 100);
            return IntStream.range(0, count)
                    .mapToObj(error -> summary.get().text("Error Code " + error))
                    .collect(Collectors.joining(", "));
        }
        return ERROR.matcher(told("get_error_code").text("error_code"))
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.joining(", "));
    }

    private CgminerFields told(String command) {
        return CgminerFields.first(client, command, client.ask(command, "", DONE), "Msg");
    }

    @Override
    public Optional<PoolSetting> pool() {
        return CgminerPools.read(client);
    }

    @Override
    public void powerOff() {
        write("power_off", NODES.objectNode().put("respbefore", "true"));
    }

    @Override
    public void powerOn() {
        write("power_on", NODES.objectNode());
    }

    @Override
    public void powerLimit(int watts) {
        write("adjust_power_limit", NODES.objectNode().put("power_limit", Integer.toString(watts)));
    }

    @Override
    public void powerPercent(int percent) {
        write("set_power_pct", NODES.objectNode().put("percent", Integer.toString(percent)));
    }

    /** With a new token once the device knows the old one no more: after half an hour, or a restart. */
    private void write(String command, ObjectNode arguments) {
        boolean fresh = token.isEmpty();
        if (fresh) token = Optional.of(token());
        var reply = send(command, arguments, token.get());
        if (!fresh && tokenRefused(reply)) {
            token = Optional.of(token());
            reply = send(command, arguments, token.get());
        }
        if (tokenRefused(reply)) {
            token = Optional.empty();
            throw client.failure(
                    Kind.REFUSED,
                    command,
                    "",
                    reply.described()
                            + ": its password is wrong, or still the one it was delivered with; change it, and"
                            + " enable the API, in WhatsMinerTool",
                    null);
        }
        client.accepted(command, "", reply, DONE);
    }

    /** With another key the device reads nonsense, and says so in words that differ between firmwares. */
    private static boolean tokenRefused(CgminerReply reply) {
        var words = reply.message().toLowerCase(Locale.ROOT);
        return reply.refused()
                && (reply.code() == TOKEN_WRONG
                        || words.contains("token")
                        || words.contains("enc")
                        || words.contains("json"));
    }

    private CgminerReply send(String command, ObjectNode arguments, WhatsminerToken with) {
        var plain = NODES.objectNode().put("cmd", command).put("token", with.sign());
        plain.setAll(arguments);
        var request = NODES.objectNode().put("enc", 1).put("data", with.encrypt(plain.toString()));
        var text = client.exchange(command, "", request.toString());
        var hidden = hidden(text);
        if (hidden.isEmpty()) return client.parse(command, "", text);
        try {
            return client.parse(command, "", with.decrypt(hidden.get()));
        } catch (IllegalArgumentException e) {
            throw client.failure(Kind.GARBLED, command, "", "its reply cannot be decrypted: " + e.getMessage(), e);
        }
    }

    /** Refusals come as they are, the rest in {@code enc}. */
    private static Optional<String> hidden(String text) {
        try {
            var hidden = JSON.readTree(text).path("enc");
            return hidden.isTextual() ? Optional.of(hidden.textValue()) : Optional.empty();
        } catch (JsonProcessingException e) {
            return Optional.empty(); // broken, which the parser of replies says better
        }
    }

    private WhatsminerToken token() {
        var told = CgminerFields.first(client, "get_token", client.ask("get_token", "", TOKEN), "Msg");
        try {
            return WhatsminerToken.of(
                    credentials.password(), told.text("salt"), told.text("time"), told.text("newsalt"));
        } catch (IllegalArgumentException e) {
            throw client.failure(Kind.GARBLED, "get_token", "", e.getMessage(), e);
        }
    }
}
