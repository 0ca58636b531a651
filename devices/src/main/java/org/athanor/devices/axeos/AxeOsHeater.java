package org.athanor.devices.axeos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.athanor.devices.Capabilities;
import org.athanor.devices.DeviceException;
import org.athanor.devices.DeviceException.Kind;
import org.athanor.devices.Heater;
import org.athanor.devices.HeaterState;
import org.athanor.devices.HeaterState.Phase;
import org.athanor.devices.HeaterState.PowerSource;
import org.athanor.devices.PoolReader;
import org.athanor.devices.PoolSetting;
import org.athanor.devices.axeos.AxeOsModel.Pair;
import org.athanor.devices.http.JsonHttp;
import org.athanor.devices.http.JsonHttp.Request;
import org.athanor.units.Celsius;
import org.athanor.units.Hashrate;
import org.athanor.units.Watts;

/**
 * Driver of a Bitaxe or another miner with AxeOS, over its HTTP API.
 *
 * <p>Its pools lost, it stops by itself and probes them: that reads as a start. After it has overheated it restarts slower and
 * keeps that, and is no level of ours until it is told one; while its overheat protection is on it is told nothing, for somebody
 * must look at it first.
 *
 * <p>Source: {@code openapi.yaml} of bitaxeorg/ESP-Miner.
 */
public final class AxeOsHeater implements Heater, PoolReader {
    public static final int PORT = 80;

    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(3);
    private static final Request INFO = Request.get("/api/system/info");
    private static final Request PAUSE = Request.post("/api/system/pause");
    private static final Request RESUME = Request.post("/api/system/resume");
    private static final Request SETTINGS = Request.patch("/api/system");

    private static final double MOST_WATTS = 10_000;
    private static final double MOST_CELSIUS = 200;
    private static final double MOST_GIGAHASHES = 1e7;
    private static final double MOST_RPM = 100_000;

    private final String id;
    private final AxeOsModel model;
    private final boolean pauses;
    private final JsonHttp http;

    /** @param pauses whether its firmware can pause (2.14 or later); otherwise only a plug stops it */
    public AxeOsHeater(String id, AxeOsModel model, boolean pauses, InetSocketAddress address) {
        this(id, model, pauses, address, DEFAULT_TIMEOUT);
    }

    /** @param timeout of one request with its reply */
    public AxeOsHeater(String id, AxeOsModel model, boolean pauses, InetSocketAddress address, Duration timeout) {
        this.id = id;
        this.model = model;
        this.pauses = pauses;
        this.http = new JsonHttp(id, address, timeout);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public Capabilities capabilities() {
        return model.capabilities(pauses);
    }

    @Override
    public HeaterState read() {
        var info = info();
        boolean paused = info.path("miningPaused").asBoolean(false);
        double hashes = http.number(INFO, info, "/hashRate", 0, MOST_GIGAHASHES) * 1e9;
        double chip = http.number(INFO, info, "/temp", -1, MOST_CELSIUS);
        int rpm = (int) http.number(INFO, info, "/fanrpm", 0, MOST_RPM);
        var fault = fault(info, hashes, rpm);
        return new HeaterState(
                paused ? OptionalInt.of(0) : level(pair(info)),
                phase(paused, hashes, fault.isPresent(), rpm),
                Optional.of(new Watts(http.number(INFO, info, "/power", 0, MOST_WATTS))),
                PowerSource.REPORTED,
                chip <= 0 ? Optional.empty() : Optional.of(new Celsius(chip)), // -1 or 0: no power, no reading
                Optional.empty(), // it has no inlet sensor
                OptionalInt.of(rpm),
                Optional.of(new Hashrate(hashes)),
                fault);
    }

    private static Phase phase(boolean paused, double hashes, boolean faulty, int rpm) {
        if (faulty) return Phase.FAULT;
        if (paused) return rpm > 0 ? Phase.STOPPING : Phase.OFF;
        return hashes > 0 ? Phase.WORKING : Phase.STARTING;
    }

    private Optional<String> fault(JsonNode info, double hashes, int rpm) {
        if (isProtecting(info)) return Optional.of("it has overheated: its overheat protection is on");
        var power = info.path("power_fault").asText("");
        if (!power.isEmpty()) return Optional.of("its voltage regulator: " + power);
        double regulator = http.number(INFO, info, "/vrTemp", -1, MOST_CELSIUS);
        if (regulator > AxeOsModel.REGULATOR_MAXIMUM_CELSIUS)
            return Optional.of("its voltage regulator is at " + regulator + " °C");
        return hashes > 0 && rpm == 0 ? Optional.of("its fan stands still") : Optional.empty();
    }

    private static boolean isProtecting(JsonNode info) {
        return info.path("overheat_mode").asInt(0) != 0;
    }

    private OptionalInt level(Pair pair) {
        int index = model.pairs().indexOf(pair);
        return index < 0 ? OptionalInt.empty() : OptionalInt.of(index + 1);
    }

    private Pair pair(JsonNode info) {
        return new Pair((int) Math.round(http.number(INFO, info, "/frequency", 0, 10_000)), (int)
                Math.round(http.number(INFO, info, "/coreVoltage", 0, 10_000)));
    }

    /** {@inheritDoc} Of its two pools the one that it uses now. */
    @Override
    public Optional<PoolSetting> pool() {
        var info = info();
        boolean fallback = info.path("isUsingFallbackStratum").asInt(0) != 0;
        var prefix = fallback ? "fallbackStratum" : "stratum";
        var host = info.path(prefix + "URL").asText("");
        if (host.isBlank()) return Optional.empty();
        int port = (int) http.number(INFO, info, "/" + prefix + "Port", 0, 65_535);
        return Optional.of(new PoolSetting(
                (host.contains("://") ? host : "stratum+tcp://" + host) + ":" + port,
                info.path(prefix + "User").asText("")));
    }

    /** Level 0 of a firmware that cannot pause selects its lowest level: only a plug stops it. */
    @Override
    public synchronized void setLevel(int level) {
        capabilities().level(level);
        var info = info();
        boolean paused = info.path("miningPaused").asBoolean(false);
        if (level == 0 && pauses) {
            if (!paused) {
                requirePause(info);
                http.text(PAUSE);
            }
            return;
        }
        if (isProtecting(info))
            throw http.failure(
                    Kind.REFUSED,
                    SETTINGS,
                    "it has overheated: look at its fan, then end the protection on its own page",
                    null);
        var wanted = model.pairs().get(Math.max(0, level - 1));
        if (!pair(info).equals(wanted))
            http.text(SETTINGS.with(JsonNodeFactory.instance
                    .objectNode()
                    .put("frequency", wanted.megahertz())
                    .put("coreVoltage", wanted.millivolts())));
        // last, so that it starts in the level asked for rather than in its last one
        if (paused) http.text(RESUME);
    }

    /** @throws DeviceException of kind REFUSED for firmware that says nothing of a pause */
    private void requirePause(JsonNode info) {
        if (!info.has("miningPaused"))
            throw http.failure(
                    Kind.REFUSED,
                    PAUSE,
                    "its firmware " + JsonHttp.quote(info.path("version").asText("?"))
                            + " cannot pause, 2.14 and later can: update it, or say that only its plug stops it",
                    null);
    }

    /** @throws DeviceException of kind REFUSED if it is another device than was configured */
    private JsonNode info() {
        var info = http.json(INFO);
        var chip = info.path("ASICModel");
        if (!chip.isTextual())
            throw http.failure(Kind.GARBLED, INFO, "no \"ASICModel\": " + JsonHttp.quote(info.toString()), null);
        if (!chip.textValue().equals(model.chip()))
            throw http.failure(
                    Kind.REFUSED,
                    INFO,
                    "its chip is a " + JsonHttp.quote(chip.textValue()) + ", configured as " + model.title() + " ("
                            + model.chip() + ")",
                    null);
        int chips = info.path("asicCount").asInt(model.chips());
        if (chips != model.chips())
            throw http.failure(
                    Kind.REFUSED,
                    INFO,
                    "it has " + chips + " chips, configured as " + model.title() + " with " + model.chips(),
                    null);
        return info;
    }

    @Override
    public void close() {
        http.close();
    }
}
