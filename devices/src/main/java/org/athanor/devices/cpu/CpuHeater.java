package org.athanor.devices.cpu;

import org.athanor.devices.Capabilities;
import org.athanor.devices.Computation;
import org.athanor.devices.Heater;
import org.athanor.devices.HeaterState;
import org.athanor.units.Watts;

/** This computer's cores as a heater. */
public final class CpuHeater implements Heater {
    private final String id;

    public CpuHeater(String id, Computation computation, int maxThreads, Watts declaredPerThread) {
        this.id = id;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public Capabilities capabilities() {
        throw new UnsupportedOperationException("not built yet");
    }

    @Override
    public HeaterState read() {
        throw new UnsupportedOperationException("not built yet");
    }

    @Override
    public void setLevel(int level) {
        throw new UnsupportedOperationException("not built yet");
    }

    @Override
    public void close() {}
}
