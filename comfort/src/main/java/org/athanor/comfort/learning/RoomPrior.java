package org.athanor.comfort.learning;

/**
 * What is known of a room before it is measured. Errors of a factor of two are expected and overcome.
 *
 * @param floorArea m² of what the thermometer stands for
 * @param windowArea m² of glass towards the outdoors
 */
public record RoomPrior(double floorArea, Construction construction, Insulation insulation, double windowArea) {
    private static final double USUAL_WINDOWS = 0.15;

    public RoomPrior {
        if (!(floorArea >= 4 && floorArea <= 2000))
            throw new IllegalArgumentException("floor area of a room " + floorArea + " m² (4 to 2000)");
        if (!(windowArea >= 0 && windowArea <= 2 * floorArea))
            throw new IllegalArgumentException(
                    "window area of a room " + windowArea + " m² (0 to twice the floor, " + 2 * floorArea + ")");
        if (construction == null || insulation == null)
            throw new IllegalArgumentException("a room needs its construction and insulation");
    }

    /** With as much glass as is common. */
    public RoomPrior(double floorArea, Construction construction, Insulation insulation) {
        this(floorArea, construction, insulation, USUAL_WINDOWS * floorArea);
    }
}
