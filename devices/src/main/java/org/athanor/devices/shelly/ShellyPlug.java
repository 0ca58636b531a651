package org.athanor.devices.shelly;

import java.net.InetSocketAddress;
import java.time.Duration;
import org.athanor.devices.Plug;
import org.athanor.devices.PlugState;
import org.athanor.units.Watts;

public final class ShellyPlug implements Plug {
    private final String id;
    private final Watts continuousRating;

    public ShellyPlug(String id, InetSocketAddress address, Watts continuousRating) {
        this(id, address, continuousRating, Duration.ofSeconds(2));
    }

    public ShellyPlug(String id, InetSocketAddress address, Watts continuousRating, Duration timeout) {
        this.id = id;
        this.continuousRating = continuousRating;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public Watts continuousRating() {
        return continuousRating;
    }

    @Override
    public PlugState read() {
        throw new UnsupportedOperationException("not built yet");
    }

    @Override
    public void on(Duration countdown) {
        throw new UnsupportedOperationException("not built yet");
    }

    @Override
    public void off() {
        throw new UnsupportedOperationException("not built yet");
    }

    @Override
    public void close() {}
}
