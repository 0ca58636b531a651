package org.athanor.comfort.planning;

import org.athanor.comfort.model.RoomModel;

/**
 * What the heat that is in the room at the end is worth: what making it later would cost. Of the heat in the mass only the
 * part counts that will flow to the air; the rest is lost to the outdoors, also while the air is held where it is wanted.
 * Heat beyond that of a room held at the high end of the band is worth nothing.
 */
final class StoredHeat {
    private final double airJoulesPerKelvin;
    private final double massJoulesPerKelvin;
    private final double pricePerJoule;
    private final double airReference;
    private final double massReference;
    private final double coreJoulesPerKelvin;
    private final double coreReference;
    private final double most;

    StoredHeat(HeatProblem problem) {
        RoomModel room = problem.room;
        int last = problem.steps - 1;
        double outdoor = 0;
        int recent = Math.max(0, problem.steps - (int) Math.ceil(24 / problem.hours));
        for (int k = recent; k <= last; k++) outdoor += problem.outdoorCelsius[k] / (problem.steps - recent);
        pricePerJoule = problem.replacementPrice / 3.6e6;
        airJoulesPerKelvin = room.airCapacity();
        airReference = problem.bandLow[last];
        double rise = problem.bandHigh[last] - problem.bandLow[last];
        if (room.layers().isEmpty()) {
            massJoulesPerKelvin = 0;
            massReference = 0;
            coreJoulesPerKelvin = 0;
            coreReference = 0;
            most = airJoulesPerKelvin * rise;
            return;
        }
        var mass = room.layers().getFirst();
        double beyond = mass.toOutdoor();
        if (room.layers().size() > 1) {
            var core = room.layers().get(1);
            beyond += core.toInner() * core.toOutdoor() / (core.toInner() + core.toOutdoor());
        }
        double inward = mass.toInner() / (mass.toInner() + beyond);
        massJoulesPerKelvin = mass.capacity() * inward;
        massReference = outdoor + inward * (airReference - outdoor);
        most = airJoulesPerKelvin * rise + massJoulesPerKelvin * inward * rise;
        if (room.layers().size() < 2) {
            coreJoulesPerKelvin = 0;
            coreReference = 0;
            return;
        }
        var core = room.layers().get(1);
        double back = core.toInner() / (core.toInner() + core.toOutdoor());
        coreJoulesPerKelvin = core.capacity() * back * inward;
        coreReference = outdoor + back * (massReference - outdoor);
    }

    /** Currency. */
    double perMassKelvin() {
        return pricePerJoule * massJoulesPerKelvin;
    }

    double perCoreKelvin() {
        return pricePerJoule * coreJoulesPerKelvin;
    }

    /** Currency, a core's heat left aside. */
    double worth(double air, double mass) {
        double heat = airJoulesPerKelvin * (air - airReference) + massJoulesPerKelvin * (mass - massReference);
        return pricePerJoule * Math.min(heat, most);
    }

    double worth(double[] celsius) {
        double core = celsius.length > 2 ? perCoreKelvin() * (celsius[2] - coreReference) : 0;
        return worth(celsius[0], celsius.length > 1 ? celsius[1] : 0) + core;
    }
}
