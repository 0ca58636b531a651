package org.athanor.edge.homeassistant;

import java.util.Optional;
import org.athanor.edge.journal.Journal;
import org.athanor.edge.journal.JournalException;
import org.athanor.units.Joules;

/** Where a heater's energy counter outlives this program. */
public interface EnergyMemory {
    /** @param meter its name, of letters, digits, {@code _}, {@code -} and {@code /} */
    Optional<Joules> recall(String meter);

    /** @throws JournalException if it cannot be kept */
    void keep(String meter, Joules energy);

    /** Among the settings of the home's journal. */
    static EnergyMemory in(Journal journal) {
        return new EnergyMemory() {
            private static final String PREFIX = "homeassistant.energy.";

            @Override
            public Optional<Joules> recall(String meter) {
                return journal.setting(PREFIX + meter).map(text -> new Joules(Double.parseDouble(text)));
            }

            @Override
            public void keep(String meter, Joules energy) {
                journal.setting(PREFIX + meter, Optional.of(Double.toString(energy.value())));
            }
        };
    }
}
