/** Finds miners, plugs and thermometers in networks that a person names, by their addresses or by what they announce. Nothing is ever told to change anything. */
package org.athanor.devices.discovery;
