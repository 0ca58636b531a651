package org.athanor.devices.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.athanor.devices.avalon.AvalonModel;
import org.junit.jupiter.api.Test;

class CatalogueTest {
    @Test
    void everyDeviceThatAPlanMayNameIsThere() {
        for (var id : List.of(
                "heatbit",
                "avalon-nano-3s",
                "avalon-mini-3",
                "avalon-q",
                "bitaxe-gamma",
                "antminer-s9",
                "antminer-s19j-pro",
                "antminer-s21",
                "gpu-pc-3090",
                "gpu-pc-4090")) assertTrue(Catalogue.find(id).isPresent(), id);
        assertEquals(Optional.empty(), Catalogue.find("toaster"));
        var ids = new HashSet<String>();
        for (var device : Catalogue.all()) assertTrue(ids.add(device.id()), device.id());
    }

    /** J/TH at the top level: what the sources say, within their own spread. */
    @Test
    void efficienciesAreThoseOfTheSources() {
        var known = Map.of(
                "heatbit", 40.0,
                "avalon-nano-3s", 20.0,
                "avalon-mini-3", 20.0,
                "avalon-q", 16.0,
                "bitaxe-gamma", 17.7,
                "antminer-s9", 103.7,
                "antminer-s19j-pro", 30.5,
                "antminer-s21", 17.5);
        known.forEach((id, joulesPerTerahash) -> assertEquals(
                joulesPerTerahash,
                Catalogue.find(id).orElseThrow().levels().getLast().joulesPerTerahash(),
                0.02 * joulesPerTerahash,
                id));
    }

    @Test
    void aDeviceThatDoesNotMineSellsOtherWork() {
        for (var device : Catalogue.all())
            assertTrue(device.mines() || device.otherWork().isPresent(), device.id());
        var rented = Catalogue.find("gpu-pc-4090").orElseThrow().otherWork().orElseThrow();
        assertEquals(0.2325 * 0.4, rented.expectedPerHour(), 1e-12);
    }

    @Test
    void theAvalonsAreThoseThatTheDriverHeatsWith() {
        var models = Map.of(
                "avalon-mini-3", AvalonModel.MINI_3, "avalon-nano-3s", AvalonModel.NANO_3S, "avalon-q", AvalonModel.Q);
        models.forEach((id, model) -> {
            var device = Catalogue.find(id).orElseThrow();
            assertEquals(
                    model.heatingLevels().stream()
                            .map(level -> level.power().value())
                            .toList(),
                    device.levels().stream().map(level -> level.watts().value()).toList(),
                    id);
            assertEquals(model.capabilities().settle(), device.settle(), id);
        });
    }

    @Test
    void noAirBlownDeviceClaimsToDisinfectATank() {
        for (var device : Catalogue.all())
            assertTrue(
                    device.medium() != Medium.AIR
                            || device.outletMaximumCelsius().value() < 65,
                    device.id());
    }

    @Test
    void whatNobodyStatesIsUnknownAndNotZero() {
        var nano = Catalogue.find("avalon-nano-3s").orElseThrow();
        assertTrue(nano.levels().getFirst().decibels().isEmpty());
        for (var device : Catalogue.all())
            for (var level : device.levels())
                level.decibels().ifPresent(noise -> assertTrue(noise.value() > 20 && noise.value() < 100, device.id()));
        assertThrows(IllegalArgumentException.class, () -> new Figure(1, " ", true));
        assertFalse(Catalogue.find("avalon-q").orElseThrow().price().source().isBlank());
    }
}
