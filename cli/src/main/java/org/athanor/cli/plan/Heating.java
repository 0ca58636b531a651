package org.athanor.cli.plan;

import java.util.Currency;
import java.util.OptionalDouble;
import org.athanor.comfort.money.Carbon;
import org.athanor.comfort.money.HeatPrice;
import org.athanor.comfort.money.HeatPump;
import org.athanor.units.PricePerKwh;

/**
 * A way to heat the home that is not the compute heater.
 *
 * @param price of a kWh of fuel or of district heat; not looked at for electric heating
 * @param efficiency heat per fuel; not looked at for electric and district heating
 * @param pump kind of heat pump; not looked at for others
 * @param carbonKgPerKwh of fuel or of district heat; empty where it is not known, and not looked at for electric heating
 */
record Heating(
        HeatingKind kind,
        double price,
        double efficiency,
        HeatPump pump,
        OptionalDouble carbonKgPerKwh,
        Currency currency) {
    /** Currency per kWh of heat. */
    double pricePerKwh(double electricity, double outdoorCelsius, double soilCelsius) {
        return switch (kind) {
            case RESISTIVE -> HeatPrice.resistive(money(electricity)).value();
            case GAS, OIL -> HeatPrice.boiler(money(price), efficiency).value();
            case HEAT_PUMP ->
                HeatPrice.heatPump(money(electricity), pump.cop(outdoorCelsius, soilCelsius))
                        .value();
            case DISTRICT -> price;
        };
    }

    private PricePerKwh money(double value) {
        return new PricePerKwh(value, currency);
    }

    /** kg CO2e per kWh of heat; NaN where it is not known. */
    double carbonPerKwh(double electricityKgPerKwh, double outdoorCelsius, double soilCelsius) {
        return switch (kind) {
            case RESISTIVE -> electricityKgPerKwh;
            case GAS, OIL ->
                carbonKgPerKwh.isPresent() ? Carbon.boiler(carbonKgPerKwh.getAsDouble(), efficiency) : Double.NaN;
            case HEAT_PUMP -> Carbon.heatPump(electricityKgPerKwh, pump.cop(outdoorCelsius, soilCelsius));
            case DISTRICT -> carbonKgPerKwh.orElse(Double.NaN);
        };
    }
}
