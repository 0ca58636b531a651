package org.athanor.edge.page;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.athanor.edge.ControlledRoom;
import org.athanor.edge.RefusalWords;
import org.athanor.edge.SettingRefused;
import org.athanor.edge.SettingsJson;
import org.athanor.edge.Snapshot;

/** One room as the page serves it. */
final class RoomDesk {
    private final ControlledRoom room;
    private final Tries tries = new Tries(System::nanoTime);
    private volatile Rendered rendered = new Rendered(null, "");

    private record Rendered(Snapshot snapshot, String json) {}

    RoomDesk(ControlledRoom room) {
        this.room = room;
    }

    ControlledRoom room() {
        return room;
    }

    /** All listeners share one rendering of a snapshot. */
    String state(Snapshot snapshot) {
        var last = rendered;
        if (snapshot.equals(last.snapshot())) return last.json();
        var next = new Rendered(snapshot, Json.state(snapshot));
        rendered = next;
        return next.json();
    }

    private ZoneId zone() {
        return room.control()
                .snapshot()
                .map(snapshot -> snapshot.world().zone())
                .orElse(ZoneOffset.UTC);
    }

    private Instant now() {
        return room.control().snapshot().map(Snapshot::time).orElse(Instant.EPOCH);
    }

    String settings() {
        return Json.settings(room.control().settings(), now(), zone());
    }

    /**
     * Changes what {@code json} names; two pages that change different things at once do not undo each other.
     *
     * @return the settings now
     */
    String change(String json) {
        room.control().change(present -> {
            var wanted = new SettingsJson(zone()).read(json, present, now());
            if (wanted.childLock() != present.childLock())
                throw new SettingRefused("childLock", wanted.childLock(), RefusalWords.LOCK_BY_CODE);
            return wanted;
        });
        return settings();
    }

    /** @throws Refusal for a wrong code, and while there were too many */
    void unlock(String code) {
        if (!tries.allowed())
            throw new Refusal(429, RefusalWords.LOCK_CODES_TOO_MANY.with("minutes", Tries.PAUSE.toMinutes()));
        if (!room.control().unlock(code)) {
            tries.wrong();
            throw new Refusal(403, RefusalWords.LOCK_CODE_WRONG);
        }
        tries.right();
    }
}
