package org.athanor.devices.avalon;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.athanor.devices.Capabilities;
import org.athanor.devices.DeviceException;
import org.athanor.devices.DeviceException.Kind;
import org.athanor.devices.Heater;
import org.athanor.devices.HeaterState;
import org.athanor.devices.HeaterState.Phase;
import org.athanor.devices.HeaterState.PowerSource;
import org.athanor.devices.PoolReader;
import org.athanor.devices.PoolSetting;
import org.athanor.devices.cgminer.CgminerClient;
import org.athanor.devices.cgminer.CgminerPools;
import org.athanor.devices.cgminer.CgminerReply;
import org.athanor.units.Watts;

/**
 * Driver of an Avalon home heater, or of an A15 miner.
 *
 * <p>Its replies prove nothing (malformed commands are answered {@code OK}), so the level that it reports is the one in
 * its own registers. It refuses to switch while it calibrates after a start or a change, for some minutes.
 *
 * <p>Only {@code workmode} and {@code worklevel} are used: {@code work_mode_lvl} cannot select the top mode and answers OK
 * nevertheless.
 */
public final class AvalonHeater implements Heater, PoolReader {
    public static final int PORT = 4028;
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(3);

    /** Soft stop and start are dated a little ahead by the device's clock: a date that has passed is not obeyed. */
    private static final int SOFT_DELAY_SECONDS = 5;

    /** How long after that date it may take until the device's registers show it. */
    private static final int SOFT_LATE_SECONDS = 5;

    private static final int VERSION = 22;
    private static final int STATS = 70;
    private static final int SET_INFO = 118;
    private static final int SET_OK = 119;

    private final String id;
    private final AvalonModel model;
    private final CgminerClient client;
    private final Optional<FirmwareLease> lease;
    /** By the device's clock; empty after a command to the contrary. */
    private OptionalLong stopDate = OptionalLong.empty();

    private OptionalLong startDate = OptionalLong.empty();

    public AvalonHeater(String id, AvalonModel model, InetSocketAddress address) {
        this(id, model, address, DEFAULT_TIMEOUT);
    }

    /** @param timeout of one request with its reply */
    public AvalonHeater(String id, AvalonModel model, InetSocketAddress address, Duration timeout) {
        this(id, model, address, timeout, Optional.empty());
    }

    /**
     * @param lease for which a soft stop by the device's own timer is set ahead, each time that it is read; empty sets none
     * @throws IllegalArgumentException if there is a lease, and this model has no timer that could keep it
     */
    public AvalonHeater(
            String id, AvalonModel model, InetSocketAddress address, Duration timeout, Optional<Duration> lease) {
        if (lease.isPresent() && !model.softOffDated())
            throw new IllegalArgumentException(
                    "an " + model.title() + " has no timer that could stop it at a date (Mini 3 and Q have one)");
        this.id = id;
        this.model = model;
        this.client = new CgminerClient(id, address, timeout);
        this.lease = lease.map(FirmwareLease::new);
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
    public RunsOut runsOut() {
        return lease.map(FirmwareLease::runsOut).orElseGet(Heater.super::runsOut);
    }

    @Override
    public synchronized HeaterState read() {
        var reply = estats();
        var telemetry = telemetry(reply);
        var unarmed = lease.isPresent() ? renewed(lease.get(), reply, telemetry) : Optional.<String>empty();
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
                telemetry.fault().or(() -> unarmed));
    }

    /** What kept the lease from being renewed. While the device starts it may refuse, as it does other commands. */
    private Optional<String> renewed(FirmwareLease leased, CgminerReply reply, AvalonTelemetry telemetry) {
        var date = leased.seen(reply.when(), telemetry.softOff());
        if (date.isEmpty()) return Optional.empty();
        try {
            set("softoff,1:" + date.getAsLong());
            leased.set(date.getAsLong());
            return Optional.empty();
        } catch (DeviceException e) {
            if (e.kind() != Kind.REFUSED) throw e;
            return phase(telemetry) == Phase.STARTING ? Optional.empty() : Optional.of(e.getMessage());
        }
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
        lease.ifPresent(leased -> {
            if (level > 0) leased.go();
            else leased.stop();
        });
        if (level > 0) heat(level, reply, now);
        else if (!model.softOff()) heat(1, reply, now);
        else stop(reply, now);
    }

    private void stop(CgminerReply reply, AvalonTelemetry now) {
        startDate = OptionalLong.empty();
        if (now.softOff() || pending(stopDate, reply.when())) return;
        long date = reply.when() + SOFT_DELAY_SECONDS;
        set("softoff,1:" + date);
        stopDate = OptionalLong.of(date);
    }

    /**
     * Whether what is dated so is still to come: told again, it would be put off, for ever by whoever tells it every few seconds. A date
     * further ahead is of before the clock was set back.
     */
    private static boolean pending(OptionalLong date, long now) {
        return date.isPresent()
                && now >= date.getAsLong() - SOFT_DELAY_SECONDS
                && now <= date.getAsLong() + SOFT_LATE_SECONDS;
    }

    @Override
    public void close() {} // each request has a connection of its own

    @Override
    public Optional<PoolSetting> pool() {
        return CgminerPools.read(client);
    }

    private void heat(int level, CgminerReply reply, AvalonTelemetry now) {
        stopDate = OptionalLong.empty();
        var wanted = model.heatingLevels().get(level - 1);
        if (!model.levelOf(now.workMode(), now.workLevel()).equals(OptionalInt.of(level))) {
            // the level first: a change of mode starts a calibration, during which the level would be refused
            if (wanted.workLevel().isPresent() && !wanted.workLevel().equals(now.workLevel()))
                set("worklevel,set," + wanted.workLevel().getAsInt());
            if (wanted.workMode().isPresent() && !wanted.workMode().equals(model.heatingMode(now.workMode())))
                set("workmode,set," + wanted.workMode().getAsInt());
        }
        // last, so that it starts in the level asked for rather than in its last one
        if (!now.softOff() || pending(startDate, reply.when())) return;
        long date = reply.when() + SOFT_DELAY_SECONDS;
        setOrSilence("softon,1:" + date);
        startDate = OptionalLong.of(date);
    }

    /** Before every command: an address may have gone to another device, which would understand these words otherwise. */
    private void identify() {
        var version = client.ask("version", "", VERSION);
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
    }

    /** Taken even when it is cut off, as some firmwares do: the telemetry insists on the fields that it needs. */
    private CgminerReply estats() {
        var reply = client.request("estats", "");
        if (reply.refused()) throw client.failure(Kind.REFUSED, "estats", "", reply.described(), null);
        return reply;
    }

    private AvalonTelemetry telemetry(CgminerReply reply) {
        try {
            return AvalonTelemetry.of(reply, model);
        } catch (IllegalArgumentException e) {
            throw client.failure(Kind.GARBLED, "estats", "", e.getMessage() + described(reply), e);
        }
    }

    private static String described(CgminerReply reply) {
        return reply.code() == STATS ? "" : " in " + reply.described() + ", a reply to another request";
    }

    private void set(String option) {
        var parameter = "0," + option;
        client.ask("ascset", parameter, SET_INFO, SET_OK);
    }

    /** Some firmwares close after a soft start without a reply: no proof either way, as any reply. */
    private void setOrSilence(String option) {
        var parameter = "0," + option;
        client.requestOrSilence("ascset", parameter)
                .ifPresent(reply -> client.accepted("ascset", parameter, reply, SET_INFO, SET_OK));
    }
}
