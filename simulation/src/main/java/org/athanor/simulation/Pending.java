package org.athanor.simulation;

/** Keeps the package from being empty until its first type arrives. */
final class Pending {
    private Pending() {}
}
