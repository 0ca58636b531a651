package org.athanor.comfort.learning;

/** What drives a room during a step, beside its people: °C outdoors, W of heat, W/m² of sun on the windows, m/s of wind. */
record Drive(double outdoor, double heat, double sun, double wind) {}
