/** Shelly plugs and thermometers (generation 2 and later) over their HTTP RPC, and heaters that a plug alone controls. */
package org.athanor.devices.shelly;
