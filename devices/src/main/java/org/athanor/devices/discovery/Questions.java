package org.athanor.devices.discovery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.athanor.devices.DeviceException;
import org.athanor.devices.avalon.AvalonModel;
import org.athanor.devices.axeos.AxeOsModel;
import org.athanor.devices.cgminer.CgminerClient;
import org.athanor.devices.cgminer.CgminerReply;
import org.athanor.devices.drivers.HeaterKind;
import org.athanor.devices.http.JsonHttp;
import org.athanor.devices.http.JsonHttp.Request;
import org.athanor.devices.whatsminer.WhatsminerHeater;

/** What is asked at one address to find out what is there. Every question only reads. */
final class Questions {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern ANTMINER_REALM =
            Pattern.compile("\\brealm\\s*=\\s*\"antminer configuration\"", Pattern.CASE_INSENSITIVE);

    /** In place of a model: that is told only by its API. */
    static final String ASKS_FOR_PASSWORD = "Antminer that asks for its password";

    private final InetSocketAddress address;
    private final Duration timeout;
    private final List<String> troubles = new ArrayList<>();

    Questions(InetSocketAddress address, Duration timeout) {
        this.address = address;
        this.timeout = timeout;
    }

    Finding ask() {
        List<Supplier<Optional<Finding>>> questions = switch (address.getPort()) {
            case 4028 -> List.of(this::cgminer);
            case 4433 -> List.of(this::whatsminer3);
            case 80 -> List.of(this::http);
            // ports that a person has named may hold anything
            default -> List.of(this::http, this::cgminer, this::whatsminer3);
        };
        for (var question : questions) {
            try {
                var found = question.get();
                if (found.isPresent()) return found.get();
            } catch (DeviceException e) {
                troubles.add(e.getMessage());
            }
        }
        return new Finding.Unknown(
                address, troubles.isEmpty() ? "what it answers is of no device known here" : troubles.getFirst());
    }

    // ---- cgminer

    private Optional<Finding> cgminer() {
        var client = new CgminerClient("device", address, timeout);
        var text = client.exchange("version", "", "{\"command\":\"version\"}");
        var reply = client.parse("version", "", text);
        return version(reply).or(() -> whatsminer2(client));
    }

    private Optional<Finding> version(CgminerReply reply) {
        var product = reply.field("VERSION", "MODEL").or(() -> reply.field("VERSION", "PROD"));
        if (product.isPresent()) {
            var kind = avalon(product.get());
            if (kind.isPresent()) return Optional.of(new Finding.Miner(address, kind.get(), product.get()));
            troubles.add("an Avalon " + product.get() + ", for which there is no driver");
            return Optional.empty();
        }
        var type = reply.field("VERSION", "Type").orElse("unknown type");
        if (reply.field("VERSION", "LUXminer").isPresent())
            return Optional.of(new Finding.Miner(address, HeaterKind.LUXOS, type));
        if (reply.field("VERSION", "BMMiner").isPresent()) {
            // its commands go to its pages, where it asks for a password
            var pages = new InetSocketAddress(
                    address.getAddress(), address.getPort() == 4028 ? 80 : Math.max(1, address.getPort() - 1));
            return Optional.of(new Finding.Miner(pages, HeaterKind.ANTMINER, type));
        }
        return Optional.empty();
    }

    private static Optional<HeaterKind> avalon(String product) {
        return AvalonModel.ofProduct(product).map(model -> switch (model) {
            case NANO_3 -> HeaterKind.NANO3;
            case NANO_3S -> HeaterKind.NANO3S;
            case MINI_3 -> HeaterKind.MINI3;
            case Q -> HeaterKind.AVALON_Q;
            case A15 -> HeaterKind.AVALON_A15;
        });
    }

    private Optional<Finding> whatsminer2(CgminerClient client) {
        var text = client.exchange("get_version", "", "{\"command\":\"get_version\"}");
        return json(text)
                .map(reply -> reply.path("Msg"))
                .filter(message -> message.has("api_ver"))
                .map(message -> new Finding.Miner(
                        address,
                        HeaterKind.WHATSMINER_V2,
                        "Whatsminer, firmware " + message.path("fw_ver").asText("unknown")));
    }

    private Optional<Finding> whatsminer3() {
        return WhatsminerHeater.typeByVersion3(address, timeout)
                .map(type -> new Finding.Miner(address, HeaterKind.WHATSMINER_V3, type));
    }

    // ---- HTTP

    private Optional<Finding> http() {
        try (var http = new JsonHttp("device", address, timeout)) {
            for (var page : List.<Page>of(
                    this::shelly, this::axeOs, this::tasmota, this::braiins, this::vnish, this::antminer)) {
                try {
                    var found = page.read(http);
                    if (found.isPresent()) return found;
                } catch (DeviceException e) {
                    if (e.kind() == DeviceException.Kind.UNREACHABLE) throw e;
                }
            }
        }
        return Optional.empty();
    }

    private interface Page {
        Optional<Finding> read(JsonHttp http);
    }

    private Optional<Finding> shelly(JsonHttp http) {
        var info = http.json(Request.get("/rpc/Shelly.GetDeviceInfo"));
        if (!info.has("app") && !info.has("model")) return Optional.empty();
        var model = info.path("model").asText(info.path("app").asText());
        var status = http.json(Request.get("/rpc/Shelly.GetStatus"));
        if (status.has("switch:0")) return Optional.of(new Finding.SmartPlug(address, "shelly", model));
        if (status.has("temperature:0")) return Optional.of(new Finding.Sensor(address, "shelly", model));
        troubles.add("a Shelly " + model + " with neither a switch nor a thermometer");
        return Optional.empty();
    }

    private Optional<Finding> axeOs(JsonHttp http) {
        var info = http.json(Request.get("/api/system/info"));
        if (!info.has("ASICModel")) return Optional.empty();
        var board = info.path("boardVersion").asText("");
        return Optional.of(new Finding.Miner(
                address,
                HeaterKind.AXEOS,
                info.path("ASICModel").asText() + (board.isEmpty() ? "" : ", board " + board),
                AxeOsModel.told(
                        info.path("ASICModel").asText(),
                        info.path("asicCount").isInt()
                                ? OptionalInt.of(info.path("asicCount").intValue())
                                : OptionalInt.empty(),
                        info.path("deviceModel").asText())));
    }

    private Optional<Finding> tasmota(JsonHttp http) {
        var reply = http.json(Request.get("/cm", "cmnd=Status%208"));
        if (reply.has("WARNING"))
            return Optional.of(
                    new Finding.SmartPlug(address, "tasmota", "a Tasmota that asks for its user and password"));
        var sensors = reply.path("StatusSNS");
        if (sensors.isMissingNode()) return Optional.empty();
        if (sensors.has("ENERGY")) return Optional.of(new Finding.SmartPlug(address, "tasmota", "Tasmota"));
        for (var names = sensors.fieldNames(); names.hasNext(); ) {
            var name = names.next();
            if (sensors.path(name).has("Temperature")) return Optional.of(new Finding.Sensor(address, "tasmota", name));
        }
        troubles.add("a Tasmota with neither a meter nor a thermometer");
        return Optional.empty();
    }

    private Optional<Finding> braiins(JsonHttp http) {
        var version = http.json(Request.get("/api/v1/version"));
        return version.has("major") && version.has("minor")
                ? Optional.of(new Finding.Miner(
                        address,
                        HeaterKind.BRAIINS,
                        "Braiins OS, API " + version.path("major").asInt() + "."
                                + version.path("minor").asInt()))
                : Optional.empty();
    }

    private Optional<Finding> vnish(JsonHttp http) {
        var info = http.json(Request.get("/api/v1/info"));
        return info.has("fw_version") || info.has("miner")
                ? Optional.of(new Finding.Miner(
                        address, HeaterKind.VNISH, info.path("miner").asText("Vnish")))
                : Optional.empty();
    }

    /** Its pages ask for a password in a realm of their own; those of routers, printers and other miners have others. */
    private Optional<Finding> antminer(JsonHttp http) {
        var challenge = http.challenge(Request.get("/cgi-bin/get_system_info.cgi"));
        if (challenge.isEmpty()) return Optional.empty();
        if (!ANTMINER_REALM.matcher(challenge.get()).find()) {
            troubles.add("it asks for a password, as no device known here does: WWW-Authenticate is "
                    + JsonHttp.quote(challenge.get()));
            return Optional.empty();
        }
        return Optional.of(new Finding.Miner(address, HeaterKind.ANTMINER, ASKS_FOR_PASSWORD));
    }

    private static Optional<JsonNode> json(String text) {
        try {
            return Optional.ofNullable(JSON.readTree(text));
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            return Optional.empty(); // of no device known here
        }
    }
}
