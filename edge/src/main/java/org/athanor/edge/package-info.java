/**
 * The heater's program. {@link org.athanor.edge.ControlLoop} runs whole control cycles: read every device, decide,
 * command, read back, renew the plugs' countdowns, journal, publish a {@link org.athanor.edge.Snapshot}. Everything
 * it cannot know itself (tariff, what the pool pays, what a hash stands for) the assembly hands in.
 */
package org.athanor.edge;
