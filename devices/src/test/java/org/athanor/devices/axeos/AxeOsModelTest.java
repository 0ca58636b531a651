package org.athanor.devices.axeos;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class AxeOsModelTest {
    private static Optional<AxeOsModel> told(String chip, int chips, String name) {
        return AxeOsModel.told(chip, chips == 0 ? OptionalInt.empty() : OptionalInt.of(chips), name);
    }

    @Test
    void aChipOfOneModelOrItsNumberOrItsNameTellsTheModel() {
        assertEquals(Optional.of(AxeOsModel.ULTRA), told("BM1366", 0, ""));
        assertEquals(Optional.of(AxeOsModel.GAMMA), told("BM1370", 1, ""));
        assertEquals(Optional.of(AxeOsModel.NERDQAXE_PLUS_PLUS), told("BM1370", 4, ""));
        assertEquals(Optional.of(AxeOsModel.SUPRA), told("BM1368", 0, "Supra"));
        assertEquals(Optional.of(AxeOsModel.NERDQAXE_PLUS), told("BM1368", 0, "NerdQAxe+"));
    }

    @Test
    void whatCouldBeSeveralModelsOrNoneIsLeftToItsOwner() {
        assertEquals(Optional.empty(), told("BM1370", 0, ""));
        assertEquals(Optional.empty(), told("BM1370", 2, ""));
        assertEquals(Optional.empty(), told("BM9999", 0, "Gamma"));
        assertEquals(Optional.empty(), told("", 0, ""));
    }
}
