package org.athanor.devices.opentherm;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.athanor.devices.DeviceException;
import org.athanor.devices.DeviceException.Kind;
import org.athanor.devices.HostNames;
import org.athanor.units.Celsius;

/**
 * An OpenTherm gateway with the firmware of Schelte Bron, behind a server that passes its serial line on by TCP.
 *
 * <p>It is told two letters, an equals sign and a value, and answers the two letters, a colon and what it took, or two letters for
 * what is wrong. Between that it prints each message of boiler and thermostat, unless the summary was asked for; so printing is
 * switched on again after each reading, for others that listen at the same line.
 *
 * <p>Only the temporary override of the room's setpoint is ever set ({@code TT}), which the thermostat's own programme ends at its
 * next change, and never the water's temperature. Sources: the firmware's command list (otgw.tclcode.com) and what pyotgw, the
 * library of Home Assistant, sends and expects.
 */
public final class OpenThermGateway implements AutoCloseable {
    /** Of the serial line, by the gateway's usual network firmware. */
    public static final int PORT = 25238;

    private static final Celsius LOWEST = new Celsius(1);
    private static final Celsius HIGHEST = new Celsius(30);
    private static final double TAKEN_KELVINS = 0.06;

    private static final int LONGEST_LINE = 256;
    private static final int MOST_LINES = 500;
    /** Each is one of two letters in place of a value, or a line alone. */
    private static final Set<String> ERRORS = Set.of("NG", "SE", "BV", "OR", "NS", "NF", "OE");

    /** Places of fields in the summary, which newer firmware has more of. */
    private record Places(int fields, int capacity, int setpoint, int modulation, int room, int flow) {
        static final List<Places> KNOWN = List.of(new Places(25, 4, 5, 6, 8, 9), new Places(34, 6, 7, 8, 12, 13));
    }

    private final String id;
    private final InetSocketAddress address;
    private final boolean mayCommand;
    private final Duration timeout;

    /**
     * @param mayCommand whether its owner consents to overriding the room's setpoint
     * @param timeout of all that is done at a time
     */
    public OpenThermGateway(String id, InetSocketAddress address, boolean mayCommand, Duration timeout) {
        this.id = id;
        this.address = address;
        this.mayCommand = mayCommand;
        this.timeout = timeout;
    }

    public String id() {
        return id;
    }

    public boolean mayCommand() {
        return mayCommand;
    }

    /** @throws DeviceException if there is no plausible answer in time */
    public synchronized BoilerState read() {
        try (var line = new Line()) {
            line.tell("PS", "1");
            var summary = line.summary();
            line.tell("PS", "0");
            return state(summary);
        }
    }

    private BoilerState state(String summary) {
        var fields = summary.split(",", -1);
        var places = Places.KNOWN.stream()
                .filter(known -> known.fields() == fields.length)
                .findFirst()
                .orElseThrow(() -> failure(
                        Kind.GARBLED, "PS=1", "a summary of " + fields.length + " fields (25 or 34 are known)", null));
        if (!fields[0].matches("[01]{8}/[01]{8}"))
            throw failure(Kind.GARBLED, "PS=1", "its status is " + quoted(fields[0]), null);
        var boiler = fields[0].substring(9); // the lowest bit stands last
        boolean flame = boiler.charAt(4) == '1';
        boolean rooms = boiler.charAt(6) == '1' && boiler.charAt(5) == '0';
        return new BoilerState(
                boiler.charAt(7) == '1',
                flame && rooms,
                number(fields[places.modulation()], "modulation", 0, 100) / 100,
                least(fields[places.capacity()]),
                temperature(fields[places.setpoint()], "room setpoint", 0, 40),
                temperature(fields[places.room()], "room temperature", -40, 60),
                temperature(fields[places.flow()], "flow temperature", -40, 127));
    }

    /** Largest capacity in kW and least modulation in per cent, 0 where it tells none. */
    private Optional<Double> least(String field) {
        var parts = field.split("/", -1);
        if (parts.length != 2) throw failure(Kind.GARBLED, "PS=1", "its capacity is " + quoted(field), null);
        double percent = number(parts[1], "least modulation", 0, 255);
        return percent > 0 && percent <= 100 ? Optional.of(percent / 100) : Optional.empty();
    }

    /** 0.00 is what the gateway prints for what it was never told. */
    private Optional<Celsius> temperature(String field, String name, double lowest, double highest) {
        double value = number(field, name, lowest, highest);
        return value == 0 ? Optional.empty() : Optional.of(new Celsius(value));
    }

    private double number(String text, String name, double lowest, double highest) {
        if (text.matches("-?\\d{1,3}(\\.\\d{1,2})?")) {
            double value = Double.parseDouble(text);
            if (value >= lowest && value <= highest) return value;
        }
        throw failure(
                Kind.GARBLED,
                "PS=1",
                "its " + name + " is " + quoted(text) + " (believed from " + lowest + " to " + highest + ")",
                null);
    }

    /**
     * Overrides the room's setpoint until the thermostat's programme changes it, and returns once the gateway has taken it. Whether
     * the thermostat obeys shows in {@link BoilerState#setpoint}, within a minute or two.
     *
     * @throws IllegalStateException if its owner has not consented
     * @throws DeviceException of kind REFUSED if it is not taken
     */
    public synchronized void override(Celsius setpoint) {
        if (setpoint.compareTo(LOWEST) < 0 || setpoint.compareTo(HIGHEST) > 0)
            throw failure(Kind.REFUSED, "TT=" + text(setpoint), "it takes " + LOWEST + " to " + HIGHEST, null);
        set(setpoint);
    }

    /** Ends the override: the thermostat's own setpoint holds. Failures as those of {@link #override}. */
    public synchronized void release() {
        set(new Celsius(0));
    }

    private void set(Celsius setpoint) {
        if (!mayCommand)
            throw new IllegalStateException(id + ": its owner has not consented to overriding the room's setpoint");
        var command = "TT=" + text(setpoint);
        try (var line = new Line()) {
            if (!line.tell("PR", "M").equals("M=G"))
                throw failure(
                        Kind.REFUSED, command, "it only monitors, and changes nothing (GW=1 makes it a gateway)", null);
            var taken = line.tell("TT", text(setpoint));
            var override = line.tell("PR", "O");
            boolean released = setpoint.value() == 0;
            boolean holds = released
                    ? override.equalsIgnoreCase("O=N")
                    : override.matches("O=[TtCc]\\d{1,2}\\.\\d{1,2}")
                            && Math.abs(Double.parseDouble(override.substring(3)) - setpoint.value()) < TAKEN_KELVINS;
            if (!holds)
                throw failure(
                        Kind.REFUSED, command, "it said " + quoted(taken) + " and holds " + quoted(override), null);
        }
    }

    private static String text(Celsius setpoint) {
        return String.format(Locale.ROOT, "%.2f", setpoint.value());
    }

    private static String quoted(String text) {
        var shown = text.length() > 60 ? text.substring(0, 60) + "…" : text;
        return '"' + shown.replaceAll("\\p{Cntrl}", "?") + '"';
    }

    private DeviceException failure(Kind kind, String command, String what, Throwable cause) {
        return new DeviceException(
                kind,
                command + " to " + id + " at " + address.getHostString() + ":" + address.getPort() + ": " + what,
                cause);
    }

    /** A connection, for a few commands that have one time limit together. */
    private final class Line implements AutoCloseable {
        private final Socket socket = new Socket();
        private final long end = System.nanoTime() + timeout.toNanos();
        private final InputStream in;
        private String latest = "connecting";
        private int lines;

        Line() {
            try {
                socket.connect(HostNames.now(address), left());
                in = new BufferedInputStream(socket.getInputStream());
            } catch (IOException e) {
                close();
                throw failure(Kind.UNREACHABLE, latest, String.valueOf(e.getMessage()), e);
            }
        }

        /** @return what it says of the command */
        String tell(String command, String value) {
            latest = command + "=" + value;
            try {
                socket.getOutputStream().write((latest + "\r\n").getBytes(StandardCharsets.US_ASCII));
                while (true) {
                    var line = line();
                    var said =
                            line.startsWith(command + ": ") ? line.substring(4).strip() : "";
                    if (ERRORS.contains(line) || ERRORS.contains(said))
                        throw failure(Kind.REFUSED, latest, "it answered " + line, null);
                    if (!said.isEmpty()) return said;
                }
            } catch (IOException e) {
                throw failure(Kind.UNREACHABLE, latest, String.valueOf(e.getMessage()), e);
            }
        }

        /** The line after that to a summary, among messages that were on their way. */
        String summary() {
            try {
                while (true) {
                    var line = line();
                    if (line.indexOf(',') >= 0) return line;
                    if (!line.matches("[TBRAE][0-9A-F]{8}") && !line.isEmpty())
                        throw failure(Kind.GARBLED, latest, "in place of a summary " + quoted(line), null);
                }
            } catch (IOException e) {
                throw failure(Kind.UNREACHABLE, latest, String.valueOf(e.getMessage()), e);
            }
        }

        private String line() throws IOException {
            if (++lines > MOST_LINES)
                throw failure(Kind.GARBLED, latest, MOST_LINES + " lines, none of which answers", null);
            var text = new StringBuilder();
            while (true) {
                socket.setSoTimeout(left());
                int next = in.read();
                if (next < 0) throw new IOException("the connection was closed");
                if (next == '\n') return text.toString().strip();
                if (text.length() >= LONGEST_LINE)
                    throw failure(Kind.GARBLED, latest, "a line without an end: " + quoted(text.toString()), null);
                text.append((char) next);
            }
        }

        private int left() throws IOException {
            long millis = (end - System.nanoTime()) / 1_000_000;
            if (millis <= 0) throw new IOException("no answer within " + timeout.toMillis() + " ms");
            return (int) millis;
        }

        @Override
        public void close() {
            try {
                socket.close();
            } catch (IOException e) {
                throw failure(Kind.UNREACHABLE, latest, "closing: " + e.getMessage(), e);
            }
        }
    }

    @Override
    public void close() {} // each time has a connection of its own
}
