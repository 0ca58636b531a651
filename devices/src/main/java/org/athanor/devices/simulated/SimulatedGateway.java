package org.athanor.devices.simulated;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Supplier;
import org.athanor.units.Celsius;

/**
 * A simulated OpenTherm gateway with its boiler and thermostat, behind a serial line by TCP: it prints messages of the two until the
 * summary is asked for, and answers the commands that a driver of it needs, with the errors of the real one.
 */
public final class SimulatedGateway implements Breakable, AutoCloseable {
    static final Set<Fault> SHOWS = Faults.of(
            Fault.UNREACHABLE,
            Fault.SILENT,
            Fault.LATE,
            Fault.GARBAGE,
            Fault.TRUNCATED,
            Fault.WRONG_REPLY,
            Fault.IGNORES_COMMANDS,
            Fault.REFUSES_COMMANDS,
            Fault.OLD_FIRMWARE,
            Fault.LOST_SENSOR);

    private static final int LEAST_PERCENT = 20;
    private static final double FULL_AT_KELVINS = 2;
    private static final double HYSTERESIS_KELVINS = 0.25;
    private static final double COLD_WATER = 25;
    private static final double HOT_WATER = 65;
    private static final double FLOW_SECONDS = 180;
    private static final int LONGEST_COMMAND = 64;

    private final SocketServer server;
    private final Faults faults = new Faults(SHOWS);
    private final Supplier<Celsius> room;
    private double setpoint;
    private OptionalDouble override = OptionalDouble.empty();
    private boolean monitors;
    private boolean heats;
    private boolean water;
    private double modulation;
    private double flow = COLD_WATER;
    private boolean printing = true;

    /**
     * @param listen port 0 takes a free one
     * @param room what the thermostat measures
     * @param setpoint of the thermostat's programme
     */
    public SimulatedGateway(InetSocketAddress listen, Supplier<Celsius> room, Celsius setpoint) {
        this.room = room;
        this.setpoint = setpoint.value();
        this.server = new SocketServer(listen, this::serve);
    }

    public InetSocketAddress address() {
        return server.address();
    }

    /** The programme goes on to another setpoint, which ends an override. */
    public synchronized void programme(Celsius next) {
        setpoint = next.value();
        override = OptionalDouble.empty();
    }

    /** What the thermostat aims at. */
    public synchronized Celsius setpoint() {
        return new Celsius(override.orElse(setpoint));
    }

    public synchronized boolean overridden() {
        return override.isPresent();
    }

    /** Whether messages are printed, as others at the line expect. */
    public synchronized boolean printing() {
        return printing;
    }

    /** By its jumper: a gateway that only listens. */
    public synchronized void monitor(boolean only) {
        monitors = only;
    }

    /** Somebody takes a shower: the boiler heats no rooms meanwhile. */
    public synchronized void water(boolean drawn) {
        water = drawn;
    }

    public synchronized void advance(Duration step) {
        double missing = override.orElse(setpoint) - room.get().value();
        heats = missing > (heats ? -HYSTERESIS_KELVINS : HYSTERESIS_KELVINS);
        modulation = heats ? Math.clamp(100 * missing / FULL_AT_KELVINS, 0, 100) : 0;
        double aim = heats ? COLD_WATER + (HOT_WATER - COLD_WATER) * (0.3 + 0.7 * modulation / 100) : COLD_WATER;
        flow = aim + (flow - aim) * Math.exp(-step.toMillis() / 1000.0 / FLOW_SECONDS);
    }

    /** Heat to rooms now, of its largest. */
    public synchronized double share() {
        double least = LEAST_PERCENT / 100.0;
        return heats && !water ? least + (1 - least) * modulation / 100 : 0;
    }

    public synchronized String status() {
        return String.format(
                Locale.ROOT,
                "thermostat aims at %.1f °C%s, %s, flow %.0f °C",
                override.orElse(setpoint),
                override.isPresent() ? " (overridden)" : "",
                heats ? String.format(Locale.ROOT, "boiler at %.0f %%", modulation) : "boiler off",
                flow);
    }

    private void serve(Socket socket) throws IOException {
        if (faults.contains(Fault.UNREACHABLE)) {
            SocketServer.reset(socket);
            return;
        }
        socket.setSoTimeout(0);
        var in = socket.getInputStream();
        if (printing()) print(socket, "T80190000\r\nB40192800\r\n");
        var command = new StringBuilder();
        for (int next = in.read(); next >= 0; next = in.read()) {
            if (next == '\n' || command.length() >= LONGEST_COMMAND) continue;
            if (next != '\r') {
                command.append((char) next);
                continue;
            }
            if (faults.contains(Fault.SILENT)) SocketServer.awaitClose(socket);
            if (faults.contains(Fault.LATE)) {
                in.read(); // the rest of the line's end
                if (!SocketServer.staysUntilLate(socket)) return;
            }
            var answer = faults.contains(Fault.GARBAGE) ? "\u0001\u0002 200 OK <html>\r\n" : answer(command.toString());
            command.setLength(0);
            if (faults.contains(Fault.TRUNCATED)) {
                print(socket, answer.substring(0, answer.length() / 2));
                return;
            }
            if (printing()) print(socket, "T00110000\r\n");
            print(socket, answer);
        }
    }

    private static void print(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private synchronized String answer(String command) {
        if (faults.contains(Fault.WRONG_REPLY)) return "GW: 1\r\n";
        if (!command.matches("[A-Z]{2}=.*")) return "SE\r\n";
        var value = command.substring(3);
        return switch (command.substring(0, 2)) {
            case "PS" -> summary(value);
            case "PR" -> report(value).map(text -> "PR: " + text).orElse("PR: BV") + "\r\n";
            case "TT" -> "TT: " + temporary(value) + "\r\n";
            default -> "NG\r\n";
        };
    }

    private String summary(String value) {
        if (!value.matches("[01]")) return "PS: BV\r\n";
        printing = value.equals("0");
        return "PS: " + value + "\r\n" + (printing ? "" : fields() + "\r\n");
    }

    private Optional<String> report(String what) {
        return switch (what) {
            case "A" -> Optional.of("A=OpenTherm Gateway " + (faults.contains(Fault.OLD_FIRMWARE) ? "4.2.5" : "5.1"));
            case "M" -> Optional.of(monitors ? "M=M" : "M=G");
            case "O" ->
                Optional.of(
                        override.isPresent() ? String.format(Locale.ROOT, "O=T%.2f", override.getAsDouble()) : "O=N");
            default -> Optional.empty();
        };
    }

    private String temporary(String value) {
        if (faults.contains(Fault.REFUSES_COMMANDS)) return "NG";
        if (!value.matches("\\d{1,2}(\\.\\d{1,2})?")) return "SE";
        double wanted = Double.parseDouble(value);
        if (wanted > 30) return "OR";
        if (!faults.contains(Fault.IGNORES_COMMANDS))
            override = wanted == 0 ? OptionalDouble.empty() : OptionalDouble.of(wanted);
        return String.format(Locale.ROOT, "%.2f", wanted);
    }

    private String fields() {
        int flame = heats || water ? 1 : 0;
        int rooms = heats && !water ? 1 : 0;
        int fault = faults.contains(Fault.LOST_SENSOR) ? 1 : 0;
        var status = "0000001" + (heats ? 1 : 0) + "/0000" + flame + (water ? 1 : 0) + rooms + fault;
        var capacity = "24/" + LEAST_PERCENT;
        var aims = number(override.orElse(setpoint));
        var measured = number(room.get().value());
        return faults.contains(Fault.OLD_FIRMWARE)
                ? String.join(
                        ",",
                        status,
                        number(flow),
                        "00000000/00000000",
                        "100.00",
                        capacity,
                        aims,
                        number(modulation),
                        "1.60",
                        measured,
                        number(flow),
                        "45.00",
                        "0.00",
                        number(flow - 8),
                        "60/40",
                        "80/20",
                        "55.00",
                        "75.00",
                        "503",
                        "900",
                        "12",
                        "34",
                        "1200",
                        "3000",
                        "5",
                        "60")
                : String.join(
                        ",",
                        status,
                        number(flow),
                        "00000000/00000000",
                        "0.00",
                        "0.00",
                        "100.00",
                        capacity,
                        aims,
                        number(modulation),
                        "1.60",
                        "0.00",
                        "0.00",
                        measured,
                        number(flow),
                        "45.00",
                        "0.00",
                        number(flow - 8),
                        "0.00",
                        "0",
                        "60/40",
                        "80/20",
                        "55.00",
                        "75.00",
                        "00000000/00000000",
                        "0",
                        "0",
                        "503",
                        "900",
                        "12",
                        "34",
                        "1200",
                        "3000",
                        "5",
                        "60");
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    @Override
    public Set<Fault> shows() {
        return SHOWS;
    }

    @Override
    public void inject(Fault... injected) {
        faults.add(injected);
    }

    @Override
    public void clear() {
        faults.clear();
    }

    @Override
    public void close() {
        server.close();
    }
}
