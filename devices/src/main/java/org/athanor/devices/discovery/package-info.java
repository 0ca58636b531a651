/** Finds miners, plugs and thermometers in networks that a person names. Nothing is ever told to change anything. */
package org.athanor.devices.discovery;
