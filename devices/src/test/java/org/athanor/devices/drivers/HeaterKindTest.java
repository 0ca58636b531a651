package org.athanor.devices.drivers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.athanor.devices.PowerLevel;
import org.athanor.units.Watts;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What owners may say of levels, and what they are told where that cannot be. */
class HeaterKindTest {
    private static HeaterSettings settings(HeaterKind kind, String levels) {
        return new HeaterSettings(
                "rack",
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 9),
                Optional.empty(),
                Optional.empty(),
                Stream.of(levels.split(";")).map(kind::level).toList(),
                Optional.of(new Watts(3500)),
                true,
                Duration.ofSeconds(1),
                Optional.empty());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            BRAIINS       | 800 W;1200             | 800 W;1200 W
            LUXOS         | 290MHz 800;340MHz 1400 | 290MHz;340MHz
            VNISH         | 1000;2500              | 40 %;100 %
            VNISH         | 1800 1750;3050 3100    | preset 1800;preset 3050
            WHATSMINER_V2 | 2000;3400              | 2000 W;3400 W
            WHATSMINER_V3 | 60 % of 3400 W;3400 W  | 60 % of 3400 W;3400 W
            ANTMINER      | 2400;3250              | low power;normal
            """)
    void levelsAreWhatTheirOwnerSays(HeaterKind kind, String levels, String names) {
        try (var heater = kind.create(settings(kind, levels))) {
            var found = heater.capabilities().levels();
            assertEquals(
                    List.of(names.split(";")),
                    found.subList(1, found.size()).stream()
                            .map(PowerLevel::name)
                            .toList());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            BRAIINS       | 1200;800             | levels 1200 W, 800 W (ascending by power, at most its maximum of 3500 W, are accepted)
            BRAIINS       | 800;3501             | levels 800 W, 3501 W (ascending by power, at most its maximum of 3500 W, are accepted)
            BRAIINS       | eco 800              | level eco 800 (the watts of a power target, such as 1200, is accepted)
            LUXOS         | 800                  | level 800 (the name of a profile and its watts, such as 290MHz 800, is accepted)
            LUXOS         | b 1800;a 1200        | levels 1800 W (b), 1200 W (a) (ascending by power, at most its maximum of 3500 W, are accepted)
            LUXOS         | a 1200;a 1800        | levels 1200 W (a), 1800 W (a) (to the device two of them are the same, a: one of these is accepted)
            VNISH         | 300;3400             | level 300 W, which is a throttle of 9 % (20 to 100 % of the highest are accepted)
            VNISH         | 3400;1200            | levels 3400 W (100 %), 1200 W (35 %) (ascending by power, at most its maximum of 3500 W, are accepted)
            VNISH         | 3390;3400            | levels 3390 W (100 %), 3400 W (100 %) (to the device two of them are the same, 100 %: one of these is accepted)
            VNISH         | 1200 1200;3400       | some levels are presets and some watts alone, which throttle whatever preset was chosen last (either all or none with a preset are accepted)
            WHATSMINER_V2 | 3400;60% of 3400     | levels 3400 W, 2040 W (60 % of 3400 W) (ascending by power, at most its maximum of 3500 W, are accepted)
            WHATSMINER_V3 | 40% of 3400          | level 40 % of 3400 W (50 to 100 % are accepted)
            WHATSMINER_V3 | 60% of 4000          | level 60 % of 4000 W (a share of at most its maximum of 3500 W is accepted)
            WHATSMINER_V3 | eco 3400             | level eco 3400 (the watts of a power limit, such as 3400, or a share of one without a restart, such as 60% of 3400, is accepted)
            ANTMINER      | 1000;2000;3000       | levels [1000, 2000, 3000] (normal, or low power and normal: this firmware has no others)
            ANTMINER      | 3000;2400            | levels 3000 W (low power), 2400 W (normal) (ascending by power, at most its maximum of 3500 W, are accepted)
            MINI3         | 500                  | level 500 (it has levels of its own, so none is accepted)
            """)
    void whatCannotBeIsSaidInTheirWords(HeaterKind kind, String levels, String said) {
        var wrong = assertThrows(
                IllegalArgumentException.class,
                () -> kind.create(settings(kind, levels)).close());
        assertEquals(said, wrong.getMessage());
    }
}
