package org.athanor.comfort;

import java.util.HashMap;

/** What thermostat and plan say of a room, said of a tank. */
final class TankWords {
    private TankWords() {}

    static Sentence of(Sentence said) {
        var values = new HashMap<String, Object>();
        said.values().forEach((place, value) -> values.put(place, value instanceof Sentence part ? of(part) : value));
        return new Sentence(of(said.saying()), values);
    }

    private static Saying of(Saying saying) {
        return switch (saying) {
            case NO_ROOM -> Saying.NO_TANK;
            case ROOM_AT -> Saying.TANK_AT;
            case ROOM_ABOVE -> Saying.TANK_ABOVE;
            case ROOM_BELOW -> Saying.TANK_BELOW;
            case LIMITED -> Saying.TANK_LIMITED;
            case PLAN_STAYS_WARM -> Saying.TANK_STAYS_WARM;
            case PLAN_WITHOUT_HEAT -> Saying.TANK_WITHOUT_HEAT;
            case PLAN_UNTIL -> Saying.TANK_UNTIL;
            default -> saying;
        };
    }
}
