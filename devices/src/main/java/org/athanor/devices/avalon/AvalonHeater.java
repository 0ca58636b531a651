package org.athanor.devices.avalon;

import java.net.InetSocketAddress;
import java.time.Duration;
import org.athanor.devices.Capabilities;
import org.athanor.devices.Heater;
import org.athanor.devices.HeaterState;

/** Driver of an Avalon home heater. */
public final class AvalonHeater implements Heater {
    private final String id;
    private final AvalonModel model;

    public AvalonHeater(String id, AvalonModel model, InetSocketAddress address) {
        this(id, model, address, Duration.ofSeconds(3));
    }

    public AvalonHeater(String id, AvalonModel model, InetSocketAddress address, Duration timeout) {
        this.id = id;
        this.model = model;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public Capabilities capabilities() {
        return model.capabilities();
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
