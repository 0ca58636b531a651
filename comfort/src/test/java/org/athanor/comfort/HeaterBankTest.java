package org.athanor.comfort;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HeaterBankTest {
    @Test
    void aStartCostsWhatTheSlowestWorkLoses() {
        var trainer = Given.COMPUTER.earningAfter(Duration.ofMinutes(2));
        var bank = new HeaterBank(List.of(trainer, Given.MINER), Set.of("computer", "miner"));
        assertEquals(Duration.ofMinutes(2), bank.device().startSettle());
        var alone = new HeaterBank(List.of(trainer, Given.MINER), Set.of("miner"));
        assertEquals(Duration.ZERO, alone.device().startSettle());
        assertThrows(IllegalArgumentException.class, () -> trainer.earningAfter(Duration.ofSeconds(-1)));
    }

    @Test
    void eachHeaterEarnsByItsOwnWork() {
        var bank = new HeaterBank(List.of(Given.COMPUTER, Given.MINER), Set.of("computer", "miner"));
        var revenue = bank.revenue(Map.of("computer", List.of(0.0, 0.1, 0.2), "miner", List.of(0.0, 1.0, 2.0, 3.0)), 1);
        assertArrayEquals(new double[][] {{0}, {0.1}, {0.2}, {1.2}, {2.2}, {3.2}}, revenue);
    }
}
