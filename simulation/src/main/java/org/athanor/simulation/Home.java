package org.athanor.simulation;

import java.time.Duration;
import org.athanor.comfort.series.Weather;
import org.athanor.units.Celsius;
import org.athanor.units.Joules;
import org.athanor.units.Watts;

/**
 * A home in its weather, moved on by whoever owns its time. One thread advances it; what it shows may be read from any
 * thread and is that of the end of the last advance.
 */
public final class Home {
    /** Of the sensor's noise. */
    private static final long NOISE_NANOS = 10_000_000_000L;

    private final HomeSpec spec;
    private final Climate climate;
    private final long seed;
    private final Pace pace;
    private final RoomNetwork network;
    private final Surroundings surroundings;
    private final Windows windows;
    private final double[] start;
    private double[] celsius;
    private double[] next;
    private long nanosSinceYearStart;
    private double sensorCelsius;
    private double heater;
    private double solar;
    private double gains;
    private double transmission;
    private double airExchange;
    private double openWindows;
    private volatile View view;

    private record View(
            Duration sinceYearStart,
            double air,
            double operative,
            double outdoor,
            Celsius sensor,
            Joules letOut,
            EnergyBalance balance) {}

    public Home(HomeSpec spec, Weather weather, Duration startSinceYearStart, Celsius initial, long seed) {
        this(spec, Climate.of(weather), startSinceYearStart, initial, seed);
    }

    /**
     * @param startSinceYearStart local standard time of the climate's location
     * @param initial temperature of everything inside; outer layers start on the line between it and the outdoor air
     * @param seed of the sensor's noise, the only chance in a home
     */
    public Home(HomeSpec spec, Climate climate, Duration startSinceYearStart, Celsius initial, long seed) {
        this(spec, climate, startSinceYearStart, initial, seed, Pace.FINE);
    }

    /** @param pace of everything inside */
    public Home(HomeSpec spec, Climate climate, Duration startSinceYearStart, Celsius initial, long seed, Pace pace) {
        this.pace = pace;
        this.spec = spec;
        this.climate = climate;
        this.seed = seed;
        network = new RoomNetwork(spec);
        surroundings = new Surroundings(network, climate);
        windows = new Windows(network, pace);
        nanosSinceYearStart = startSinceYearStart.toNanos();
        celsius = network.settledShell(
                initial.value(), climate.at(startSinceYearStart).outdoorCelsius());
        start = celsius.clone();
        next = new double[network.nodes()];
        sensorCelsius = RoomNetwork.air(celsius);
        publish();
    }

    /**
     * From now on people open windows, while they are at home and it is cooler outdoors, as far as it takes to keep the air at
     * {@code tooWarm}. Until this is called nobody opens one.
     */
    public void openWindowsAbove(Celsius tooWarm) {
        windows.openAbove(tooWarm.value());
    }

    /** Goes on from here on its own: what if. */
    public Home copy() {
        return new Home(this);
    }

    /** Goes on from here on its own, at another pace and with an energy balance that begins now. */
    public Home copy(Pace pace) {
        return new Home(this, pace);
    }

    private Home(Home other, Pace pace) {
        this.pace = pace;
        spec = other.spec;
        climate = other.climate;
        seed = other.seed;
        network = new RoomNetwork(spec);
        surroundings = new Surroundings(network, climate);
        windows = new Windows(network, pace);
        windows.openAbove(other.windows.openAbove());
        celsius = other.celsius.clone();
        start = celsius.clone();
        next = new double[network.nodes()];
        nanosSinceYearStart = other.nanosSinceYearStart;
        sensorCelsius = other.sensorCelsius;
        publish();
    }

    private Home(Home other) {
        spec = other.spec;
        climate = other.climate;
        seed = other.seed;
        pace = other.pace;
        network = new RoomNetwork(spec);
        surroundings = new Surroundings(network, climate);
        windows = new Windows(network, pace);
        windows.openAbove(other.windows.openAbove());
        start = other.start;
        celsius = other.celsius.clone();
        next = new double[network.nodes()];
        nanosSinceYearStart = other.nanosSinceYearStart;
        sensorCelsius = other.sensorCelsius;
        heater = other.heater;
        solar = other.solar;
        gains = other.gains;
        transmission = other.transmission;
        airExchange = other.airExchange;
        openWindows = other.openWindows;
        view = other.view;
    }

    /** Releases {@code heat} evenly over {@code step}, split as the home's devices usually do. */
    public void advance(Duration step, Watts heat) {
        double convective = heat.value() * spec.deviceConvectiveShare();
        advance(step, convective, heat.value() - convective);
    }

    /** Releases heat into the air and, apart from it, by radiation onto the surfaces. */
    public void advance(Duration step, double convectiveWatts, double radiantWatts) {
        if (step.isNegative()) throw new IllegalArgumentException("a home cannot go back by " + step);
        if (!Double.isFinite(convectiveWatts) || !Double.isFinite(radiantWatts))
            throw new IllegalArgumentException("not a heat: " + convectiveWatts + " + " + radiantWatts + " W");
        for (long left = step.toNanos(); left > 0; ) {
            long nanos = Math.min(left, pace.nanos);
            substep(nanos, convectiveWatts, radiantWatts);
            left -= nanos;
        }
        publish();
    }

    private void substep(long nanos, double convectiveWatts, double radiantWatts) {
        double seconds = nanos / 1e9;
        var boundary = surroundings.at(nanosSinceYearStart + nanos / 2);
        double airBefore = RoomNetwork.air(celsius);
        windows.step(celsius, next, boundary, seconds, convectiveWatts, radiantWatts);
        var spare = celsius;
        celsius = next;
        next = spare;
        nanosSinceYearStart += nanos;
        heater += (convectiveWatts + radiantWatts) * seconds;
        solar += boundary.solarWatts * seconds;
        gains += boundary.gainWatts * seconds;
        transmission += network.transmissionJoules - boundary.shellSunWatts * seconds;
        airExchange += network.airExchangeJoules;
        openWindows += network.openWindowsJoules;
        sense(
                airBefore,
                RoomNetwork.air(celsius),
                (double) nanos / spec.sensor().lag().toNanos());
    }

    /** The exact answer of a first-order lag to air that changes evenly over {@code lags} time constants. */
    private void sense(double airBefore, double air, double lags) {
        double behind = (air - airBefore) / lags;
        sensorCelsius = air - behind + (sensorCelsius - airBefore + behind) * Math.exp(-lags);
    }

    private void publish() {
        view = new View(
                Duration.ofNanos(nanosSinceYearStart),
                RoomNetwork.air(celsius),
                network.operative(celsius),
                climate.at(Duration.ofNanos(nanosSinceYearStart)).outdoorCelsius(),
                reading(),
                new Joules(openWindows),
                new EnergyBalance(
                        new Joules(heater),
                        new Joules(solar),
                        new Joules(gains),
                        new Joules(transmission),
                        new Joules(airExchange),
                        new Joules(network.stored(celsius, start))));
    }

    /** Noise hangs on the seed and the ten seconds of time alone: how often anybody looks changes nothing. */
    private Celsius reading() {
        var sensor = spec.sensor();
        double unit = (mix(seed + GOLDEN * (nanosSinceYearStart / NOISE_NANOS)) >>> 11) * 0x1p-53;
        double noisy = sensorCelsius + sensor.noise().value() * (2 * unit - 1);
        double steps = 1 / sensor.step().value();
        return new Celsius(Math.rint(noisy * steps) / steps);
    }

    private static final long GOLDEN = 0x9e3779b97f4a7c15L;

    /** The finaliser of SplitMix64. */
    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    public HomeSpec spec() {
        return spec;
    }

    public Pace pace() {
        return pace;
    }

    public Climate climate() {
        return climate;
    }

    /** Local standard time. */
    public Duration sinceYearStart() {
        return view.sinceYearStart();
    }

    /** The truth, which only the simulation knows. */
    public double airCelsius() {
        return view.air();
    }

    public double operativeCelsius() {
        return view.operative();
    }

    public double outdoorCelsius() {
        return view.outdoor();
    }

    /** What the thermometer in the room shows. */
    public Celsius sensor() {
        return view.sensor();
    }

    public EnergyBalance balance() {
        return view.balance();
    }

    /** Heat that has left by windows that people opened: a part of the air exchange. */
    public Joules letOut() {
        return view.letOut();
    }

    Surroundings surroundings() {
        return surroundings;
    }

    double openWindowsAbove() {
        return windows.openAbove();
    }

    double[] nodesCelsius() {
        return celsius.clone();
    }
}
