/** A boiler and its thermostat, read and overridden through an OpenTherm gateway between the two. */
package org.athanor.devices.opentherm;
