package org.athanor.comfort.learning;

/**
 * How much heat a building stores, per m² of floor. ISO 13790 gives 110, 165 and 260 kJ/K for what takes part in a day
 * (its classes light, medium and heavy); the Danish energy handbook 40 to 55, 105 and 160 Wh/K for what takes part in days.
 */
public enum Construction {
    /** Timber or dry lining on the inside. */
    LIGHT(110_000, 171_000),
    /** Some masonry or concrete: most flats. */
    MEDIUM(165_000, 378_000),
    /** Masonry walls and bare concrete floors. */
    HEAVY(260_000, 576_000);

    /** J/K per m² of floor. */
    final double daily;

    /** J/K per m² of floor. */
    final double lasting;

    Construction(double daily, double lasting) {
        this.daily = daily;
        this.lasting = lasting;
    }
}
