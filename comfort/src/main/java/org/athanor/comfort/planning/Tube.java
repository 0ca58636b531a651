package org.athanor.comfort.planning;

/**
 * Where the grid lies before each step, and at the end: between the room held just below the comfort band and the room held
 * just above it, as far as our heat can do that. More heat never makes any node of a room colder, so that every course in
 * between stays between these two.
 */
final class Tube {
    /** How far beyond the band the grid reaches. What lies further out counts as the edge, beside the discomfort of its own. */
    private static final double BEYOND_BAND = 1;

    private static final double SENSIBLE_BEYOND_BAND = 0.3;

    /** What levels cannot hold exactly. */
    private static final double LEEWAY = 0.1;

    /** A hard limit that is not far beyond that is within the grid. */
    private static final double BEYOND_HARD_LIMIT = 0.4;

    /** Room on both sides for the slope of the value where the first steps leave hardly any. */
    private static final double AIR_PAD = 0.2;

    private static final double SLOW_PAD = 0.05;

    double[] airLow = {};
    double[] airStep = {};
    double[] slowLow = {};
    double[] slowStep = {};
    /** The hard limits at the end of each step, moved out to where even the low, or the high, end of the band leads beyond them. */
    double[] hardLow = {};

    double[] hardHigh = {};
    /** The high end of the band at the end of each step, moved out in the same way. */
    double[] overheat = {};
    /** Up to where other sources are thought to heat. */
    double[] heatedTo = {};

    void lay(HeatProblem problem, ModalRoom room, Choices choices, GridSize grid) {
        int steps = problem.steps;
        if (airLow.length < steps + 1) {
            airLow = new double[steps + 1];
            airStep = new double[steps + 1];
            slowLow = new double[steps + 1];
            slowStep = new double[steps + 1];
            hardLow = new double[steps];
            hardHigh = new double[steps];
            overheat = new double[steps];
            heatedTo = new double[steps];
        }
        layLimits(problem, room, choices);
        double coldAir = problem.startCelsius[0];
        double warmAir = coldAir;
        double coldSlow = room.slow(problem.startCelsius);
        double warmSlow = coldSlow;
        // the fast mode, air - slow, forgets within an hour or two: its own bounds keep the grid narrow
        double fastLow = coldAir - coldSlow;
        double fastHigh = fastLow;
        for (int k = 0; ; k++) {
            int before = Math.max(0, k - 1);
            int now = Math.min(k, steps - 1);
            double low = Math.min(coldAir, Math.min(lowest(problem, before), lowest(problem, now)));
            double high = Math.max(warmAir, Math.max(highest(problem, before), highest(problem, now)));
            low = Math.max(low, fastLow + coldSlow - AIR_PAD);
            high = Math.min(high, fastHigh + warmSlow + AIR_PAD);
            airLow[k] = low;
            airStep[k] = (high - low) / (grid.air() - 1);
            slowLow[k] = coldSlow - SLOW_PAD;
            slowStep[k] = (Math.max(coldSlow, warmSlow) - coldSlow + 2 * SLOW_PAD) / (grid.slow() - 1);
            if (k == steps) return;

            double least = choices.leastHeat(k);
            double most = choices.mostHeat(k);
            double cold = held(room, k, coldAir, coldSlow, lowest(problem, k), least, most);
            double warm = held(room, k, warmAir, warmSlow, highest(problem, k), least, most);
            // what was promised may lead further, up to the hard limit
            double promised = problem.device.watts(problem.minimumLevel[k]) * problem.device.heatShare();
            double utmost = held(room, k, warmAir, warmSlow, problem.hardHigh + BEYOND_HARD_LIMIT, least, most);
            warm = Math.max(warm, Math.min(promised, utmost));
            double fastDrift = room.airDrift[k] - room.slowDrift[k];
            double fastPerWatt = room.airPerWatt - room.slowPerWatt;
            double a = fastPerWatt * least;
            double b = fastPerWatt * most;
            fastLow = room.airPerAir * fastLow + fastDrift + Math.min(a, b);
            fastHigh = room.airPerAir * fastHigh + fastDrift + Math.max(a, b);
            double nextCold = room.nextAir(k, coldAir, coldSlow, cold);
            double nextWarm = room.nextAir(k, warmAir, warmSlow, warm);
            coldSlow = room.nextSlow(k, coldSlow, cold);
            warmSlow = room.nextSlow(k, warmSlow, warm);
            coldAir = nextCold;
            warmAir = nextWarm;
        }
    }

    private static double lowest(HeatProblem problem, int k) {
        double lowest = problem.bandLow[k] - BEYOND_BAND;
        double limit = problem.hardLow - BEYOND_HARD_LIMIT;
        return limit > lowest - BEYOND_HARD_LIMIT - BEYOND_BAND ? Math.min(limit, lowest) : lowest;
    }

    private static double highest(HeatProblem problem, int k) {
        double highest = problem.bandHigh[k] + BEYOND_BAND;
        double limit = problem.hardHigh + BEYOND_HARD_LIMIT;
        return limit < highest + BEYOND_HARD_LIMIT + BEYOND_BAND ? Math.max(limit, highest) : highest;
    }

    private void layLimits(HeatProblem problem, ModalRoom room, Choices choices) {
        double lowAir = problem.startCelsius[0];
        double highAir = lowAir;
        double lowSlow = room.slow(problem.startCelsius);
        double highSlow = lowSlow;
        for (int k = 0; k < problem.steps; k++) {
            double least = choices.leastHeat(k);
            double most = choices.mostHeat(k);
            double low = held(room, k, lowAir, lowSlow, problem.bandLow[k], least, most);
            double high = held(room, k, highAir, highSlow, problem.bandHigh[k], least, most);
            lowAir = room.nextAir(k, lowAir, lowSlow, low);
            highAir = room.nextAir(k, highAir, highSlow, high);
            lowSlow = room.nextSlow(k, lowSlow, low);
            highSlow = room.nextSlow(k, highSlow, high);
            overheat[k] = Math.max(problem.bandHigh[k], lowAir + LEEWAY);
            heatedTo[k] = overheat[k] + SENSIBLE_BEYOND_BAND;
            hardHigh[k] = Math.max(problem.hardHigh, lowAir + LEEWAY);
            hardLow[k] = Math.min(problem.hardLow, highAir - LEEWAY);
        }
    }

    /** Kelvins beyond a hard limit that could have been avoided. */
    double beyondHardLimits(int k, double air) {
        return Math.max(0, Math.max(hardLow[k] - air, air - hardHigh[k]));
    }

    /** Whether this is above the band although the room held at the low end of it would not be that warm. */
    boolean avoidablyAbove(int k, double air) {
        return air > overheat[k];
    }

    private static double held(
            ModalRoom room, int k, double air, double slow, double target, double least, double most) {
        return Math.clamp(room.heatFor(k, air, slow, target), least, most);
    }
}
