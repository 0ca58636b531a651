/**
 * The heater in Home Assistant: {@link org.athanor.edge.homeassistant.HomeAssistant} announces rooms and heaters by MQTT
 * discovery, tells their states, and takes commands as far as the page would. Sources: Home Assistant's pages on MQTT, its
 * discovery by device (2024.11 and newer), and its MQTT climate, sensor and binary sensor.
 */
package org.athanor.edge.homeassistant;
