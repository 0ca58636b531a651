package org.athanor.bench;

import java.io.IOException;
import org.athanor.bench.comfort.Winters;

/**
 * What keeping a room in its band costs under a switching thermostat, a tuned proportional one, ours, and perfect foresight.
 *
 * <pre>bench/run ComfortBench                                  three homes, two climates, two times of the year
 * bench/run ComfortBench --prices be_2022_2024_dam_hourly.csv --weather BEL_Uccle_TMYx_2007-2021.mos
 * bench/run ComfortBench --only light                     homes, climates or days whose name has this</pre>
 */
public final class ComfortBench {
    private ComfortBench() {}

    public static void main(String[] arguments) throws IOException {
        Winters.run(System.out, arguments);
    }
}
