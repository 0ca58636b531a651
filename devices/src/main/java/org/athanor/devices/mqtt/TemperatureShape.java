package org.athanor.devices.mqtt;

/** In which words a temperature is told. */
public sealed interface TemperatureShape {
    /**
     * Zigbee2MQTT: {@code {"temperature":20.3,"last_seen":"…"}}, always in °C. A message without the field tells of something else.
     *
     * @param field {@code temperature}, or {@code local_temperature} of a radiator valve
     */
    record Zigbee2Mqtt(String field) implements TemperatureShape {}

    /**
     * Tasmota's {@code tele/NAME/SENSOR}: {@code {"DS18B20":{"Temperature":20.3},"TempUnit":"C"}}.
     *
     * @param sensor its name there; two of the same kind are told apart as {@code DS18B20-1}
     */
    record Tasmota(String sensor) implements TemperatureShape {}

    /** ESPHome and many others: the number alone. */
    record Bare(Unit unit) implements TemperatureShape {}

    enum Unit {
        CELSIUS,
        FAHRENHEIT;

        double celsius(double value) {
            return this == CELSIUS ? value : (value - 32) / 1.8;
        }
    }
}
