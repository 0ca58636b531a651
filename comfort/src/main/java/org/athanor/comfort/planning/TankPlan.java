package org.athanor.comfort.planning;

/**
 * A course of action for a tank.
 *
 * @param problem as the planner saw it, for a {@link FlexibilityEnvelope} and the value of heat
 */
public record TankPlan(HeatPlan plan, HeatProblem problem, Disinfection disinfection) {}
