package org.athanor.comfort.learning;

/**
 * Where everything stands in the joint state of a room of so many nodes: temperatures from the air outwards in °C, the
 * unmodelled gain in W now and as it was at the last half hour, then the parameters: logarithms of capacities, links,
 * losses and aperture, logits of the shares of sun and heat that go to the air and of the air's loss that goes
 * through leaks, and the usual gain in W.
 */
record Shape(int nodes) {
    static final int MOST_NODES = 3;

    int gain() {
        return nodes;
    }

    int pastGain() {
        return nodes + 1;
    }

    int firstParameter() {
        return nodes + 2;
    }

    int capacity(int node) {
        return firstParameter() + node;
    }

    /** Between a node and the next one outwards. */
    int link(int node) {
        return capacity(nodes) + node;
    }

    int loss(int node) {
        return link(nodes - 1) + node;
    }

    int aperture() {
        return loss(nodes);
    }

    /** Only of rooms with more than one node, as {@link #heatShare}. */
    int sunShare() {
        return aperture() + 1;
    }

    int heatShare() {
        return aperture() + 2;
    }

    /** How much of the air's loss goes with {@link Draught}. */
    int leakShare() {
        return aperture() + (nodes > 1 ? 3 : 1);
    }

    int usualGain() {
        return leakShare() + 1;
    }

    int size() {
        return usualGain() + 1;
    }
}
