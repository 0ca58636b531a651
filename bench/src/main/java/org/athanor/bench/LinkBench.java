package org.athanor.bench;

import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.athanor.training.model.GptShape;
import org.athanor.training.outer.OuterSettings;
import org.athanor.training.update.Codec;

/**
 * What home lines cost a job: real sizes of coded updates, costed over lines by bytes / min(rate, 1.22 x MSS / (RTT x sqrt(p))) a stream
 * (Mathis et al. 1997). Utilisation is the share of a round in which a worker computes. {@code bench/run LinkBench}.
 */
public final class LinkBench {
    private static final int SAMPLE = 4 << 20;
    private static final double SEGMENT_BYTES = 1460;
    private static final double BITS = 8;
    /** What a worker has open: one request after the other. */
    private static final int STREAMS = 1;

    private LinkBench() {}

    /** @param upMbit and {@code downMbit} of a household's line */
    private record Line(String name, double upMbit, double downMbit, double rttSeconds, double loss) {
        double seconds(double bytes, double mbit) {
            var stream = loss == 0 ? Double.POSITIVE_INFINITY : 1.22 * SEGMENT_BYTES / (rttSeconds * Math.sqrt(loss));
            return bytes / Math.min(mbit * 1e6 / BITS, STREAMS * stream) + rttSeconds;
        }
    }

    /** @param flops that training really gets out of it */
    private record Machine(String name, double flops) {}

    public static void main(String[] arguments) {
        var shape = new GptShape(12, 12, 768, 1024, 50_304, false, 0);
        var large = new GptShape(16, 12, 768, 1024, 50_304, false, 0);
        var lines = List.of(
                new Line("10/50 Mbit/s, 30 ms, no loss", 10, 50, 0.03, 0),
                new Line("20/100 Mbit/s, 20 ms, no loss", 20, 100, 0.02, 0),
                new Line("10/10 Mbit/s, 50 ms, 2 % loss", 10, 10, 0.05, 0.02));
        var machines = List.of(new Machine("a graphics card at 15 TFLOPS", 15e12), new Machine("at 50 TFLOPS", 50e12));
        var schemes = List.of(
                OuterSettings.diLoCo(100, "int8"),
                OuterSettings.diLoCo(500, "int8"),
                OuterSettings.diLoCo(500, "int4"),
                OuterSettings.streaming(125, "int4", 4),
                OuterSettings.sparseLoCo(100, 64, 128));
        var tokensOfStep = 64 * shape.context();
        System.out.printf(
                Locale.ROOT,
                "a step of a worker: %,d tokens; %d stream a transfer; models of %,d and %,d parameters%n%n",
                tokensOfStep,
                STREAMS,
                shape.parameters(),
                large.parameters());
        for (var machine : machines) {
            for (var line : lines) {
                System.out.println(machine.name() + ", line " + line.name());
                System.out.printf(
                        "  %-34s %12s %12s %12s %12s %12s%n",
                        "scheme", "MB up", "MB down", "compute s", "talk s", "utilisation");
                for (var scheme : schemes) {
                    row(large, tokensOfStep, machine, line, scheme);
                }
                System.out.println();
            }
        }
    }

    private static void row(GptShape shape, int tokensOfStep, Machine machine, Line line, OuterSettings scheme) {
        var values = (double) shape.parameters() / scheme.fragments();
        var up = values * bytesPerValue(scheme.upCodec());
        var down = values * bytesPerValue(scheme.downCodec());
        var compute = scheme.innerSteps() * tokensOfStep * shape.flopsPerToken() / machine.flops();
        var talk = line.seconds(up, line.upMbit()) + line.seconds(down, line.downMbit());
        // with overlap a worker waits only for what takes longer than the next round's steps
        var waits = scheme.delay() == 0 ? talk : Math.max(0, talk - compute);
        System.out.printf(
                Locale.ROOT,
                "  %-34s %12.1f %12.1f %12.1f %12.1f %11.1f%%%n",
                scheme.up() + " every " + scheme.innerSteps()
                        + (scheme.fragments() > 1 ? " in " + scheme.fragments() + " fragments" : ""),
                up / 1e6,
                down / 1e6,
                compute,
                talk,
                100 * compute / (compute + waits));
    }

    /** Of values as updates have them: normal, of a spread that differs from tensor to tensor. */
    private static double bytesPerValue(Codec codec) {
        var random = new Random(1);
        var values = new float[SAMPLE];
        double spread = 1e-3;
        for (var index = 0; index < values.length; index++) {
            if (index % (1 << 16) == 0) {
                spread = Math.exp(random.nextGaussian() - 7);
            }
            values[index] = (float) (spread * random.nextGaussian());
        }
        return (double) codec.encode(values).length / values.length;
    }
}
