package org.athanor.stratum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PayoutsTest {
    private static final List<String> ADDRESSES = List.of(
            "bc1qvyq0cc6rahyvsazfdje0twl7ez82ndmuac2lhv",
            "1FsSia9rv4NeEwvJ2GvXrX7LyxYspbN2mo",
            "36j4NfKv6Akva9amjWrLG6MuSQym1GuEmm");

    private static Payouts payouts(String... shares) {
        var list = new java.util.ArrayList<Payouts.Payout>();
        for (int i = 0; i < shares.length; i++)
            list.add(Payouts.Payout.parse(ADDRESSES.get(i) + (shares[i].isEmpty() ? "" : "=" + shares[i])));
        return new Payouts(list);
    }

    private static List<Long> values(Payouts payouts, long satoshis) {
        return payouts.split(satoshis).stream().map(Template.Output::satoshis).toList();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        1 1 1   | 100        | 34 33 33
        3 1     | 312500003  | 234375003 78125000
        0.5 1.5 | 1000       | 250 750
        1e2 100 | 999        | 500 499
        99.9 .1 | 312500000  | 312187500 312500
        7       | 5          | 5
        1 1     | 0          | 0 0
        1e-9 1e9 | 2100000000000000 | 1 2099999999999999
        """)
    void theValueIsPartedToTheLastSatoshi(String shares, long value, String expected) {
        assertEquals(
                Arrays.stream(expected.split(" ")).map(Long::valueOf).toList(),
                values(payouts(shares.strip().split(" ")), value));
    }

    @Test
    void outputsAddUpToTheValue() {
        var random = new Random(7);
        for (int i = 0; i < 1000; i++) {
            var payouts = payouts(
                    Integer.toString(1 + random.nextInt(1000)),
                    "0." + (1 + random.nextInt(999_999)),
                    Long.toString(random.nextLong(1, 1_000_000_000_000_000_000L)));
            long value = random.nextLong(2_100_000_000_000_000L);
            var values = values(payouts, value);
            assertEquals(value, values.stream().mapToLong(Long::longValue).sum());
            assertTrue(values.stream().allMatch(v -> v >= 0));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "x", " ", "1e999999999", "1=1", "NaN", "1.0000000000000000000000001"})
    void aShareIsAPositiveNumber(String share) {
        var refused = assertThrows(IllegalArgumentException.class, () -> payouts(share));
        assertTrue(refused.getMessage().contains("any positive number"), refused.getMessage());
    }

    @Test
    void anAddressIsNamedOnce() {
        var twice = List.of(
                Payouts.Payout.parse("bc1qvyq0cc6rahyvsazfdje0twl7ez82ndmuac2lhv"),
                Payouts.Payout.parse("BC1QVYQ0CC6RAHYVSAZFDJE0TWL7EZ82NDMUAC2LHV=2"));
        assertThrows(IllegalArgumentException.class, () -> new Payouts(twice));
        assertThrows(IllegalArgumentException.class, () -> new Payouts(List.of()));
    }

    @Test
    void addressesAreOfTheNodesChain() {
        payouts("1").check("main", 312_500_000);
        var refused =
                assertThrows(IllegalArgumentException.class, () -> payouts("1").check("regtest", 1));
        assertTrue(refused.getMessage().endsWith("is of main, and the node's chain is regtest"), refused.getMessage());
    }

    @Test
    void dustIsRefused() {
        payouts("1", "1").check("main", 2 * 546);
        var refused = assertThrows(
                IllegalArgumentException.class, () -> payouts("1000000", "1").check("main", 312_500_000));
        assertTrue(refused.getMessage().contains("312 of 312500000 satoshis, which is dust"), refused.getMessage());
        assertTrue(refused.getMessage().contains("546"), refused.getMessage());
    }

    @Test
    void nobodyIsPaidWhereAnybodyCouldTakeIt() {
        var refused = assertThrows(
                IllegalArgumentException.class, () -> Payouts.Payout.parse("bc1zw508d6qejxtdg4y5r3zarvaryvaxxpcs"));
        assertTrue(refused.getMessage().contains("anybody could take"), refused.getMessage());
    }
}
