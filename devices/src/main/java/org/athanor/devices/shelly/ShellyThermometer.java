package org.athanor.devices.shelly;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import org.athanor.devices.DeviceException.Kind;
import org.athanor.devices.Thermometer;
import org.athanor.devices.http.JsonHttp;
import org.athanor.devices.http.JsonHttp.Request;
import org.athanor.units.Celsius;

/** A Shelly temperature component, generation 2 or later. */
public final class ShellyThermometer implements Thermometer {
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(2);
    private static final Request STATUS = ShellyRpc.call("Temperature.GetStatus", "id=0");

    /** What its DS18B20 probe can measure; a broken one reads 85 or -127 too, which the governor must catch as a jump. */
    private static final double LOWEST = -55;

    private static final double HIGHEST = 125;

    private final String id;
    private final ShellyRpc http;

    public ShellyThermometer(String id, InetSocketAddress address) {
        this(id, address, DEFAULT_TIMEOUT);
    }

    /** @param timeout of one call with its answer */
    public ShellyThermometer(String id, InetSocketAddress address, Duration timeout) {
        this(id, address, Optional.empty(), timeout);
    }

    /**
     * @param password of its user admin; empty where it has none
     * @param timeout of one call with its answer
     */
    public ShellyThermometer(String id, InetSocketAddress address, Optional<String> password, Duration timeout) {
        this.id = id;
        this.http = new ShellyRpc(id, address, password, timeout);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public Celsius read() {
        var status = http.json(STATUS);
        var celsius = status.path("tC");
        boolean plausible = celsius.isNumber() && celsius.doubleValue() >= LOWEST && celsius.doubleValue() <= HIGHEST;
        if (!plausible || !status.path("errors").isEmpty())
            throw http.failure(Kind.GARBLED, STATUS, "no reading: " + JsonHttp.quote(status.toString()), null);
        return new Celsius(celsius.doubleValue());
    }

    @Override
    public void close() {
        http.close();
    }
}
