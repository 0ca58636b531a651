package org.athanor.devices.homeassistant;

import java.time.InstantSource;
import java.util.List;
import org.athanor.devices.DeviceException.Kind;
import org.athanor.devices.Thermometer;
import org.athanor.devices.http.JsonHttp;
import org.athanor.units.Celsius;

/**
 * A temperature sensor that Home Assistant knows, such as {@code sensor.living_room_temperature}. Its unit is converted; without
 * a unit of temperature it is none. What is unavailable, unknown or older than half an hour is no reading.
 *
 * <p>Source: the REST API of Home Assistant's developer documentation.
 */
public final class HomeAssistantThermometer implements Thermometer {
    private static final List<String> KINDS = List.of("sensor", "number", "input_number");
    private final String id;
    private final EntityReader reader;

    /**
     * @param entity of Home Assistant: a sensor, number or input_number
     * @param clock by which the age of a reading is judged
     * @throws IllegalArgumentException for what is no such entity's name
     */
    public HomeAssistantThermometer(String id, HomeAssistantAccess access, String entity, InstantSource clock) {
        this.id = id;
        this.reader = new EntityReader(id, access, entity, clock, KINDS);
    }

    /** @throws IllegalArgumentException for what is no name of an entity that could tell it */
    public static String entity(String name) {
        return EntityReader.entity(name, KINDS);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public Celsius read() {
        var state = reader.freshState();
        var symbol = state.at("/attributes/unit_of_measurement").asText("");
        var unit = TemperatureUnit.named(symbol)
                .orElseThrow(() -> reader.http.failure(
                        Kind.REFUSED,
                        reader.states,
                        "it is no thermometer: its unit is " + JsonHttp.quote(symbol) + " (°C, °F or K)",
                        null));
        var text = state.path("state").asText();
        // no NaN, Infinity or hexadecimal, which Double would take
        if (!text.matches("-?\\d{1,9}(\\.\\d{1,20})?"))
            throw reader.http.failure(
                    Kind.GARBLED, reader.states, "its state is no number: " + JsonHttp.quote(text), null);
        return reader.plausible(Double.parseDouble(text), unit, "its state");
    }

    @Override
    public void close() {
        reader.close();
    }
}
