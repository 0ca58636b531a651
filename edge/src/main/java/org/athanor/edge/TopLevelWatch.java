package org.athanor.edge;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.athanor.devices.DeclaredTop;
import org.athanor.devices.HeaterState;
import org.athanor.devices.HeaterState.Phase;
import org.athanor.units.Hashrate;
import org.athanor.units.Watts;

/**
 * Compares what a heater draws at its highest level with what its owner declared, by which all that is planned goes.
 * Judged are means of ten minutes in which it had settled there, so ramps, tuning and lost pools are none of them; a verdict stands
 * until the next.
 */
final class TopLevelWatch {
    private static final Duration SPAN = Duration.ofMinutes(10);
    /** What draws far less than was declared is said to start for ever, and what tunes does so for most of an hour. */
    private static final Duration LONGEST_START = Duration.ofHours(1);

    private static final double WRONG = 0.10;
    /** Less, so that an alarm at the border does not come and go. */
    private static final double RIGHT = 0.08;
    /** Of the declared watts: an alarm whose figure moves by less stays as it is. */
    private static final double SAME = 0.05;

    private final HeaterPart part;
    private final Optional<DeclaredTop> declared;
    private final int top;
    private final double watts;
    private OptionalLong atTopSince = OptionalLong.empty();
    private OptionalLong spanSince = OptionalLong.empty();
    private double sum;
    private int readings;
    private OptionalDouble wrong = OptionalDouble.empty();

    TopLevelWatch(HeaterPart part) {
        this.part = part;
        declared = part.heater() instanceof DeclaredTop each ? Optional.of(each) : Optional.empty();
        var levels = part.heater().capabilities().levels();
        top = levels.size() - 1;
        watts = levels.getLast().watts().value();
    }

    void seen(Station.Read read, long nanos) {
        if (declared.isEmpty()) return;
        var state = read.state().filter(it -> it.level().equals(OptionalInt.of(top)) && works(it));
        if (state.isEmpty() || read.watts().isEmpty() || read.fault().isPresent() || read.unpowered()) {
            atTopSince = OptionalLong.empty();
            spanSince = OptionalLong.empty();
            return;
        }
        if (atTopSince.isEmpty()) atTopSince = OptionalLong.of(nanos);
        var settle = state.get().phase() == Phase.WORKING
                ? part.heater().capabilities().settle()
                : LONGEST_START;
        if (nanos - atTopSince.getAsLong() < settle.toNanos()) {
            spanSince = OptionalLong.empty();
            return;
        }
        if (spanSince.isEmpty()) {
            spanSince = OptionalLong.of(nanos);
            sum = 0;
            readings = 0;
        }
        sum += read.watts().get().value();
        readings++;
        if (nanos - spanSince.getAsLong() < SPAN.toNanos()) return;
        judge(sum / readings);
        spanSince = OptionalLong.empty();
    }

    /** Without its pools it idles in its level. */
    private static boolean works(HeaterState state) {
        return (state.phase() == Phase.WORKING || state.phase() == Phase.STARTING)
                && state.hashrate().map(Hashrate::value).orElse(1.0) > 0;
    }

    private void judge(double mean) {
        double off = Math.abs(mean - watts) / watts;
        if (off <= RIGHT) wrong = OptionalDouble.empty();
        if (off <= WRONG) return;
        if (wrong.isEmpty() || Math.abs(mean - wrong.getAsDouble()) > SAME * watts) wrong = OptionalDouble.of(mean);
    }

    /** Until it was seen to draw what was declared. */
    Optional<String> alarm() {
        if (wrong.isEmpty()) return Optional.empty();
        var measured = new Watts(Math.round(wrong.getAsDouble()));
        return Optional.of(
                part.name() + " draws " + Math.round(measured.value()) + " W at its highest level, for which "
                        + Math.round(watts) + " W are declared: "
                        + declared.orElseThrow().correction(measured));
    }
}
