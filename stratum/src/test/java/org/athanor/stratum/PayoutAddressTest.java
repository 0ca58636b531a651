package org.athanor.stratum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.stream.Collectors;
import org.athanor.hash.Hex;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PayoutAddressTest {
    /** From the test vectors of BIP 350, those of BIP 173 that it left valid among them. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4 | 0014751e76e8199196d454941c45d1b3a323f1433bd6
        tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7 | 00201863143c14c5166804bd19203356da136c985678cd4d27a1b8c6329604903262
        bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y | 5128751e76e8199196d454941c45d1b3a323f1433bd6751e76e8199196d454941c45d1b3a323f1433bd6
        BC1SW50QGDZ25J | 6002751e
        bc1zw508d6qejxtdg4y5r3zarvaryvaxxpcs | 5210751e76e8199196d454941c45d1b3a323
        tb1qqqqqp399et2xygdj5xreqhjjvcmzhxw4aywxecjdzew6hylgvsesrxh6hy | 0020000000c4a5cad46221b2a187905e5266362b99d5e91c6ce24d165dab93e86433
        tb1pqqqqp399et2xygdj5xreqhjjvcmzhxw4aywxecjdzew6hylgvsesf3hn0c | 5120000000c4a5cad46221b2a187905e5266362b99d5e91c6ce24d165dab93e86433
        bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0 | 512079be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798
        """)
    void segwitAddressesBecomeScripts(String address, String script) {
        assertEquals(script, Hex.encode(PayoutAddress.parse(address).script()));
    }

    /** From the test vectors of BIP 350, in its order. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        tc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq5zuyut | begins like no bech32 address
        bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd | checksum is wrong
        tb1z0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqglt7rf | checksum is wrong
        BC1S0XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ54WELL | checksum is wrong
        bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kemeawh | checksum is wrong
        tb1q0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq24jc47 | checksum is wrong
        bc1p38j9r5y49hruaue7wxjce0updqjuyyx0kh56v8s25huc6995vvpql3jow4 | no character 'o'
        BC130XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ7ZWS8R | witness version 17
        bc1pw5dgrnzv | 1 bytes: accepted is 2 to 40
        bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v8n0nx0muaewav253zgeav | 41 bytes: accepted is 2 to 40
        BC1QR508D6QEJXTDG4Y5R3ZARVARYV98GJ9P | 16 bytes: version 0 accepts 20 and 32
        tb1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq47Zagq | mixes upper and lower case
        bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v07qwwzcrf | padding is wrong
        tb1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vpggkg4j | padding is wrong
        bc1gmk9yu | too short
        """)
    void damagedSegwitAddressesAreRefused(String address, String why) {
        var refused = assertThrows(IllegalArgumentException.class, () -> PayoutAddress.parse(address));
        assertTrue(refused.getMessage().contains(why), refused.getMessage());
    }

    /** From Bitcoin Core's key_io_valid.json; what is good for one test chain may be good for others too. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        1FsSia9rv4NeEwvJ2GvXrX7LyxYspbN2mo | 76a914a31c06bd463e3923bc1aadbde48b16976c08071788ac | main
        36j4NfKv6Akva9amjWrLG6MuSQym1GuEmm | a914373b819a068f32b7a6b38b6b38729647cfde01c287 | main
        mzK2FFDEhxqHcmrJw1ysqFkVyhUULo45hZ | 76a914ce28b26c57472737f5c3561a1761185bd8589a4388ac | regtest,signet,test,testnet4
        2NC2hEhe28ULKAJkW5MjZ3jtTMJdvXmByvK | a914ce0bba75891ff9ec60148d4bd4a09ee2dc5c933187 | regtest,signet,test,testnet4
        bc1qvyq0cc6rahyvsazfdje0twl7ez82ndmuac2lhv | 00146100fc6343edc8c874496cb2f5bbfec88ea9b77c | main
        bc1qyucykdlhp62tezs0hagqury402qwhk589q80tqs5myh3rxq34nwqhkdhv7 | 002027304b37f70e94bc8a0fbf500e0c957a80ebda87280ef58214d92f119811acdc | main
        bc1p83n3au0rjylefxq2nc2xh2y4jzz4pm6zxj4mw5pagdjjr2a9f36s6jjnnu | 51203c671ef1e3913f94980a9e146ba895908550ef4234abb7503d436521aba54c75 | main
        tb1qcrh3yqn4nlleplcez2yndq2ry8h9ncg3qh7n54 | 0014c0ef1202759fff90ff19128936814321ee59e111 | signet,test,testnet4
        bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080 | 0014751e76e8199196d454941c45d1b3a323f1433bd6 | regtest
        bcrt1qdavt4j2sd7dlhqsavtnfxvzppw6k7qy97tmnu9 | 00146f58bac9506f9bfb821d62e69330410bb56f0085 | regtest
        bcrt1pfwxjqvtt4tcxrtdluukfmy2dv7xd2qzdfy6kajv5nwn4yam3wxkq3553uh | 51204b8d20316baaf061adbfe72c9d914d678cd5004d49356ec9949ba752777171ac | regtest
        """)
    void anAddressBelongsToItsChains(String address, String script, String chains) {
        var parsed = PayoutAddress.parse(address);
        assertEquals(script, Hex.encode(parsed.script()));
        assertEquals(chains, parsed.chains().stream().sorted().collect(Collectors.joining(",")));
    }

    /** Made by bcoin 1.0.2, whose regtest has prefixes of its own. */
    @Test
    void bcoinsRegtestIsKnown() {
        assertEquals(
                Set.of("regtest"),
                PayoutAddress.parse("RNyCkTVeGDyP5dZvymZeBuhETh494Cvdwc").chains());
        assertEquals(
                "76a914962ad589073eb0d0f35d1e50217446d3aed30ed788ac",
                Hex.encode(PayoutAddress.parse("RNyCkTVeGDyP5dZvymZeBuhETh494Cvdwc")
                        .script()));
        assertEquals(
                "0014ac645080dd6ccc622e0651e986d2859c080e458e",
                Hex.encode(PayoutAddress.parse("rb1q43j9pqxadnxxytsx285cd559nsyqu3vw6qtyh0")
                        .script()));
        assertEquals(
                Set.of("regtest"),
                PayoutAddress.parse("rb1q43j9pqxadnxxytsx285cd559nsyqu3vw6qtyh0")
                        .chains());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "1FsSia9rv4NeEwvJ2GvXrX7LyxYspbN2mp",
                "11FsSia9rv4NeEwvJ2GvXrX7LyxYspbN2mo",
                "1FsSia9rv4NeEwvJ2GvXrX7LyxYspbN2m",
                "5JuW2AMDYu4xVwRG9DZW18VbzQrGcd5RCgb99sS6ehJsNQXu5b9",
                " 1FsSia9rv4NeEwvJ2GvXrX7LyxYspbN2mo",
                "LVg2kJoFNg45Nbpy53h7Fe1wKyeXVRhMH9",
                "bc1",
                "0000000000000000000000000000000000"
            })
    void whatIsNoAddressIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> PayoutAddress.parse(text));
    }

    @Test
    void everyChangeOfOneCharacterIsNoticed() {
        for (var address : new String[] {
            "1FsSia9rv4NeEwvJ2GvXrX7LyxYspbN2mo", "bcrt1pfwxjqvtt4tcxrtdluukfmy2dv7xd2qzdfy6kajv5nwn4yam3wxkq3553uh"
        })
            for (int i = 0; i < address.length(); i++) {
                var other = address.charAt(i) == 'q' ? 'p' : 'q';
                var changed = address.substring(0, i) + other + address.substring(i + 1);
                assertThrows(IllegalArgumentException.class, () -> PayoutAddress.parse(changed), changed);
            }
    }

    /** The figures that Bitcoin Core's policy.h states for its rate of 3000 satoshis per 1000 virtual bytes. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        1FsSia9rv4NeEwvJ2GvXrX7LyxYspbN2mo | 546
        36j4NfKv6Akva9amjWrLG6MuSQym1GuEmm | 540
        bc1qvyq0cc6rahyvsazfdje0twl7ez82ndmuac2lhv | 294
        bc1qyucykdlhp62tezs0hagqury402qwhk589q80tqs5myh3rxq34nwqhkdhv7 | 330
        bc1p83n3au0rjylefxq2nc2xh2y4jzz4pm6zxj4mw5pagdjjr2a9f36s6jjnnu | 330
        """)
    void dustIsWhatBitcoinCoreTakesForIt(String address, long satoshis) {
        assertEquals(satoshis, PayoutAddress.parse(address).dustLimit());
    }

    @Test
    void coinsThatAnybodyCouldTakeAreKnown() {
        assertTrue(PayoutAddress.parse("bc1zw508d6qejxtdg4y5r3zarvaryvaxxpcs").anyoneCanSpend());
        assertTrue(PayoutAddress.parse("BC1SW50QGDZ25J").anyoneCanSpend());
        assertFalse(PayoutAddress.parse("bc1p83n3au0rjylefxq2nc2xh2y4jzz4pm6zxj4mw5pagdjjr2a9f36s6jjnnu")
                .anyoneCanSpend());
        assertFalse(PayoutAddress.parse("36j4NfKv6Akva9amjWrLG6MuSQym1GuEmm").anyoneCanSpend());
    }
}
