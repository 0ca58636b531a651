/** Thermometers that the kernel shows as files: 1-wire probes and hwmon sensors. */
package org.athanor.devices.files;
