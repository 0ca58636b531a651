package org.athanor.comfort;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.athanor.units.Celsius;

/** Faults that come and go at random, several at a time. */
final class Faults {
    private enum Sensor {
        WORKS,
        LOST,
        STUCK,
        JUMPED_AND_STUCK,
        JUMPING
    }

    private static final List<Sensor> BROKEN =
            List.of(Sensor.LOST, Sensor.STUCK, Sensor.JUMPED_AND_STUCK, Sensor.JUMPING);

    private final Random random;
    private final SensorFault first;
    private final SensorFault second;
    private int gone;
    private boolean wallClockJumps;
    private boolean monotonicStops;
    private final List<String> devices = new ArrayList<>();

    Faults(Random random) {
        this.random = random;
        this.first = new SensorFault(random);
        this.second = new SensorFault(random);
    }

    void next(TestFlat flat) {
        first.next();
        second.next();
        gone = gone > 0 ? gone - 1 : random.nextInt(250) == 0 ? 1 + random.nextInt(40) : 0;
        wallClockJumps = random.nextInt(50) == 0;
        monotonicStops = random.nextInt(150) == 0;
        devices.clear();
        for (var heater : flat.heaters.values()) {
            // without a plug nothing could stop the computer, and it is the program itself
            if (heater.spec.plug()) {
                heater.ignoresCommands = toggled(heater.ignoresCommands);
                heater.plugUnreachable = toggled(heater.plugUnreachable);
            }
            heater.unreachable = toggled(heater.unreachable);
            heater.liesAboutWatts = toggled(heater.liesAboutWatts);
            if (heater.ignoresCommands) devices.add(heater.spec.id() + " ignores");
            if (heater.plugUnreachable) devices.add(heater.spec.id() + " plug silent");
            if (heater.unreachable) devices.add(heater.spec.id() + " silent");
        }
    }

    private boolean toggled(boolean fault) {
        return fault ? random.nextInt(40) != 0 : random.nextInt(300) == 0;
    }

    boolean controllerGone() {
        return gone > 0;
    }

    boolean wallClockJumps() {
        return wallClockJumps;
    }

    boolean monotonicStops() {
        return monotonicStops;
    }

    boolean sensorsWork() {
        return first.kind == Sensor.WORKS;
    }

    boolean firstIsTrue() {
        return first.isTrue;
    }

    boolean secondIsTrue() {
        return second.isTrue;
    }

    Optional<Celsius> first(Celsius real) {
        return first.shown(real);
    }

    Optional<Celsius> second(Celsius real) {
        return second.shown(real);
    }

    @Override
    public String toString() {
        return "sensors " + first.kind + " and " + second.kind + ", gone " + gone + ", " + devices;
    }

    private static final class SensorFault {
        private final Random random;
        private Sensor kind = Sensor.WORKS;
        private int left;
        private Optional<Celsius> last = Optional.empty();
        /** A jumping thermometer is right now and then. */
        private boolean isTrue;

        SensorFault(Random random) {
            this.random = random;
        }

        void next() {
            if (left > 0 && --left == 0) kind = Sensor.WORKS;
            if (kind == Sensor.WORKS && last.isPresent() && random.nextInt(150) == 0) {
                kind = BROKEN.get(random.nextInt(BROKEN.size()));
                left = 1 + random.nextInt(random.nextBoolean() ? 5 : 300);
                if (kind == Sensor.JUMPED_AND_STUCK) last = Optional.of(elsewhere());
            }
        }

        private Celsius elsewhere() {
            double from = last.map(Celsius::value).orElse(20.0);
            double jump = 3 + random.nextInt(20);
            return new Celsius(random.nextInt(4) == 0 ? from + jump : from - jump);
        }

        Optional<Celsius> shown(Celsius real) {
            var shown = switch (kind) {
                case WORKS -> Optional.of(real);
                case LOST -> Optional.<Celsius>empty();
                case STUCK, JUMPED_AND_STUCK -> last.or(() -> Optional.of(real));
                case JUMPING -> Optional.of(random.nextInt(3) == 0 ? real : elsewhere());
            };
            if (kind == Sensor.WORKS) last = shown;
            isTrue = kind == Sensor.WORKS || (kind == Sensor.JUMPING && shown.equals(Optional.of(real)));
            return shown;
        }
    }
}
