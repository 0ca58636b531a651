/** Thermometers and plugs behind an MQTT broker: Zigbee2MQTT, Tasmota, ESPHome; and the one connection that they share. */
package org.athanor.devices.mqtt;
