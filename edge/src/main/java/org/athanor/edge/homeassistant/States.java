package org.athanor.edge.homeassistant;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.athanor.edge.RoomSettings;
import org.athanor.edge.RoomSettings.Preset;
import org.athanor.edge.Snapshot;
import org.athanor.units.Joules;

/** Values by topic, as Home Assistant reads them. */
final class States {
    /** Says that there is no value: an empty message would be ignored. */
    static final String NONE = "None";

    private final Topics topics;
    private final Map<String, String> values = new LinkedHashMap<>();

    States(Topics topics) {
        this.topics = topics;
    }

    Map<String, String> values() {
        return values;
    }

    void room(String room, Snapshot snapshot, RoomSettings settings) {
        var shown = snapshot.room();
        put(room, "mode", !settings.heating() ? "off" : shown.overridden() ? "heat" : "auto");
        put(room, "setpoint", number(shown.setpoint().value(), 2));
        put(
                room,
                "temperature",
                shown.temperature().map(now -> number(now.value(), 2)).orElse(NONE));
        boolean heats = snapshot.heaters().stream().anyMatch(States::heats);
        put(room, "action", heats ? "heating" : settings.heating() ? "idle" : "off");
        put(room, "preset", settings.preset(snapshot.time()).map(Preset::key).orElse(NONE));
    }

    private static boolean heats(Snapshot.HeaterView heater) {
        if (heater.level().isPresent()) return !heater.level().get().equals("off");
        return heater.watts().filter(watts -> watts.value() > 0).isPresent();
    }

    private void put(String room, String what, String value) {
        values.put(topics.ofRoom(room, what), value);
    }

    void heater(String room, String name, Snapshot.HeaterView heater, Joules energy) {
        values.put(
                topics.ofHeater(room, name, "power"),
                heater.watts().map(watts -> number(watts.value(), 0)).orElse(NONE));
        values.put(topics.ofHeater(room, name, "energy"), energy(energy.kilowattHours()));
        if (heater.mines() || heater.hashrate().isPresent())
            values.put(
                    topics.ofHeater(room, name, "hashrate"),
                    heater.hashrate()
                            .map(rate -> significant(rate.value() / 1e9))
                            .orElse(NONE));
        values.put(
                topics.ofHeater(room, name, "chip"),
                heater.chip().map(chip -> number(chip.value(), 1)).orElse(NONE));
    }

    /**
     * Of all rooms together.
     *
     * @param troubles of their controls
     */
    void home(List<Snapshot> rooms, List<String> troubles) {
        double earned = 0;
        double net = 0;
        double kilowattHours = 0;
        var reasons = JsonNodeFactory.instance.objectNode();
        var list = reasons.putArray("reasons");
        troubles.forEach(list::add);
        for (var snapshot : rooms) {
            earned += snapshot.books().earnedMoney().amount();
            net += snapshot.books().net().amount();
            kilowattHours += snapshot.books().electricityKwh();
            if (snapshot.safety().limiting()) list.add(snapshot.safety().reason());
            snapshot.alarms().forEach(list::add);
        }
        values.put(topics.ofHome("earnings"), number(earned, 4));
        values.put(topics.ofHome("heat_price"), kilowattHours > 0 ? number(net / kilowattHours, 4) : NONE);
        values.put(topics.ofHome("energy"), energy(kilowattHours));
        values.put(topics.ofHome("safety"), list.isEmpty() ? "OFF" : "ON");
        values.put(topics.ofHome("safety_reasons"), reasons.toString());
    }

    /** Rounded down, so that it never seems to fall. */
    private static String energy(double kilowattHours) {
        return BigDecimal.valueOf(kilowattHours).setScale(3, RoundingMode.FLOOR).toPlainString();
    }

    private static String number(double value, int decimals) {
        return BigDecimal.valueOf(value)
                .setScale(decimals, RoundingMode.HALF_EVEN)
                .toPlainString();
    }

    /** Four digits: from a processor's thousands of hashes to a miner's hundreds of terahashes. */
    private static String significant(double value) {
        if (value == 0) return "0";
        return BigDecimal.valueOf(value)
                .round(new MathContext(4, RoundingMode.HALF_EVEN))
                .stripTrailingZeros()
                .toPlainString();
    }

    static Optional<Double> parse(String text) {
        if (!text.strip().matches("[+-]?\\d{1,6}(\\.\\d{1,12})?")) return Optional.empty();
        return Optional.of(Double.parseDouble(text.strip()));
    }
}
