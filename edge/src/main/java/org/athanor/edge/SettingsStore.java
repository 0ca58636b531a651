package org.athanor.edge;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.athanor.comfort.Schedule;
import org.athanor.comfort.Schedule.Setting;
import org.athanor.edge.RoomSettings.Presets;
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
    private final Optional<String> moved;
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
        this.settings = held(kept);
        this.lost = Optional.ofNullable(trouble);
        this.moved = settings.equals(kept)
                ? Optional.empty()
                : Optional.of("kept settings beyond the limits of " + lowest + " to " + highest
                        + " were moved within them; " + String.join("; ", settings.changesSince(kept)));
    }

    private RoomSettings kept() {
        return journal.setting(key)
                .map(text -> json.read(text, configured))
                .orElseGet(() -> journal.setting(OLD_SETPOINT)
                        .map(text -> configured.withSetpoint(new Celsius(Double.parseDouble(text))))
                        .orElse(configured));
    }

    /**
     * Limits may have been tightened since, which makes what is beyond them the nearest that they allow. A configured schedule stays
     * as it is: control limits it, and says so.
     */
    private RoomSettings held(RoomSettings kept) {
        var held = kept.withMaximumSetpoint(
                kept.maximumSetpoint().map(most -> most.compareTo(lowest) < 0 ? lowest : most));
        if (!kept.schedule().equals(configured.schedule()))
            held = held.withSchedule(kept.schedule().stream()
                    .map(each -> new Setting(each.days(), each.from(), within(each.setpoint(), highest)))
                    .toList());
        var presets = kept.presets();
        var most = highest(held);
        return held.withVacation(kept.vacation()
                        .map(away -> new Vacation(away.from(), away.until(), within(away.setpoint(), highest))))
                .withSetpoint(kept.setpoint().map(wish -> within(wish, most)), kept.until())
                .with(new Presets(
                        within(presets.eco(), highest),
                        within(presets.comfort(), highest),
                        within(presets.boost(), highest),
                        presets.boostFor()));
    }

    private Celsius within(Celsius setpoint, Celsius most) {
        if (setpoint.compareTo(lowest) < 0) return lowest;
        return setpoint.compareTo(most) > 0 && most.compareTo(lowest) >= 0 ? most : setpoint;
    }

    /** Why what was kept could not be read, if so. */
    Optional<String> lost() {
        return lost;
    }

    /** What tighter limits made of what was kept, if they did. */
    Optional<String> moved() {
        return moved;
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

    /** @throws SettingRefused naming the first changed field that is out of range; then nothing is changed */
    void change(RoomSettings wanted) {
        change(_ -> wanted);
    }

    /** The same with what {@code edit} makes of what is set now, while nobody else changes it. */
    synchronized void change(UnaryOperator<RoomSettings> edit) {
        var wanted = edit.apply(settings);
        check(wanted, settings);
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

    /** What stays as it is may be beyond the limits, as a configured schedule may: control limits it. */
    private void check(RoomSettings wanted, RoomSettings present) {
        changed(wanted.maximumSetpoint(), present.maximumSetpoint())
                .ifPresent(most -> inRange("maximumSetpointCelsius", most, highest));
        // the page's own name for it, and what it may be now
        changed(wanted.setpoint(), present.setpoint()).ifPresent(wish -> inRange("celsius", wish, highest(wanted)));
        for (Setting setting : wanted.schedule())
            if (!present.schedule().contains(setting))
                inRange("schedule from " + setting.from() + " celsius", setting.setpoint(), highest);
        try {
            new Schedule(json.zone(), wanted.schedule(), wanted.quiet());
        } catch (IllegalArgumentException e) {
            throw new SettingRefused("schedule", e.getMessage(), RefusalWords.ONE_SETPOINT);
        }
        changed(wanted.vacation(), present.vacation()).ifPresent(this::check);
        check(wanted.presets(), present.presets());
    }

    private static <T> Optional<T> changed(Optional<T> wanted, Optional<T> present) {
        return wanted.equals(present) ? Optional.empty() : wanted;
    }

    private void check(Presets presets, Presets present) {
        if (!presets.eco().equals(present.eco())) inRange("presets.ecoCelsius", presets.eco(), highest);
        if (!presets.comfort().equals(present.comfort())) inRange("presets.comfortCelsius", presets.comfort(), highest);
        if (!presets.boost().equals(present.boost())) inRange("presets.boostCelsius", presets.boost(), highest);
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
        keep(settings.withChildLock(false));
        journal.setting(lockKey(), Optional.empty());
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
