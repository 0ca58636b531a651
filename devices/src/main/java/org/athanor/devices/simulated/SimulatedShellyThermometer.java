package org.athanor.devices.simulated;

import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.athanor.devices.simulated.ShellyServer.RpcError;
import org.athanor.units.Celsius;

/** A simulated Shelly thermometer. */
public final class SimulatedShellyThermometer implements Breakable, AutoCloseable {
    static final Set<Fault> SHOWS =
            Faults.and(ShellyServer.SHOWS, Fault.LOST_SENSOR, Fault.STUCK_SENSOR, Fault.LYING_SENSOR);

    private static final double LIE_KELVIN = 5;
    private static final String ID = "shellyplusuni-020000000000";

    private final Supplier<Celsius> temperature;
    private final Faults faults = new Faults(SHOWS);
    private final ShellyServer server;
    private Optional<Celsius> stuckAt = Optional.empty();

    /**
     * @param listen port 0 takes a free one
     * @param temperature asked at each reading, by the threads of the server
     */
    public SimulatedShellyThermometer(InetSocketAddress listen, Supplier<Celsius> temperature) {
        this.temperature = temperature;
        this.server = new ShellyServer(listen, faults, ID, Optional.empty(), this::answer);
    }

    public InetSocketAddress address() {
        return server.address();
    }

    @Override
    public Set<Fault> shows() {
        return SHOWS;
    }

    @Override
    public synchronized void inject(Fault... injected) {
        faults.add(injected);
        if (faults.contains(Fault.STUCK_SENSOR) && stuckAt.isEmpty()) stuckAt = Optional.of(temperature.get());
    }

    @Override
    public synchronized void clear() {
        faults.clear();
        stuckAt = Optional.empty();
    }

    private synchronized Map<String, Object> answer(String method, Map<String, String> parameters) throws RpcError {
        return switch (method) {
            case "Temperature.GetStatus" -> status(parameters.get("id"));
            case "Shelly.GetStatus" -> Map.of("temperature:0", status("0"));
            case "Shelly.GetDeviceInfo" ->
                Map.of("id", ID, "gen", 2, "app", "PlusUni", "auth_en", false, "simulated", "athanor");
            default -> throw RpcError.noMethod(method);
        };
    }

    private Map<String, Object> status(String id) throws RpcError {
        if (id == null) throw RpcError.badArgument("id");
        if (!id.equals("0")) throw RpcError.noComponent("temperature:" + id);
        var status = new LinkedHashMap<String, Object>();
        status.put("id", 0);
        boolean lost = faults.contains(Fault.LOST_SENSOR);
        double celsius =
                stuckAt.orElseGet(temperature).value() - (faults.contains(Fault.LYING_SENSOR) ? LIE_KELVIN : 0);
        status.put("tC", lost ? null : rounded(celsius));
        status.put("tF", lost ? null : rounded(celsius * 1.8 + 32));
        if (lost) status.put("errors", List.of("read"));
        return status;
    }

    private static double rounded(double value) {
        return Math.round(value * 10) / 10.0;
    }

    @Override
    public void close() {
        server.close();
    }
}
