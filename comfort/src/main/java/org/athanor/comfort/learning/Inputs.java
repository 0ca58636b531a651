package org.athanor.comfort.learning;

/** Means over time of what drives a room, gathered until they are used. */
final class Inputs {
    private double seconds;
    private double outdoor;
    private double heat;
    private double sun;
    private double wind;
    private double expectedGain;

    Inputs copy() {
        var copy = new Inputs();
        copy.seconds = seconds;
        copy.outdoor = outdoor;
        copy.heat = heat;
        copy.sun = sun;
        copy.wind = wind;
        copy.expectedGain = expectedGain;
        return copy;
    }

    void add(double span, Drive drive, double gainWatts) {
        seconds += span;
        outdoor += drive.outdoor() * span;
        heat += drive.heat() * span;
        sun += drive.sun() * span;
        wind += drive.wind() * span;
        expectedGain += gainWatts * span;
    }

    void clear() {
        seconds = 0;
        outdoor = 0;
        heat = 0;
        sun = 0;
        wind = 0;
        expectedGain = 0;
    }

    double seconds() {
        return seconds;
    }

    /** Of some seconds, not none. */
    Drive mean() {
        return new Drive(outdoor / seconds, heat / seconds, sun / seconds, wind / seconds);
    }

    double expectedGain() {
        return expectedGain / seconds;
    }

    void write(SavedBytes.Writer out) {
        out.put(seconds).put(outdoor).put(heat).put(sun).put(wind).put(expectedGain);
    }

    void read(SavedBytes.Reader in) {
        seconds = in.real();
        outdoor = in.real();
        heat = in.real();
        sun = in.real();
        wind = in.real();
        expectedGain = in.real();
    }
}
