package org.athanor.devices.cgminer;

import java.util.Map;
import java.util.Optional;
import org.athanor.devices.DeviceException;
import org.athanor.devices.DeviceException.Kind;

/** The fields of one object in a reply, read with the bounds in which they are believed. */
public final class CgminerFields {
    private final CgminerClient client;
    private final String command;
    private final Map<String, String> fields;

    /** @param command that was answered with them, for messages */
    public CgminerFields(CgminerClient client, String command, Map<String, String> fields) {
        this.client = client;
        this.command = command;
        this.fields = fields;
    }

    /**
     * The first object called {@code section} in a reply to {@code command}.
     *
     * @throws DeviceException if there is none
     */
    public static CgminerFields first(CgminerClient client, String command, CgminerReply reply, String section) {
        return reply.all(section).stream()
                .findFirst()
                .map(fields -> new CgminerFields(client, command, fields))
                .orElseThrow(() -> client.failure(
                        Kind.GARBLED, command, "", "no " + section + " in its reply: " + reply.described(), null));
    }

    public boolean has(String key) {
        return fields.containsKey(key);
    }

    /** @throws DeviceException if it is missing */
    public String text(String key) {
        var value = fields.get(key);
        if (value == null) throw garbled("no \"" + key + "\" in its reply");
        return value;
    }

    /** Of a field that holds true or false, with or without quotes. */
    public boolean flag(String key) {
        return switch (text(key)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw garbled("\"" + key + "\" is " + fields.get(key) + " (true or false are known)");
        };
    }

    /** @throws DeviceException if it is missing, no number or beyond the bounds */
    public double number(String key, double lowest, double highest) {
        var value = text(key);
        double number;
        try {
            number = Double.parseDouble(value);
        } catch (NumberFormatException e) {
            throw client.failure(Kind.GARBLED, command, "", "\"" + key + "\" is no number: " + value, e);
        }
        if (!(number >= lowest && number <= highest))
            throw garbled("\"" + key + "\" is " + value + " (believed from " + lowest + " to " + highest + ")");
        return number;
    }

    /** As {@link #number}, but empty where there is no such field. */
    public Optional<Double> optionalNumber(String key, double lowest, double highest) {
        return has(key) ? Optional.of(number(key, lowest, highest)) : Optional.empty();
    }

    private DeviceException garbled(String what) {
        return client.failure(Kind.GARBLED, command, "", what, null);
    }
}
