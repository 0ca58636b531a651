package org.athanor.edge;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.athanor.comfort.Schedule;
import org.athanor.comfort.Schedule.Setting;
import org.athanor.edge.RoomSettings.Vacation;
import org.athanor.edge.journal.Journal;
import org.athanor.units.Celsius;

/**
 * The settings of one room, checked and kept in the journal. Safe for use by several threads.
 *
 * <p>Schedule and quiet hours that nobody has changed are not kept: they follow the configuration.
 */
final class SettingsStore {
    /** Of one room alone, before there were settings. */
    private static final String OLD_SETPOINT = "setpoint.celsius";

    private static final Duration LONGEST_BOOST = Duration.ofHours(12);
    private static final Duration LONGEST_VACATION = Duration.ofDays(366);
    private static final int HASH_ROUNDS = 60_000;

    private final Journal journal;
    private final String key;
    private final Celsius lowest;
    private final Celsius highest;
    private final RoomSettings configured;
    private final SettingsJson json;
    private final Optional<String> lost;
    private volatile RoomSettings settings;

    /**
     * @param key under which the journal keeps them, one for each room
     * @param lowest to {@code highest}: setpoints that are accepted
     */
    SettingsStore(Journal journal, String key, Schedule schedule, Celsius lowest, Celsius highest) {
        this.journal = journal;
        this.key = key;
        this.lowest = lowest;
        this.highest = highest;
        this.configured = RoomSettings.of(schedule, lowest, highest);
        this.json = new SettingsJson(schedule.zone());
        RoomSettings kept = configured;
        String trouble = null;
        try {
            kept = kept();
        } catch (SettingRefused e) { // written by another version: no reason for a cold room
            trouble = "the settings of the room are lost, and those of the configuration hold: " + e.getMessage();
        }
        this.settings = kept;
        this.lost = Optional.ofNullable(trouble);
    }

    private RoomSettings kept() {
        var kept = journal.setting(key)
                .map(text -> json.read(text, configured))
                .orElseGet(() -> journal.setting(OLD_SETPOINT)
                        .map(text -> configured.withSetpoint(new Celsius(Double.parseDouble(text))))
                        .orElse(configured));
        // limits may have been tightened since
        return kept.setpoint().filter(wish -> !accepts(wish, kept)).isPresent() ? kept.withoutSetpoint() : kept;
    }

    /** Why what was kept could not be read, if so. */
    Optional<String> lost() {
        return lost;
    }

    RoomSettings get() {
        return settings;
    }

    /** The highest setpoint that a wish may have now. */
    Celsius highest() {
        return highest(settings);
    }

    private Celsius highest(RoomSettings wanted) {
        return wanted.maximumSetpoint()
                .filter(most -> most.compareTo(highest) < 0)
                .orElse(highest);
    }

    private boolean accepts(Celsius setpoint, RoomSettings wanted) {
        return setpoint.compareTo(lowest) >= 0 && setpoint.compareTo(highest(wanted)) <= 0;
    }

    /** @throws SettingRefused naming the first field that is out of range; then nothing is changed */
    synchronized void change(RoomSettings wanted) {
        check(wanted);
        keep(wanted);
        if (!wanted.childLock()) journal.setting(lockKey(), Optional.empty());
    }

    private void keep(RoomSettings wanted) {
        var tree = json.tree(wanted);
        if (wanted.schedule().equals(configured.schedule())) tree.remove("schedule");
        if (wanted.quiet().equals(configured.quiet())) tree.remove("quiet");
        else if (wanted.quiet().isEmpty()) tree.putNull("quiet");
        if (wanted.presets().equals(configured.presets())) tree.remove("presets");
        journal.setting(key, Optional.of(tree.toString()));
        journal.setting(OLD_SETPOINT, Optional.empty());
        settings = wanted;
    }

    private void check(RoomSettings wanted) {
        wanted.maximumSetpoint().ifPresent(most -> inRange("maximumSetpointCelsius", most, highest));
        // the page's own name for it, and what it may be now
        wanted.setpoint().ifPresent(wish -> inRange("celsius", wish, highest(wanted)));
        for (Setting setting : wanted.schedule())
            inRange("schedule from " + setting.from() + " celsius", setting.setpoint(), highest);
        try {
            new Schedule(json.zone(), wanted.schedule(), wanted.quiet());
        } catch (IllegalArgumentException e) {
            throw new SettingRefused("schedule", e.getMessage(), RefusalWords.ONE_SETPOINT);
        }
        wanted.vacation().ifPresent(this::check);
        var presets = wanted.presets();
        inRange("presets.ecoCelsius", presets.eco(), highest);
        inRange("presets.comfortCelsius", presets.comfort(), highest);
        inRange("presets.boostCelsius", presets.boost(), highest);
        var boost = presets.boostFor();
        if (!boost.isPositive() || boost.compareTo(LONGEST_BOOST) > 0)
            throw new SettingRefused(
                    "presets.boostMinutes",
                    boost.toMinutes(),
                    RefusalWords.MINUTES.with("most", LONGEST_BOOST.toMinutes()));
    }

    private void check(Vacation away) {
        inRange("vacation.celsius", away.setpoint(), highest);
        if (!away.from().isBefore(away.until())
                || Duration.between(away.from(), away.until()).compareTo(LONGEST_VACATION) > 0)
            throw new SettingRefused(
                    "vacation.until",
                    away.until(),
                    RefusalWords.AFTER_FROM.with("from", away.from().toString()));
    }

    private void inRange(String field, Celsius setpoint, Celsius most) {
        if (setpoint.compareTo(lowest) < 0 || setpoint.compareTo(most) > 0)
            throw new SettingRefused(
                    field,
                    setpoint.value(),
                    RefusalWords.SETPOINT.with(
                            "lowest", lowest.value(), "highest", Math.floor(most.value() * 10) / 10));
    }

    // ---- the child lock

    /** Ten thousand codes are soon tried by who holds the journal: the lock keeps off children, not burglars. */
    synchronized void lock(String code) {
        if (!code.matches("[0-9]{4,8}")) throw new SettingRefused("code", "(not shown)", RefusalWords.LOCK_CODE);
        var salt = new byte[16];
        new SecureRandom().nextBytes(salt);
        var hex = HexFormat.of();
        journal.setting(lockKey(), Optional.of(hex.formatHex(salt) + " " + hex.formatHex(hash(code, salt))));
        keep(settings.withChildLock(true));
    }

    synchronized boolean unlock(String code) {
        if (!settings.childLock()) return true;
        var kept = journal.setting(lockKey());
        if (kept.isEmpty()) return false; // locked by a program without a code, which can open it
        var parts = List.of(kept.get().split(" ", 2));
        var hex = HexFormat.of();
        if (!MessageDigest.isEqual(hash(code, hex.parseHex(parts.getFirst())), hex.parseHex(parts.getLast())))
            return false;
        change(settings.withChildLock(false));
        return true;
    }

    private String lockKey() {
        return key + ".lock";
    }

    private static byte[] hash(String code, byte[] salt) {
        var spec = new PBEKeySpec(code.toCharArray(), salt, HASH_ROUNDS, 256);
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(spec)
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has PBKDF2WithHmacSHA256", e);
        } finally {
            spec.clearPassword();
        }
    }
}
