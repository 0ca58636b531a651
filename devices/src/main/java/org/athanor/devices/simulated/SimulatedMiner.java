package org.athanor.devices.simulated;

import java.net.InetSocketAddress;
import java.util.Set;
import org.athanor.devices.Computation;
import org.athanor.devices.PoolSetting;
import org.athanor.units.Celsius;
import org.athanor.units.Joules;
import org.athanor.units.Watts;

/** What all simulated miners have in common: books, and a computation that runs while they hash. */
abstract class SimulatedMiner implements SimulatedHeater {
    private static final PoolSetting FOREIGN_POOL =
            new PoolSetting("stratum+tcp://pool.elsewhere.example:3333", "stranger");

    private final MinerPhysics physics;
    final Computation computation;
    final Faults faults;
    private boolean computing;
    private PoolSetting pool = new PoolSetting("stratum+tcp://pool.example.com:3333", "athanor.simulated");

    /**
     * @param computation remains its giver's to close
     * @param shows what can be wrong with it
     */
    SimulatedMiner(MinerPhysics physics, Computation computation, Set<Fault> shows) {
        this(physics, computation, new Faults(shows));
    }

    /** For one whose inside asks for its faults itself. */
    SimulatedMiner(MinerPhysics physics, Computation computation, Faults faults) {
        this.physics = physics;
        this.computation = computation;
        this.faults = faults;
    }

    @Override
    public abstract InetSocketAddress address();

    /** What it says of the pool it works for; what it really computes was given to it. */
    public final synchronized void minesFor(PoolSetting setting) {
        pool = setting;
    }

    final synchronized PoolSetting pool() {
        return faults.contains(Fault.FOREIGN_POOL) ? FOREIGN_POOL : pool;
    }

    /** Tells its inside which of the present faults are in its case. */
    abstract void physicalFaults();

    @Override
    public final Set<Fault> shows() {
        return faults.possible();
    }

    @Override
    public final synchronized void inject(Fault... injected) {
        faults.add(injected);
        physicalFaults();
    }

    @Override
    public final synchronized void clear() {
        faults.clear();
        physicalFaults();
    }

    /** Starts and stops the computation with the hashing, which commands and time change. */
    final synchronized void compute() {
        compute(physics.hashing());
    }

    private void compute(boolean wanted) {
        if (wanted == computing) return;
        computing = wanted;
        computation.setThreads(wanted ? 1 : 0);
    }

    @Override
    public synchronized Watts power() {
        return new Watts(physics.watts());
    }

    @Override
    public synchronized Joules electricity() {
        return new Joules(physics.electricityJoules());
    }

    @Override
    public synchronized Joules heat() {
        return new Joules(physics.heatJoules());
    }

    @Override
    public synchronized Joules stored() {
        return new Joules(physics.storedJoules());
    }

    /** True temperature of the hottest chip, whatever is reported. */
    public synchronized Celsius chip() {
        return new Celsius(physics.chipCelsius());
    }

    /** Whether it works at this moment, so that its computation runs. */
    public synchronized boolean hashing() {
        return physics.hashing();
    }

    @Override
    public synchronized int starts() {
        return physics.starts();
    }

    @Override
    public void close() {
        synchronized (this) {
            compute(false);
        }
    }
}
