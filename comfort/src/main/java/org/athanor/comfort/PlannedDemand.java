package org.athanor.comfort;

import org.athanor.units.Watts;

/** @param why the rest of a sentence that begins with what happens */
record PlannedDemand(Watts watts, String why) {}
