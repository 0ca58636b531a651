package org.athanor.devices.homeassistant;

import java.util.Arrays;
import java.util.Optional;
import org.athanor.units.Celsius;

/** The units in which Home Assistant tells temperatures. */
public enum TemperatureUnit {
    CELSIUS("°C", 1, 0),
    FAHRENHEIT("°F", 1.8, 32),
    KELVIN("K", 1, 273.15);

    private final String symbol;
    private final double perKelvin;
    private final double atZeroCelsius;

    TemperatureUnit(String symbol, double perKelvin, double atZeroCelsius) {
        this.symbol = symbol;
        this.perKelvin = perKelvin;
        this.atZeroCelsius = atZeroCelsius;
    }

    public String symbol() {
        return symbol;
    }

    static Optional<TemperatureUnit> named(String symbol) {
        return Arrays.stream(values())
                .filter(unit -> unit.symbol.equals(symbol))
                .findFirst();
    }

    Celsius celsius(double value) {
        return new Celsius((value - atZeroCelsius) / perKelvin);
    }

    double of(Celsius celsius) {
        return celsius.value() * perKelvin + atZeroCelsius;
    }

    /** Kelvins in so many of this unit's degrees. */
    double kelvins(double degrees) {
        return degrees / perKelvin;
    }
}
