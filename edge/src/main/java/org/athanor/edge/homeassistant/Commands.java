package org.athanor.edge.homeassistant;

import java.time.Instant;
import java.util.Optional;
import org.athanor.edge.ControlledRoom;
import org.athanor.edge.RefusalWords;
import org.athanor.edge.RoomSettings;
import org.athanor.edge.RoomSettings.Preset;
import org.athanor.edge.SettingRefused;
import org.athanor.edge.Snapshot;
import org.athanor.units.Celsius;

/** What Home Assistant asks of a room, checked as the page checks what it is asked. */
final class Commands {
    private final ControlledRoom room;

    Commands(ControlledRoom room) {
        this.room = room;
    }

    /**
     * @param what mode, setpoint or preset
     * @throws SettingRefused if it is not taken; then nothing is changed
     */
    void obey(String what, String text) {
        var control = room.control();
        if (control.settings().childLock())
            throw new SettingRefused(what, quoted(text), RefusalWords.NOTHING_WHILE_LOCKED);
        switch (what) {
            case "setpoint" -> control.setpoint(celsius(text));
            case "mode" -> control.change(present -> mode(text, present));
            case "preset" -> control.change(present -> preset(text, present));
            default -> throw new SettingRefused("command", what, RefusalWords.COMMAND);
        }
    }

    private static Celsius celsius(String text) {
        return States.parse(text)
                .filter(value -> value > -273)
                .map(Celsius::new)
                .orElseThrow(() -> new SettingRefused("setpoint", quoted(text), RefusalWords.TEMPERATURE));
    }

    private RoomSettings mode(String text, RoomSettings settings) {
        return switch (text) {
            case "off" -> settings.withHeating(false);
            case "auto" -> settings.withHeating(true).withoutSetpoint();
            case "heat" -> settings.withHeating(true).withSetpoint(held(settings), now());
            default -> throw new SettingRefused("mode", quoted(text), RefusalWords.MODE);
        };
    }

    /**
     * The setpoint in force becomes one that stays, as far as one may be chosen; that of a room which was off says nothing of what is
     * wanted.
     */
    private Celsius held(RoomSettings settings) {
        var shown = room.control().snapshot().map(Snapshot::room);
        var held = (settings.hasEnded(now()) ? Optional.<Celsius>empty() : settings.setpoint())
                .or(() -> settings.heating() ? shown.map(Snapshot.Room::setpoint) : Optional.empty())
                .orElse(settings.presets().comfort());
        var most = shown.map(Snapshot.Room::highestSetpoint).filter(highest -> highest.compareTo(held) < 0);
        return most.orElse(held);
    }

    private Instant now() {
        return room.control().snapshot().map(Snapshot::time).orElse(Instant.EPOCH);
    }

    private RoomSettings preset(String text, RoomSettings settings) {
        if (text.equals("none")) return settings.withoutSetpoint();
        for (var preset : Preset.values())
            if (preset.key().equals(text)) {
                var now = room.control()
                        .snapshot()
                        .orElseThrow(() -> new SettingRefused("preset", text, RefusalWords.NOTHING_BEFORE_A_CYCLE))
                        .time();
                return settings.withHeating(true).with(preset, now);
            }
        throw new SettingRefused("preset", quoted(text), RefusalWords.PRESET_OR_NONE);
    }

    private static String quoted(String text) {
        var printable = text.replaceAll("\\p{Cntrl}", "?");
        return "\"" + (printable.length() > 40 ? printable.substring(0, 40) + "…" : printable) + "\"";
    }
}
