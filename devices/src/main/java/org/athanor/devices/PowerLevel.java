package org.athanor.devices;

import org.athanor.units.Watts;

/** One level of a heater and the electrical power that its maker declares for it. */
public record PowerLevel(String name, Watts watts) {}
