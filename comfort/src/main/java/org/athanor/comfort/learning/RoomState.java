package org.athanor.comfort.learning;

/** Temperatures of a room model's nodes, the air first, and how sure they are. */
public final class RoomState {
    private final double[] celsius;
    private final double[][] covariance;

    RoomState(double[] celsius, double[][] covariance) {
        this.celsius = celsius;
        this.covariance = covariance;
    }

    public int nodes() {
        return celsius.length;
    }

    /** As {@code RoomModel} takes them, °C. */
    public double[] celsius() {
        return celsius.clone();
    }

    /** Of the errors of two nodes, K². */
    public double covariance(int node, int other) {
        return covariance[node][other];
    }
}
