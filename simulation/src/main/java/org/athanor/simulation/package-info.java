/** The world outside: homes with richer physics than the controller's model, weather, virtual time. */
package org.athanor.simulation;
