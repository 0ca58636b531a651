package org.athanor.devices;

import java.time.Duration;
import java.util.Optional;
import org.athanor.units.Joules;
import org.athanor.units.Watts;

/**
 * What a plug said of itself.
 *
 * @param energy drawn through it since its meter was last reset
 * @param countdownLeft until it switches by itself; empty when no countdown runs
 */
public record PlugState(boolean on, Watts power, Joules energy, Optional<Duration> countdownLeft) {}
