/**
 * Stateful devices that speak the real protocols on sockets and keep exact books of their energy.
 *
 * <p>Their physics and clocks advance only through {@code advance}: nothing happens between two steps but answers and
 * commands. They announce themselves as simulated.
 */
package org.athanor.devices.simulated;
