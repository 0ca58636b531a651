package org.athanor.cli.heater;

import java.time.Duration;
import org.athanor.cli.heater.HomeSetup.Room;
import org.athanor.cli.heater.HomeSetup.Sink;
import org.athanor.cli.heater.HomeSetup.Tank;
import org.athanor.comfort.Medium;
import org.athanor.comfort.SafetyLimits;
import org.athanor.units.Celsius;
import org.athanor.units.Kelvins;
import org.athanor.units.Watts;

/** What the governor reckons with in a room or tank of which a file says little: always the careful figure. */
final class SinkLimits {
    /** Air and what follows it within minutes: 2.5 m of air alone are 3 kJ/K, light furniture and plaster three times that. */
    private static final double ROOM_JOULES_PER_KELVIN_AND_SQUARE_METRE = 10_000;

    /** Sun, people and cooking at their most. */
    private static final double ROOM_GAINS_PER_SQUARE_METRE = 10;

    private static final double WATER_JOULES_PER_KELVIN_AND_LITRE = 4_186;

    /** Of a tank that is warm above and cold below only the upper half may be what the thermometer sees. */
    private static final double MIXED = 0.5;

    static final Duration STEP = Duration.ofSeconds(60);
    private static final Duration LAG = Duration.ofMinutes(2);
    static final Duration COUNTDOWN = Duration.ofSeconds(150);
    private static final Duration GRACE = Duration.ofMinutes(3);
    private static final Celsius TANK_FROST = new Celsius(4);

    private SinkLimits() {}

    static SafetyLimits of(Sink sink) {
        return switch (sink) {
            case Room room ->
                new SafetyLimits(
                        new Celsius(room.maximumCelsius()),
                        new Celsius(room.frostCelsius()),
                        ROOM_JOULES_PER_KELVIN_AND_SQUARE_METRE * room.prior().floorArea(),
                        new Watts(ROOM_GAINS_PER_SQUARE_METRE * room.prior().floorArea()),
                        room.ownCircuit(),
                        STEP,
                        LAG,
                        new Kelvins(0.3),
                        COUNTDOWN,
                        GRACE);
            case Tank tank ->
                new SafetyLimits(
                        new Celsius(tank.maximumCelsius()),
                        TANK_FROST,
                        WATER_JOULES_PER_KELVIN_AND_LITRE * MIXED * tank.spec().litres(),
                        Watts.ZERO,
                        tank.ownCircuit(),
                        STEP,
                        LAG,
                        new Kelvins(1),
                        COUNTDOWN,
                        GRACE,
                        Medium.WATER);
        };
    }
}
