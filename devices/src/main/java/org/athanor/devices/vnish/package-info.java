/** Miners with Vnish firmware, over its REST API: they are throttled, or told presets. */
package org.athanor.devices.vnish;
