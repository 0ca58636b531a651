package org.athanor.edge.opentherm;

import org.athanor.comfort.PrimarySource;
import org.athanor.devices.DeviceException;
import org.athanor.devices.DeviceException.Kind;
import org.athanor.devices.opentherm.OpenThermGateway;
import org.athanor.edge.PrimaryHeating;
import org.athanor.units.Celsius;
import org.athanor.units.Watts;

/**
 * A boiler behind an OpenTherm gateway. Its heat is its capacity times what its flame modulates to while it heats rooms, an estimate;
 * while it heats water for taps it gives none. Its thermostat is held back by a temporary override, which the thermostat's programme
 * ends at its next change even if this program is dead by then.
 */
public final class GatewayHeating implements PrimaryHeating {
    private final PrimarySource source;
    private final OpenThermGateway gateway;
    private final Celsius setback;
    private volatile boolean overridden;

    /**
     * @param source of whose consent the gateway knows too
     * @throws IllegalArgumentException if one of the two may command and the other not
     */
    public GatewayHeating(PrimarySource source, OpenThermGateway gateway, Celsius setback) {
        if (source.commanded() != gateway.mayCommand())
            throw new IllegalArgumentException(gateway.id() + ": " + source.title() + " and gateway must agree on"
                    + " whether the owner consents to commands");
        this.source = source;
        this.gateway = gateway;
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
        var boiler = gateway.read();
        if (boiler.fault())
            throw new DeviceException(Kind.GARBLED, gateway.id() + ": the boiler reports a fault, so it may not heat");
        return new State(new Watts(boiler.share() * source.capacity().value()), true, boiler.setpoint());
    }

    @Override
    public void aim(Celsius setpoint) {
        overridden = gateway.mayCommand(); // also if it fails on the way: what it holds then is not known
        gateway.override(setpoint);
    }

    @Override
    public void giveBack(Celsius own) {
        gateway.release();
        overridden = false;
    }

    /** Ends an override that nobody gave back, such as one to the room's setpoint. */
    @Override
    public void close() {
        try {
            if (overridden) gateway.release();
        } finally {
            gateway.close();
        }
    }
}
