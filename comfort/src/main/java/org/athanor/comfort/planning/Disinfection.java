package org.athanor.comfort.planning;

/** What a plan does about legionella. */
public sealed interface Disinfection {
    /** Nobody asked for it. */
    record NotWanted() implements Disinfection {}

    /** @param dueInSteps later than the plan reaches */
    record NotDue(int dueInSteps) implements Disinfection {}

    /**
     * @param from step at whose start the tank is hot
     * @param until step at whose start it has been hot for long enough
     * @param extraCost currency that the plan costs more than one without it
     */
    record Planned(int from, int until, double extraCost) implements Disinfection {}

    /** @param reason in a sentence: it must be told, for nobody else disinfects the tank */
    record Refused(String reason) implements Disinfection {}
}
