package org.athanor.cli.heater;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.athanor.cli.heater.HomeSetup.Gpu;
import org.athanor.cli.heater.HomeSetup.HeaterEntry;
import org.athanor.cli.heater.HomeSetup.Tank;
import org.athanor.cli.terminal.UserMistake;
import org.athanor.devices.Capabilities;
import org.athanor.devices.DeviceException;
import org.athanor.devices.Heater;
import org.athanor.devices.Plug;
import org.athanor.devices.gpu.LimitedGpu;
import org.athanor.units.Watts;

/**
 * The GPUs of a home, opened. Only a card knows what it draws, so what a file may say of its plug and its room is settled here,
 * before anything else of the home is opened.
 */
final class Cards implements AutoCloseable {
    /** Opens a card: {@link LimitedGpu#open}. */
    interface Driver {
        /** @throws DeviceException if there is no driver or no such card, or it does not take these limits */
        Heater open(String id, String card, List<Watts> limits);
    }

    private final Map<String, Heater> cards = new LinkedHashMap<>();
    private final List<String> troubles = new ArrayList<>();

    /** Opens what can be opened; the rest is in {@link #troubles}. */
    Cards(HomeSetup setup, Driver driver) {
        for (var entry : setup.heaters()) if (entry.source() instanceof Gpu gpu) open(entry, gpu, driver);
        for (var sink : setup.rooms())
            SinkAdvice.noSetpoint(sink, setup.heaters(), this::nameplate)
                    .ifPresent(why ->
                            troubles.add((sink instanceof Tank ? "tank " : "room ") + sink.id() + ", maximum: " + why));
    }

    /** @throws UserMistake with all troubles, a line each; then nothing is open */
    static Cards open(HomeSetup setup, Driver driver) {
        var cards = new Cards(setup, driver);
        if (cards.troubles.isEmpty()) return cards;
        cards.close();
        throw new UserMistake(String.join(System.lineSeparator(), cards.troubles));
    }

    private void open(HeaterEntry entry, Gpu gpu, Driver driver) {
        try {
            var card = driver.open(entry.id(), gpu.card(), gpu.limits());
            cards.put(entry.id(), card);
            var most = card.capabilities().maximumPower();
            entry.plug()
                    .filter(plug -> !Plug.carries(plug.rating(), most))
                    .ifPresent(plug -> troubles.add("heater " + entry.id() + ", plug.ratingWatts: " + plug.rating()
                            + ": for this card " + most + " or more is accepted"));
        } catch (DeviceException e) {
            troubles.add("heater " + entry.id() + ", kind gpu: " + e.getMessage());
        }
    }

    /** What stands in the way of this home, in sentences. */
    List<String> troubles() {
        return List.copyOf(troubles);
    }

    /** What is known of a heater, which of a card that was opened is what it says. */
    Optional<Capabilities> nameplate(HeaterEntry entry) {
        return Optional.ofNullable(cards.get(entry.id()))
                .map(Heater::capabilities)
                .or(() -> Nameplate.of(entry.source()));
    }

    /** A card, which is its taker's to close from now on. */
    Heater take(HeaterEntry entry) {
        return Optional.ofNullable(cards.remove(entry.id())).orElseThrow();
    }

    @Override
    public void close() {
        for (var card : cards.values()) card.close();
        cards.clear();
    }
}
