/**
 * What a home with a compute heater will cost, before it is bought: {@code home.yaml}, a year of a simulated home, and the
 * figures. Knows nothing of the command around it.
 */
package org.athanor.cli.plan;
