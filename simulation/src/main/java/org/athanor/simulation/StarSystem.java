package org.athanor.simulation;

/**
 * The linear system of one implicit step of a {@link RoomNetwork}, solved along its shape: chains of layers end in surfaces,
 * and surfaces know one another only by the air and by the middle of the radiation's star. So elimination from the chains'
 * far ends inwards leaves two unknowns, and all of it takes as many operations as there are nodes, not their cube.
 *
 * <p>Multiplied by the capacities the matrix is symmetric and positive definite: no pivoting is needed.
 */
final class StarSystem {
    private static final int AIR = 0;

    private final double[] capacity;
    private final double[] convection; // by node, 0 where it is no surface; likewise the two below
    private final double[] radiation;
    private final double[] inward; // conductance to the node before, 0 for surfaces and air
    private double radiationSum;
    private double convectionSum;

    private double step;
    private final double[] diagonal;
    private final double[] pull; // of a node, on the node before it
    private double airAir;
    private double airStar;
    private double starStar;

    /**
     * @param surface node of each surface; layers behind it follow it by index
     * @param linkFrom nodes that are linked to the next by index
     */
    StarSystem(
            double[] capacity,
            int[] surface,
            double[] surfaceConvection,
            double[] surfaceRadiation,
            int[] linkFrom,
            double[] linkConductance) {
        int nodes = capacity.length;
        this.capacity = capacity;
        convection = new double[nodes];
        radiation = new double[nodes];
        inward = new double[nodes];
        diagonal = new double[nodes];
        pull = new double[nodes];
        for (int i = 0; i < surface.length; i++) {
            convection[surface[i]] = surfaceConvection[i];
            radiation[surface[i]] = surfaceRadiation[i];
            convectionSum += surfaceConvection[i];
            radiationSum += surfaceRadiation[i];
        }
        for (int i = 0; i < linkFrom.length; i++) inward[linkFrom[i] + 1] = linkConductance[i];
    }

    /**
     * Prepares 1 - {@code step} A.
     *
     * @param step s, weighted by the rule of integration
     * @param outside W/K of each node to the outdoor air
     * @param airExchange W/K
     */
    void factorise(double step, double[] outside, double airExchange) {
        this.step = step;
        airAir = capacity[AIR] + step * (convectionSum + airExchange);
        airStar = 0;
        starStar = radiationSum;
        double behind = 0; // what the chain so far adds to the node before it
        for (int node = capacity.length - 1; node > AIR; node--) {
            double own = capacity[node]
                    + step * (outside[node] + inward[node] + convection[node] + radiation[node])
                    + behind;
            diagonal[node] = own;
            double coupling = step * inward[node];
            pull[node] = coupling / own;
            behind = coupling - coupling * pull[node];
            // a node without a node before it is a surface: the chain ends here
            if (inward[node] > 0) continue;
            behind = 0;
            double toAir = step * convection[node];
            airAir -= toAir * toAir / own;
            airStar -= toAir * radiation[node] / own;
            starStar -= step * radiation[node] * radiation[node] / own;
        }
    }

    /** In place. */
    void solve(double[] vector) {
        double air = capacity[AIR] * vector[AIR];
        double star = 0;
        double behind = 0;
        for (int node = capacity.length - 1; node > AIR; node--) {
            double right = capacity[node] * vector[node] + behind;
            vector[node] = right;
            behind = pull[node] * right;
            if (inward[node] > 0) continue;
            behind = 0;
            air += step * convection[node] / diagonal[node] * right;
            star += radiation[node] / diagonal[node] * right;
        }
        // the star has no capacity: its equation is the only one without the step's factor
        double determinant = airAir * starStar - step * airStar * airStar;
        double airValue = (air * starStar - step * star * airStar) / determinant;
        double starValue = (star * airAir - air * airStar) / determinant;
        vector[AIR] = airValue;
        for (int node = 1; node < capacity.length; node++) {
            double before = inward[node] > 0
                    ? step * inward[node] * vector[node - 1]
                    : step * (convection[node] * airValue + radiation[node] * starValue);
            vector[node] = (vector[node] + before) / diagonal[node];
        }
    }
}
