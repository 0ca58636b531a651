package org.athanor.comfort;

import org.athanor.units.Watts;

/**
 * What a plan wants now.
 *
 * @param watts of all heaters together
 * @param boost of them, from plain elements; the rest is for those that compute
 * @param why the rest of a sentence that begins with what happens
 */
record PlannedDemand(Watts watts, Watts boost, Sentence why) {}
