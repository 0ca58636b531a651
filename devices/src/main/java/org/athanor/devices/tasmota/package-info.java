/** Plugs with Tasmota firmware, over its HTTP commands. */
package org.athanor.devices.tasmota;
