package org.athanor.devices.simulated;

import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;

/** What can be wrong with a simulated device; several at once. Each device shows some of these: {@link Breakable#shows}. */
public enum Fault {
    // ---- on the wire
    UNREACHABLE("breaks every connection, as without power"),
    SILENT("takes requests and says nothing"),
    LATE("answers after every driver's time-out"),
    GARBAGE("answers with bytes that mean nothing"),
    TRUNCATED("ends in the middle of its reply"),
    WRONG_REPLY("answers another request than the one that was sent"),
    BROKEN_JSON("answers in the broken JSON of some firmwares, which a driver repairs"),
    HOLDS_CONNECTION("does not close the connection after its reply"),

    // ---- access
    WRONG_PASSWORD("has another password than its driver was given"),
    FOREIGN_CALLER("its caller is outside of the network ranges that it accepts"),
    FORGETS_SESSION("forgets its sessions or tokens, once, before they run out"),
    SESSION_TAKEN("its only session belongs to somebody else"),

    // ---- obedience
    IGNORES_COMMANDS("answers as if it obeyed, and does nothing"),
    REFUSES_COMMANDS("refuses every command"),
    REFUSES_WHILE_TUNING("refuses commands while it tunes"),

    // ---- firmware
    OLD_FIRMWARE("has an older firmware, without some of its commands"),
    CHANGED_FIRMWARE("has a firmware whose replies lack what its driver needs"),
    RESTARTS("restarts by itself every ten minutes"),

    // ---- what it mines for
    POOLS_LOST("none of its pools answers"),
    FOREIGN_POOL("mines for a pool and a user that are not its owner's"),

    // ---- in its case
    FAN_FAILED("its fan stands still, so that it overheats"),
    REGULATOR_HOT("its voltage regulator has lost its cooler, and its own protection does not see that"),
    PROTECTION_FAILED("does not stop when its chips are too hot: only the thermal cut-out is left"),

    // ---- readings
    LIES_ABOUT_WATTS("reports half of what it draws"),
    STUCK_SENSOR("repeats the reading of the moment at which this began"),
    LOST_SENSOR("has lost its probe, and says so"),
    LYING_SENSOR("reads 5 K too low, the dangerous direction"),

    // ---- leases
    FORGETS_LEASE("its countdown does not run, though it takes the commands for it");

    private final String description;

    Fault(String description) {
        this.description = description;
    }

    /** For people, such as {@code fan-failed}. */
    public String title() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public String description() {
        return description;
    }

    /** @throws IllegalArgumentException if there is no such fault, naming those there are */
    public static Fault named(String name) {
        return Arrays.stream(values())
                .filter(fault -> fault.title().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "no fault \"" + name + "\" (there are " + titles(Arrays.asList(values())) + ")"));
    }

    /** Their names, with commas. */
    public static String titles(Collection<Fault> faults) {
        return faults.stream().map(Fault::title).collect(Collectors.joining(", "));
    }
}
