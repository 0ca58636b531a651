package org.athanor.devices.mqtt;

/**
 * What arrives.
 *
 * @param retained whether the broker kept it from earlier, so that nobody knows how old it is
 */
public record MqttMessage(String topic, String text, boolean retained) {}
