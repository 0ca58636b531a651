package org.athanor.cli.plan;

import java.time.LocalTime;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.athanor.comfort.money.HashpricePath;
import org.athanor.comfort.series.Weather;
import org.athanor.devices.catalogue.CatalogueDevice;
import org.athanor.ledger.MiningScenario;
import org.athanor.simulation.HomeSpec;

/**
 * All that a plan needs to know, as a home file says it or by default.
 *
 * @param weatherSource and {@code tariffSource}: in words
 * @param bandKelvin on either side of the setpoint that still counts as comfortable
 * @param openWindowsAbove °C of the air above which people open windows
 * @param occupancy share of the hours that are sold, for machines that are let by the hour
 * @param rentPerHour what the host of one device gets for an hour that is sold, currency
 * @param otherMiningPerHour what one device earns by mining anything but bitcoin in an hour that is not, currency
 * @param alternatives heatings to compare with, the home's own among them
 * @param wear money per kWh that the device draws
 * @param electricityKgPerKwh kg CO2e per kWh, {@code electricityKgSource} in words
 */
public record PlannedHome(
        String name,
        HomeSpec spec,
        Weather weather,
        String weatherSource,
        Tariff tariff,
        String tariffSource,
        List<Setpoint> setpoints,
        double bandKelvin,
        double openWindowsAbove,
        Optional<Quiet> quiet,
        Heating heating,
        Map<HeatingKind, Heating> alternatives,
        CatalogueDevice device,
        int count,
        double occupancy,
        double rentPerHour,
        double otherMiningPerHour,
        double price,
        String priceSource,
        OptionalDouble embodiedKg,
        boolean onlyWhenCheaper,
        double wear,
        Currency currency,
        MiningScenario mining,
        Paths paths,
        double discount,
        int horizonYears,
        double electricityKgPerKwh,
        String electricityKgSource,
        double displacedPue,
        double displacedKgPerKwh) {
    /** From this time of day on, until the next one. */
    record Setpoint(LocalTime from, double celsius) {}

    /** @param mostDecibels dB(A) at one metre */
    record Quiet(LocalTime from, LocalTime until, double mostDecibels) {
        boolean contains(LocalTime time) {
            boolean afterStart = !time.isBefore(from);
            boolean beforeEnd = time.isBefore(until);
            return from.isBefore(until) ? afterStart && beforeEnd : afterStart || beforeEnd;
        }
    }

    record Paths(HashpricePath low, HashpricePath middle, HashpricePath high) {}

    public PlannedHome {
        setpoints = List.copyOf(setpoints);
        if (setpoints.isEmpty()) throw new IllegalArgumentException("a home without a setpoint");
        if (!alternatives.containsKey(heating.kind()))
            throw new IllegalArgumentException("the home's own heating is not among its alternatives");
    }

    /** Before the day's first setting yesterday's last one holds. */
    double setpoint(LocalTime time) {
        double celsius = setpoints.getLast().celsius();
        for (var setting : setpoints) if (!time.isBefore(setting.from())) celsius = setting.celsius();
        return celsius;
    }

    static double warmest(List<Setpoint> setpoints) {
        return setpoints.stream().mapToDouble(Setpoint::celsius).max().orElseThrow();
    }

    Machine machine() {
        double perTerahashHour = mining.hashprice() * (1 - mining.poolFee().doubleValue()) / 24;
        return Machine.of(
                device, count, perTerahashHour, otherMiningPerHour * (1 - occupancy), rentPerHour * occupancy);
    }
}
