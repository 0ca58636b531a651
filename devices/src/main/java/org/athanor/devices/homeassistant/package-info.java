/** Sensors and thermostats that Home Assistant knows, over its REST API. */
package org.athanor.devices.homeassistant;
