package org.athanor.edge;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.athanor.edge.journal.Event;
import org.athanor.edge.journal.StepRow;
import org.athanor.units.Celsius;

/** What the page shows of a room and changes in it. Safe for use by several threads. */
public interface PageSource {
    /** The latest; empty before the first cycle. */
    Optional<Snapshot> snapshot();

    /** Steps after {@code since}, oldest first, thinned to about {@code most}. */
    List<StepRow> history(Instant since, int most);

    /** What happened that is worth remembering, newest first. */
    List<Event> events(int most);

    /**
     * The setpoint that holds until it is changed or cleared, or until the end of the vacation during which it is set.
     *
     * @throws SettingRefused if it is out of range
     */
    void setpoint(Celsius setpoint);

    /** Back to the schedule. */
    void clearSetpoint();

    /** What people have set, in force or about to be. */
    RoomSettings settings();

    /**
     * Sets all that {@code edit} makes of what is set now, from the next cycle on and after a restart. Nobody else changes anything
     * meanwhile, so that two who change different things at once do not undo each other.
     *
     * @throws SettingRefused for the first value that is out of range; then nothing is changed
     */
    void change(UnaryOperator<RoomSettings> edit);

    /**
     * Sets the child lock, which this code will open. Who asks is to heed the lock: it is kept
     * here, and enforced by the page and for Home Assistant.
     *
     * @param code 4 to 8 digits
     * @throws SettingRefused for another code
     */
    void lock(String code);

    /** Opens the child lock if this is the code that set it; false if not. */
    boolean unlock(String code);
}
