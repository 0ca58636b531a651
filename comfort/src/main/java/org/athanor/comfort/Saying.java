package org.athanor.comfort;

/** What the controller can say, in English; another language has its own words for the same places in braces. */
public enum Saying {
    SAFETY_FIRST("Safety first: {interventions}; {action}."),
    FROST("Frost protection: below {setpoint} everything that can heats; {action}."),
    WANTED("{action} for {demand} wanted: {cause}."),

    ALL_OFF("all heaters off"),
    HEATER("{heater} {watts}"),
    AND("{first} and {rest}"),

    UNMOVED("{cause}, and less heat than the {demand} needed, to see whether the thermometer still moves"),
    MISSING("the thermometer is missing, so at most {allowance} more heat is released on its last reading; {cause}"),
    IMPLAUSIBLE("the thermometer's readings cannot be trusted, so at most {allowance} more heat is released on its last"
            + " good one; {cause}"),

    NO_ROOM("no room temperature is known yet"),
    ROOM_AT("{room} in the room, at its setpoint of {setpoint}"),
    ROOM_ABOVE("{room} in the room, {difference} above its setpoint of {setpoint}"),
    ROOM_BELOW("{room} in the room, {difference} below its setpoint of {setpoint}"),
    NO_TANK("no temperature of the tank is known yet"),
    TANK_AT("{room} in the tank, at its setpoint of {setpoint}"),
    TANK_ABOVE("{room} in the tank, {difference} above its setpoint of {setpoint}"),
    TANK_BELOW("{room} in the tank, {difference} below its setpoint of {setpoint}"),
    QUIET("{cause}, capped at {cap} in quiet hours"),
    LIMITED("{cause} (instead of {wish}: the limits of room and heaters allow {lowest} to {highest})"),

    TANK_LIMITED("{cause} (instead of {wish}: the limits of tank and heaters allow {lowest} to {highest})"),

    PLAN_OTHER_HEAT("the plan leaves this hour's heat to the {source}"),
    PLAN_KEEPS_ON("the plan keeps on for all it sees"),
    PLAN_STAYS_WARM("the room stays warm enough by itself"),
    PLAN_COASTS("coasting until {until}, when a kWh costs {then} instead of {now}"),
    PLAN_WITHOUT_HEAT("the room stays in its band without heat until {until}"),
    PLAN_AHEAD("heating ahead of {until}, when a kWh costs {then} instead of {now}"),
    PLAN_UNTIL("planned until {until}, with the room between {lowest} and {highest} °C"),
    TANK_STAYS_WARM("the water stays hot enough by itself"),
    TANK_WITHOUT_HEAT("the water stays hot enough without heat until {until}"),
    TANK_UNTIL("planned until {until}, with the water between {lowest} and {highest} °C"),
    TANK_DISINFECTS("all of the tank is brought to {celsius} against legionella, until {until}"),
    TANK_OVERDUE("all of the tank is brought to {celsius} against legionella, which is overdue");

    private final String english;

    Saying(String english) {
        this.english = english;
    }

    /** With the places of its values in braces. */
    public String english() {
        return english;
    }
}
