/** Drivers of compute heaters, plugs and sensors, and simulated devices that speak the same protocols. */
package org.athanor.devices;
