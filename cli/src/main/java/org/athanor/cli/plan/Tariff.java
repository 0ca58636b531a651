package org.athanor.cli.plan;

import java.time.Duration;

/** What a kWh of electricity costs at a time since the start of the year, local standard time. */
@FunctionalInterface
public interface Tariff {
    double at(Duration sinceYearStart);
}
