package org.athanor.devices.shelly;

import java.net.InetSocketAddress;
import java.time.Duration;
import org.athanor.devices.Thermometer;
import org.athanor.units.Celsius;

public final class ShellyThermometer implements Thermometer {
    private final String id;

    public ShellyThermometer(String id, InetSocketAddress address) {
        this(id, address, Duration.ofSeconds(2));
    }

    public ShellyThermometer(String id, InetSocketAddress address, Duration timeout) {
        this.id = id;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public Celsius read() {
        throw new UnsupportedOperationException("not built yet");
    }

    @Override
    public void close() {}
}
