package org.athanor.devices.avalon;

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
import org.athanor.units.Watts;

/**
 * Driver of an Avalon home heater.
 *
 * <p>Its replies prove nothing (malformed commands are answered {@code OK}), so the level that it reports is the one in
 * its own registers. It refuses to switch while it calibrates after a start or a change, for some minutes.
 *
 * <p>Only {@code workmode} and {@code worklevel} are used: {@code work_mode_lvl} cannot select the top mode and answers OK
 * nevertheless.
 */
public final class AvalonHeater implements Heater {
    public static final int PORT = 4028;
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(3);

    /** Soft stop and start are dated a little ahead by the device's clock: a date that has passed is not obeyed. */
    private static final int SOFT_DELAY_SECONDS = 5;

    private final String id;
    private final AvalonModel model;
    private final CgminerClient client;
    private boolean identified;

    public AvalonHeater(String id, AvalonModel model, InetSocketAddress address) {
        this(id, model, address, DEFAULT_TIMEOUT);
    }

    /** @param timeout of one request with its reply */
    public AvalonHeater(String id, AvalonModel model, InetSocketAddress address, Duration timeout) {
        this.id = id;
        this.model = model;
        this.client = new CgminerClient(id, address, timeout);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public Capabilities capabilities() {
        return model.capabilities();
    }

    @Override
    public HeaterState read() {
        var telemetry = telemetry(estats());
        var level =
                telemetry.softOff() ? OptionalInt.of(0) : model.levelOf(telemetry.workMode(), telemetry.workLevel());
        var declared = level.isPresent()
                ? Optional.of(capabilities().level(level.getAsInt()).watts())
                : Optional.<Watts>empty();
        return new HeaterState(
                level,
                phase(telemetry),
                telemetry.power().or(() -> declared),
                telemetry.power().isPresent() ? PowerSource.REPORTED : PowerSource.DECLARED,
                telemetry.chip(),
                telemetry.inlet(),
                telemetry.fanRpm(),
                telemetry.hashrate(),
                telemetry.fault());
    }

    private static Phase phase(AvalonTelemetry telemetry) {
        return switch (telemetry.work()) {
            case INIT -> Phase.STARTING;
            case WORK -> Phase.WORKING;
            case FAULT -> Phase.FAULT;
            // its fan runs on after a stop; idle without a stop is on its way to work (it waits for a pool)
            case IDLE ->
                !telemetry.softOff() ? Phase.STARTING : telemetry.fanRpm().orElse(0) > 0 ? Phase.STOPPING : Phase.OFF;
        };
    }

    /** Level 0 of a model without soft stop selects its lowest level: only a plug stops it. */
    @Override
    public synchronized void setLevel(int level) {
        capabilities().level(level);
        identify();
        var reply = estats();
        var now = telemetry(reply);
        if (level > 0) heat(level, reply, now);
        else if (!model.softOff()) heat(1, reply, now);
        else if (!now.softOff()) set("softoff,1:" + (reply.when() + SOFT_DELAY_SECONDS));
    }

    @Override
    public void close() {} // each request has a connection of its own

    private void heat(int level, CgminerReply reply, AvalonTelemetry now) {
        var wanted = model.heatingLevels().get(level - 1);
        if (!model.levelOf(now.workMode(), now.workLevel()).equals(OptionalInt.of(level))) {
            // the level first: a change of mode starts a calibration, during which the level would be refused
            if (wanted.workLevel().isPresent() && !wanted.workLevel().equals(now.workLevel()))
                set("worklevel,set," + wanted.workLevel().getAsInt());
            if (model.heatingMode(now.workMode()) != wanted.workMode()) set("workmode,set," + wanted.workMode());
        }
        // last, so that it starts in the level asked for rather than in its last one
        if (now.softOff()) setOrSilence("softon,1:" + (reply.when() + SOFT_DELAY_SECONDS));
    }

    private void identify() {
        if (identified) return;
        var version = client.request("version", "");
        var product = version.field("VERSION", "MODEL")
                .or(() -> version.field("VERSION", "PROD"))
                .orElseThrow(() -> client.failure(
                        Kind.GARBLED, "version", "", "no VERSION with MODEL or PROD in " + version.sections(), null));
        if (!model.isProduct(product))
            throw client.failure(
                    Kind.REFUSED,
                    "version",
                    "",
                    "the device is a " + product + ", configured as " + model.title(),
                    null);
        identified = true;
    }

    private CgminerReply estats() {
        var reply = client.request("estats", "");
        if (reply.refused()) throw client.failure(Kind.REFUSED, "estats", "", reply.message(), null);
        return reply;
    }

    private AvalonTelemetry telemetry(CgminerReply reply) {
        try {
            return AvalonTelemetry.of(reply);
        } catch (IllegalArgumentException e) {
            throw client.failure(Kind.GARBLED, "estats", "", e.getMessage(), e);
        }
    }

    private void set(String option) {
        var parameter = "0," + option;
        refuse(parameter, client.request("ascset", parameter));
    }

    /** Some firmwares close after a soft start without a reply: no proof either way, as any reply. */
    private void setOrSilence(String option) {
        var parameter = "0," + option;
        client.requestOrSilence("ascset", parameter).ifPresent(reply -> refuse(parameter, reply));
    }

    /** @throws DeviceException of kind REFUSED if the reply says so */
    private void refuse(String parameter, CgminerReply reply) {
        if (reply.refused()) throw client.failure(Kind.REFUSED, "ascset", parameter, reply.message(), null);
    }
}
