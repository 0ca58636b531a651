package org.athanor.devices.luxos;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import org.athanor.devices.Capabilities;
import org.athanor.devices.DeviceException;
import org.athanor.devices.DeviceException.Kind;
import org.athanor.devices.Heater;
import org.athanor.devices.HeaterState;
import org.athanor.devices.HeaterState.Phase;
import org.athanor.devices.HeaterState.PowerSource;
import org.athanor.devices.PoolReader;
import org.athanor.devices.PoolSetting;
import org.athanor.devices.PowerLevel;
import org.athanor.devices.cgminer.CgminerClient;
import org.athanor.devices.cgminer.CgminerFields;
import org.athanor.devices.cgminer.CgminerPools;
import org.athanor.devices.cgminer.CgminerReply;
import org.athanor.units.Celsius;
import org.athanor.units.Hashrate;
import org.athanor.units.Joules;
import org.athanor.units.Watts;

/**
 * Driver of a miner with LuxOS. Levels are profiles, a handful of those that the firmware offers.
 *
 * <p>Commands need the firmware's only session, which is taken for each command and given back: while another program holds it,
 * they are refused. The firmware's own control by temperature (ATM) moves the profile by itself, so it is switched off before
 * one is chosen. A stop is the firmware's sleep, which survives its restart.
 *
 * <p>The firmware steps profiles itself while it hashes, so a change is taken not to interrupt. Temperatures are those of the
 * boards, not of the chips. Where its power supply cannot measure ({@code "PSU": false}), watts are the firmware's estimate.
 *
 * <p>Source: docs.luxor.tech and replies of firmware 2025.4.8 on an S19k Pro. Not seen: the word for sleep in {@code CurtailMode}
 * ({@code Sleep} is assumed), words of {@code SystemStatus} other than {@code Normal}, and codes of most writing commands.
 */
public final class LuxOsHeater implements Heater, PoolReader {
    public static final int PORT = 4028;

    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

    private static final int SUMMARY = 11;
    private static final int CONFIG = 33;
    private static final int TEMPS = 201;
    private static final int FANS = 202;
    private static final int POWER = 311;
    private static final int CURTAIL = 335;
    private static final int SESSION_ACTIVE = 402;

    /** Codes of replies that tell something: none of them answers a writing command. */
    private static final Set<Integer> READINGS = Set.of(7, 9, SUMMARY, 22, CONFIG, 70, TEMPS, FANS, POWER);

    private static final double MOST_WATTS = 100_000;
    private static final double MOST_GIGAHASHES = 1e8;
    private static final double MOST_CELSIUS = 250;
    private static final double MOST_RPM = 100_000;

    /** Below this share of its profile's watts it is still on its way there. */
    private static final double ON_ITS_WAY = 0.5;

    /** A profile whose watts moved by more than this share since it was chosen is another one. */
    private static final double SAME_WATTS = 0.05;

    private record Config(String profile, boolean asleep, boolean waking, boolean atm, String status) {}

    private final String id;
    private final List<LuxOsProfile> levels;
    private final Capabilities capabilities;
    private final CgminerClient client;

    /**
     * @param model for people, such as Antminer S19k Pro
     * @param levels profiles of the levels that heat, ascending by power: see {@link #profiles} and {@link LuxOsProfile#spread}
     * @param maximumPower by its nameplate
     */
    public LuxOsHeater(
            String id, String model, List<LuxOsProfile> levels, Watts maximumPower, InetSocketAddress address) {
        this(id, model, levels, maximumPower, address, DEFAULT_TIMEOUT);
    }

    /**
     * @param timeout of one request with its reply
     * @throws IllegalArgumentException for profiles that do not ascend from above 0 W, or lie above the maximum
     */
    public LuxOsHeater(
            String id,
            String model,
            List<LuxOsProfile> levels,
            Watts maximumPower,
            InetSocketAddress address,
            Duration timeout) {
        this.id = id;
        this.levels = List.copyOf(levels);
        this.capabilities = capabilities(model, levels, maximumPower);
        PowerLevel.requireUsable(capabilities.levels(), maximumPower);
        this.client = new CgminerClient(id, address, timeout);
    }

    private static Capabilities capabilities(String model, List<LuxOsProfile> levels, Watts maximumPower) {
        var named = new ArrayList<PowerLevel>();
        named.add(new PowerLevel("off", Watts.ZERO));
        for (var profile : levels) named.add(new PowerLevel(profile.name(), profile.watts()));
        return new Capabilities(
                model + " with LuxOS",
                named,
                maximumPower,
                Duration.ofMinutes(10),
                Duration.ofMinutes(5), // no vendor states minimum times: the community's practice
                Duration.ofMinutes(5),
                false,
                true,
                true,
                new Joules(maximumPower.value() * 250),
                Optional.of(new Celsius(75)), // of the boards; the firmware itself stops at 70
                Optional.empty(),
                "reported by the power supply where it measures, otherwise estimated by the firmware from its profile");
    }

    /**
     * What the machine at an address offers, ascending by power, for choosing levels.
     *
     * @throws DeviceException if it does not answer plausibly
     */
    public static List<LuxOsProfile> profiles(String id, InetSocketAddress address, Duration timeout) {
        return profiles(new CgminerClient(id, address, timeout));
    }

    private static List<LuxOsProfile> profiles(CgminerClient client) {
        var reply = whole(client, "profiles", client.request("profiles", ""));
        var profiles = reply.all("PROFILES").stream()
                .map(fields -> new CgminerFields(client, "profiles", fields))
                .map(profile -> profile(client, profile))
                .sorted((a, b) -> a.watts().compareTo(b.watts()))
                .toList();
        if (profiles.isEmpty())
            throw client.failure(Kind.GARBLED, "profiles", "", "no PROFILES in its reply: " + reply.described(), null);
        return profiles;
    }

    private static LuxOsProfile profile(CgminerClient client, CgminerFields fields) {
        try {
            return new LuxOsProfile(
                    fields.text("Profile Name"),
                    new Watts(fields.number("Watts", 1, MOST_WATTS)),
                    Hashrate.ofTerahashes(fields.number("Hashrate", 0, MOST_GIGAHASHES / 1000)));
        } catch (IllegalArgumentException e) {
            throw client.failure(Kind.GARBLED, "profiles", "", e.getMessage(), e);
        }
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public Optional<PoolSetting> pool() {
        return CgminerPools.read(client);
    }

    @Override
    public synchronized HeaterState read() {
        var config = config();
        var power = first("power", POWER, "POWER");
        double watts = power.number("Watts", 0, MOST_WATTS);
        var rpm = slowestFan();
        double gigahashes = first("summary", SUMMARY, "SUMMARY").number("GHS 5s", 0, MOST_GIGAHASHES);
        var fault = fault(config, rpm);
        return new HeaterState(
                level(config),
                phase(config, watts, rpm, fault.isPresent()),
                Optional.of(new Watts(watts)),
                power.flag("PSU") ? PowerSource.REPORTED : PowerSource.DECLARED,
                hottestBoard(),
                Optional.empty(),
                rpm,
                Optional.of(new Hashrate(gigahashes * 1e9)),
                fault);
    }

    private Config config() {
        var config = first("config", CONFIG, "CONFIG");
        var mode = config.text("CurtailMode").toLowerCase(Locale.ROOT).replace(" ", "");
        if (!Set.of("none", "sleep", "wakeup").contains(mode))
            throw client.failure(
                    Kind.GARBLED,
                    "config",
                    "",
                    "CurtailMode is " + config.text("CurtailMode") + " (None, Sleep and WakeUp are known)",
                    null);
        return new Config(
                config.text("Profile"),
                mode.equals("sleep"),
                mode.equals("wakeup"),
                config.flag("IsAtmEnabled"),
                config.text("SystemStatus"));
    }

    private OptionalInt level(Config config) {
        if (config.asleep()) return OptionalInt.of(0);
        for (int i = 0; i < levels.size(); i++)
            if (levels.get(i).name().equals(config.profile())) return OptionalInt.of(i + 1);
        return OptionalInt.empty();
    }

    private Phase phase(Config config, double watts, OptionalInt rpm, boolean faulty) {
        if (faulty) return Phase.FAULT;
        if (config.asleep()) return rpm.orElse(0) > 0 ? Phase.STOPPING : Phase.OFF;
        var level = level(config);
        double wanted = level.isPresent()
                ? levels.get(level.getAsInt() - 1).watts().value()
                : levels.getFirst().watts().value();
        return config.waking() || watts < ON_ITS_WAY * wanted ? Phase.STARTING : Phase.WORKING;
    }

    private static Optional<String> fault(Config config, OptionalInt rpm) {
        if (!config.status().equals("Normal"))
            return Optional.of("the firmware's SystemStatus is " + config.status() + ": see its own page for why");
        return !config.asleep() && rpm.equals(OptionalInt.of(0)) ? Optional.of("a fan stands still") : Optional.empty();
    }

    private OptionalInt slowestFan() {
        return reading("fans", FANS).all("FANS").stream()
                .mapToInt(fields -> (int) new CgminerFields(client, "fans", fields).number("RPM", 0, MOST_RPM))
                .min();
    }

    private Optional<Celsius> hottestBoard() {
        return reading("temps", TEMPS).all("TEMPS").stream()
                .map(fields -> new CgminerFields(client, "temps", fields))
                .flatMap(board -> List.of("TopLeft", "TopRight", "BottomLeft", "BottomRight").stream()
                        .flatMap(corner -> board.optionalNumber(corner, -60, MOST_CELSIUS).stream()))
                .max(Double::compare)
                .filter(celsius -> celsius != 0) // the boards are without power
                .map(Celsius::new);
    }

    private CgminerFields first(String command, int code, String section) {
        return CgminerFields.first(client, command, reading(command, code), section);
    }

    private CgminerReply reading(String command, int code) {
        return client.ask(command, "", code);
    }

    @Override
    public synchronized void setLevel(int level) {
        capabilities.level(level);
        var config = config();
        if (level == 0) {
            if (!config.asleep()) inSession(session -> curtail(session, "sleep"));
            return;
        }
        var wanted = levels.get(level - 1);
        check(wanted);
        boolean other = !config.profile().equals(wanted.name());
        if (!other && !config.atm() && !config.asleep()) return;
        inSession(session -> {
            if (config.atm()) write("atmset", session, "enabled=false");
            if (other) write("profileset", session, wanted.name());
            // last, so that it wakes at the profile asked for rather than at its last one
            if (config.asleep()) curtail(session, "wakeup");
        });
    }

    /** Every time: after an update, or a new board, a profile of the same name may be gone or draw other watts. */
    private void check(LuxOsProfile wanted) {
        var offered = profiles(client);
        var same = offered.stream()
                .filter(profile -> profile.name().equals(wanted.name()))
                .findFirst()
                .orElseThrow(() -> client.failure(
                        Kind.REFUSED,
                        "profiles",
                        "",
                        "configured for the profile " + wanted.name() + ", but this machine offers "
                                + offered.stream().map(LuxOsProfile::name).toList()
                                + ": choose its levels anew",
                        null));
        double configured = wanted.watts().value();
        if (Math.abs(same.watts().value() - configured) > SAME_WATTS * configured)
            throw client.failure(
                    Kind.REFUSED,
                    "profiles",
                    "",
                    "the profile " + wanted.name() + " now draws " + same.watts() + ", configured as " + wanted.watts()
                            + ": choose its levels anew",
                    null);
    }

    /** The session is given back whatever happens: the firmware has only one. */
    private void inSession(Consumer<String> commands) {
        var session = logOn();
        try {
            commands.accept(session);
        } catch (DeviceException e) {
            try {
                write("logoff", session, "");
            } catch (DeviceException alsoThis) {
                e.addSuppressed(alsoThis);
            }
            throw e;
        }
        write("logoff", session, "");
    }

    private String logOn() {
        var reply = client.request("logon", "");
        if (reply.code() == SESSION_ACTIVE)
            throw client.failure(
                    Kind.REFUSED,
                    "logon",
                    "",
                    reply.described()
                            + ": another program holds the firmware's only session; close it, or wait until it"
                            + " runs out",
                    null);
        var session = CgminerFields.first(client, "logon", whole(client, "logon", reply), "SESSION")
                .text("SessionID");
        if (!session.matches("[\\w-]{1,64}"))
            throw client.failure(Kind.GARBLED, "logon", "", "SessionID is \"" + session + "\"", null);
        return session;
    }

    private void curtail(String session, String action) {
        client.accepted("curtail", action, client.requestInSession("curtail", session, action), CURTAIL);
    }

    private void write(String command, String session, String parameter) {
        var reply = whole(client, command, client.requestInSession(command, session, parameter));
        if (READINGS.contains(reply.code()))
            throw client.failure(
                    Kind.GARBLED, command, parameter, "a reply to another request: " + reply.described(), null);
    }

    /** A reply that says yes and was not cut, of a command whose code is not known. */
    private static CgminerReply whole(CgminerClient client, String command, CgminerReply reply) {
        return client.accepted(command, "", reply, reply.code());
    }

    @Override
    public void close() {} // each request has a connection of its own
}
