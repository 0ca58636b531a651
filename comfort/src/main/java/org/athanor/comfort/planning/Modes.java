package org.athanor.comfort.planning;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The device's levels and running timers as a small automaton. A mode is a level with the number of coming steps in which
 * it may not change to another level that runs, and in which it may not be switched off (or, while off, on).
 */
final class Modes {
    private record Mode(int level, int dwell, int switching) {}

    private final int levels;
    private final int on;
    private final int off;
    private final int dwell;
    private final List<Mode> modes = new ArrayList<>();
    private final Map<Mode, Integer> numbers = new HashMap<>();
    /** By mode and target level: the mode a step later. */
    private final int[][] next;
    /** By mode: a bit for each level that the timers allow. */
    private final long[] allowed;

    private final int[] level;
    private final int[][] ofLevel;
    private final int start;

    Modes(ComputeDevice device, DeviceState state, Duration step) {
        levels = device.levels();
        on = steps(device.minimumOn(), step);
        off = steps(device.minimumOff(), step);
        dwell = steps(device.minimumDwell(), step);
        int now = state.level();
        var minimum = now == 0 ? device.minimumOff() : device.minimumOn();
        start = number(new Mode(
                now,
                now == 0 ? 0 : steps(device.minimumDwell().minus(state.atLevel()), step),
                steps(minimum.minus(state.sinceSwitched()), step)));
        var successors = new ArrayList<int[]>();
        for (int m = 0; m < modes.size(); m++) {
            var row = new int[levels];
            for (int target = 0; target < levels; target++) row[target] = number(after(modes.get(m), target));
            successors.add(row);
        }
        next = successors.toArray(int[][]::new);
        level = modes.stream().mapToInt(Mode::level).toArray();
        ofLevel = new int[levels][];
        for (int l = 0; l < levels; l++) {
            int wanted = l;
            ofLevel[l] = IntStream.range(0, level.length)
                    .filter(m -> level[m] == wanted)
                    .toArray();
        }
        allowed = new long[next.length];
        for (int m = 0; m < next.length; m++)
            for (int target = 0; target < levels; target++)
                if (allows(modes.get(m), target)) allowed[m] |= 1L << target;
    }

    private static int steps(Duration time, Duration step) {
        if (!time.isPositive()) return 0;
        return Math.toIntExact(Math.ceilDiv(time.toNanos(), step.toNanos()));
    }

    private int number(Mode mode) {
        var known = numbers.putIfAbsent(mode, modes.size());
        if (known != null) return known;
        modes.add(mode);
        return modes.size() - 1;
    }

    private Mode after(Mode mode, int target) {
        int switching = Math.max(0, mode.switching - 1);
        if (target == mode.level) return new Mode(target, Math.max(0, mode.dwell - 1), switching);
        if (target == 0) return new Mode(0, 0, Math.max(0, off - 1));
        int hold = Math.max(0, dwell - 1);
        if (mode.level == 0) return new Mode(target, hold, Math.max(0, on - 1));
        // a change that only a cap can force begins both timers anew: no further modes for it
        if (mode.dwell > 0) return new Mode(target, hold, Math.max(0, on - 1));
        return new Mode(target, hold, switching);
    }

    private static boolean allows(Mode mode, int target) {
        if (target == mode.level) return true;
        if (mode.level == 0 || target == 0) return mode.switching == 0;
        return mode.dwell == 0;
    }

    int count() {
        return next.length;
    }

    int start() {
        return start;
    }

    int level(int mode) {
        return level[mode];
    }

    /** The modes at a level. */
    int[] ofLevel(int wanted) {
        return ofLevel[wanted];
    }

    int next(int mode, int target) {
        return next[mode][target];
    }

    /** Whether the timers let a device in this mode run the coming step at this level. */
    boolean timersAllow(int mode, int target) {
        return (allowed[mode] >> target & 1) != 0;
    }

    /**
     * Levels to choose from, as bits: those that timers allow and the cap too, or, if there is none, the highest within the
     * cap, which breaks a timer.
     */
    long choices(int mode, int highest) {
        long within = allowed[mode] & ((1L << (highest + 1)) - 1);
        return within != 0 ? within : 1L << highest;
    }
}
