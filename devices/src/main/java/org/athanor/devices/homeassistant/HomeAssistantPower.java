package org.athanor.devices.homeassistant;

import java.time.InstantSource;
import java.util.List;
import org.athanor.devices.DeviceException;
import org.athanor.devices.DeviceException.Kind;
import org.athanor.devices.http.JsonHttp;
import org.athanor.units.Watts;

/**
 * A power that Home Assistant knows, such as the heat that a boiler gives. W and kW are understood; what is unavailable,
 * unknown or older than half an hour is no reading.
 *
 * <p>Source: the REST API of Home Assistant's developer documentation.
 */
public final class HomeAssistantPower implements AutoCloseable {
    private static final List<String> KINDS = List.of("sensor", "number", "input_number");
    private static final double MOST_WATTS = 1e6;

    private final EntityReader reader;

    /**
     * @param entity of Home Assistant: a sensor, number or input_number
     * @param clock by which the age of a reading is judged
     * @throws IllegalArgumentException for what is no such entity's name
     */
    public HomeAssistantPower(String id, HomeAssistantAccess access, String entity, InstantSource clock) {
        this.reader = new EntityReader(id, access, entity, clock, KINDS);
    }

    /** @throws IllegalArgumentException for what is no name of an entity that could tell it */
    public static String entity(String name) {
        return EntityReader.entity(name, KINDS);
    }

    /** @throws DeviceException if there is no fresh reading, or one that is no power from 0 to 1 MW */
    public Watts read() {
        var state = reader.freshState();
        double scale = scale(state.at("/attributes/unit_of_measurement").asText(""));
        var text = state.path("state").asText();
        // no NaN, Infinity or hexadecimal, which Double would take
        if (!text.matches("-?\\d{1,9}(\\.\\d{1,20})?"))
            throw reader.http.failure(
                    Kind.GARBLED, reader.states, "its state is no number: " + JsonHttp.quote(text), null);
        double watts = Double.parseDouble(text) * scale;
        if (!(watts >= 0 && watts <= MOST_WATTS))
            throw reader.http.failure(
                    Kind.GARBLED, reader.states, "its power is " + watts + " W (believed from 0 to 1000000 W)", null);
        return new Watts(watts);
    }

    private double scale(String unit) {
        return switch (unit) {
            case "W" -> 1;
            case "kW" -> 1000;
            default ->
                throw reader.http.failure(
                        Kind.REFUSED,
                        reader.states,
                        "it is no power: its unit is " + JsonHttp.quote(unit) + " (W or kW)",
                        null);
        };
    }

    @Override
    public void close() {
        reader.close();
    }
}
