package org.athanor.bench;

import java.io.PrintStream;
import org.athanor.bench.tank.TwoWeeks;

/**
 * What hot water costs with a computer in the tank under a thermostat, and planned with draws that were learned: the same two
 * weeks of a household of three, at Belgian day-ahead prices of 2019 with network charges and tax.
 *
 * <pre>bench/run TankBench                      four times of the year
 * bench/run TankBench --learn 21 --test 14 --seed 1</pre>
 */
public final class TankBench {
    private TankBench() {}

    public static void main(String[] arguments) {
        run(System.out, arguments);
    }

    static void run(PrintStream out, String... arguments) {
        int learn = 21;
        int test = 14;
        long seed = 1;
        for (int i = 0; i < arguments.length; i += 2) {
            if (i + 1 == arguments.length) throw new IllegalArgumentException(arguments[i] + ": a number is missing");
            switch (arguments[i]) {
                case "--learn" -> learn = Integer.parseInt(arguments[i + 1]);
                case "--test" -> test = Integer.parseInt(arguments[i + 1]);
                case "--seed" -> seed = Long.parseLong(arguments[i + 1]);
                default ->
                    throw new IllegalArgumentException(
                            arguments[i] + ": accepted are --learn DAYS, --test DAYS and --seed N");
            }
        }
        TwoWeeks.run(out, learn, test, seed);
    }
}
