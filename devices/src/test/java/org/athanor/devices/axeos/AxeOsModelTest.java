package org.athanor.devices.axeos;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AxeOsModelTest {
    private static Optional<AxeOsModel> told(String reply) throws IOException {
        return AxeOsModel.told(new ObjectMapper().readTree(reply));
    }

    @Test
    void aChipOfOneModelOrItsNumberOrItsNameTellsTheModel() throws IOException {
        assertEquals(Optional.of(AxeOsModel.ULTRA), told("{\"ASICModel\": \"BM1366\"}"));
        assertEquals(Optional.of(AxeOsModel.GAMMA), told("{\"ASICModel\": \"BM1370\", \"asicCount\": 1}"));
        assertEquals(Optional.of(AxeOsModel.NERDQAXE_PLUS_PLUS), told("{\"ASICModel\": \"BM1370\", \"asicCount\": 4}"));
        assertEquals(Optional.of(AxeOsModel.SUPRA), told("{\"ASICModel\": \"BM1368\", \"deviceModel\": \"Supra\"}"));
        assertEquals(
                Optional.of(AxeOsModel.NERDQAXE_PLUS),
                told("{\"ASICModel\": \"BM1368\", \"deviceModel\": \"NerdQAxe+\"}"));
    }

    @Test
    void whatCouldBeSeveralModelsOrNoneIsLeftToItsOwner() throws IOException {
        assertEquals(Optional.empty(), told("{\"ASICModel\": \"BM1370\"}"));
        assertEquals(Optional.empty(), told("{\"ASICModel\": \"BM1370\", \"asicCount\": 2}"));
        assertEquals(Optional.empty(), told("{\"ASICModel\": \"BM9999\", \"deviceModel\": \"Gamma\"}"));
        assertEquals(Optional.empty(), told("{\"ASICModel\": [\"BM1366\"]}"));
    }
}
