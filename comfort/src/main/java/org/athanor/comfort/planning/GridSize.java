package org.athanor.comfort.planning;

/**
 * How finely the planner tells states apart: places along the temperature of the air and along the slow mode of the room.
 * The grid spans what can be reached and is sensible, so that few places go a long way.
 */
public record GridSize(int air, int slow) {
    public GridSize {
        if (air < 2 || slow < 2)
            throw new IllegalArgumentException("grid of the planner: " + air + " x " + slow + " (each at least 2)");
    }

    public int places() {
        return air * slow;
    }

    @Override
    public String toString() {
        return air + "x" + slow;
    }
}
