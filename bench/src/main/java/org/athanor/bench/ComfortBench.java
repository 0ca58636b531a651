package org.athanor.bench;

import java.io.IOException;
import org.athanor.bench.comfort.Winters;

/**
 * What keeping a room in its band costs under a switching thermostat, a tuned proportional one, ours, and perfect foresight.
 * Each series of prices comes with a flat tariff of its mean, and with what mining earns taken off.
 *
 * <pre>bench/run ComfortBench                                  three homes, two climates, two times of the year
 * bench/run ComfortBench --prices be_2022_2024_dam_hourly.csv --weather BEL_Uccle_TMYx_2007-2021.mos
 * bench/run ComfortBench --only "light room;Denver"       those whose name has one of these
 * bench/run ComfortBench --html comfort.html              and comfort against cost as plots
 * bench/run ComfortBench --only "heavy house, Chicago, BE 2019, 14" --ablate ""   ours with one thing changed at a time</pre>
 */
public final class ComfortBench {
    private ComfortBench() {}

    public static void main(String[] arguments) throws IOException {
        Winters.run(System.out, arguments);
    }
}
