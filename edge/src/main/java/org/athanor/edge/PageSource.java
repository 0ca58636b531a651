package org.athanor.edge;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.athanor.edge.journal.StepRow;
import org.athanor.units.Celsius;

/** What the page shows and changes. Safe for use by several threads. */
public interface PageSource {
    /** The latest; empty before the first cycle. */
    Optional<Snapshot> snapshot();

    /** Steps after {@code since}, oldest first, thinned to about {@code most}. */
    List<StepRow> history(Instant since, int most);

    /** @throws SettingRefused if the setpoint is out of range */
    void setpoint(Celsius setpoint);

    /** Back to the schedule. */
    void clearSetpoint();
}
