package org.athanor.stratum;

/** Work with its name: what goes into a job of any connection. */
record Offer(Blueprint blueprint, JobBody body) {
    static Offer of(Blueprint blueprint, int number) {
        return new Offer(blueprint, blueprint.body(number));
    }
}
