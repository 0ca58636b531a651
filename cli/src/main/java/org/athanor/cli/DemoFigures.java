package org.athanor.cli;

/** What the screen shows beside the heater's own snapshot. */
record DemoFigures(long blocksFound, double blocksExpected) {}
