package org.athanor.comfort;

/** The control of a room or a tank that learns and plans: {@link PlanningController}, {@link TankController}. One thread. */
public interface SinkController {
    /** One step of control, once a minute or so. */
    PlannedStep step(Readings readings, Outlook outlook);

    void override(SetpointOverride wish);

    void clearOverride();

    /** @throws IllegalArgumentException for a schedule of another time zone: what was learned is kept by local hours */
    void follow(Schedule schedule);

    /** What safety must not forget: small enough to be written down after each step, when {@link #toBytes} is not. */
    HeatMemory heatMemory();

    /** What was learned. */
    byte[] toBytes();

    /** How well the sink is known, in words. */
    String knowledge();
}
