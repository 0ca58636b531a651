package org.athanor.edge.homeassistant;

import java.util.Optional;
import org.athanor.comfort.PrimarySource;
import org.athanor.devices.DeviceException;
import org.athanor.devices.DeviceException.Kind;
import org.athanor.devices.homeassistant.ClimateState;
import org.athanor.devices.homeassistant.HomeAssistantClimate;
import org.athanor.devices.homeassistant.HomeAssistantPower;
import org.athanor.edge.PrimaryHeating;
import org.athanor.units.Celsius;
import org.athanor.units.Watts;

/**
 * Radiator valve, boiler or heat pump behind a thermostat that Home Assistant knows. Its heat is what a sensor says or, without
 * one, its capacity for as long as its {@code hvac_action} is heating.
 */
public final class ClimateHeating implements PrimaryHeating {
    private final PrimarySource source;
    private final HomeAssistantClimate climate;
    private final Optional<HomeAssistantPower> heat;
    private final Celsius setback;

    /**
     * @param source of whose consent the climate entity knows too
     * @param heat a sensor of the heat that it gives
     * @throws IllegalArgumentException if one of the two may command and the other not
     */
    public ClimateHeating(
            PrimarySource source, HomeAssistantClimate climate, Optional<HomeAssistantPower> heat, Celsius setback) {
        if (source.commanded() != climate.mayCommand())
            throw new IllegalArgumentException(climate.id() + ": " + source.title() + " and thermostat must agree on"
                    + " whether the owner consents to commands");
        this.source = source;
        this.climate = climate;
        this.heat = heat;
        this.setback = setback;
    }

    @Override
    public PrimarySource source() {
        return source;
    }

    @Override
    public Celsius setback() {
        return setback;
    }

    @Override
    public State read() {
        var state = climate.state();
        boolean on = !state.mode().equals("off");
        var given = heat.isPresent() ? heat.get().read() : byAction(state, on);
        return new State(given, on, state.setpoint());
    }

    private Watts byAction(ClimateState state, boolean on) {
        return switch (state.action()) {
            case HEATING -> source.capacity();
            case OFF, IDLE, COOLING, OTHER -> Watts.ZERO;
            case UNKNOWN -> {
                if (!on) yield Watts.ZERO;
                throw new DeviceException(
                        Kind.GARBLED,
                        climate.id() + ": its thermostat does not say whether it heats (hvac_action): a sensor of its"
                                + " heat is needed");
            }
        };
    }

    @Override
    public void aim(Celsius setpoint) {
        climate.setSetpoint(setpoint);
    }

    @Override
    public void close() {
        climate.close();
        heat.ifPresent(HomeAssistantPower::close);
    }
}
