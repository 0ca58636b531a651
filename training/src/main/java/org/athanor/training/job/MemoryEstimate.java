package org.athanor.training.job;

import org.athanor.training.model.GptShape;
import org.athanor.training.model.ModelSpec;
import org.athanor.training.model.TensorSpec;

/**
 * What a job takes of memory, told before it begins. All numbers are floats of 4 bytes.
 *
 * <p>An engine holds weights, their gradient and two moments. What a step keeps for its way back is, by the operations of the
 * built-in GPT, for every token of a micro-batch 20 vectors of the model's width in each layer (two norms, queries, keys and
 * values, attention before and after it is joined, its projection, four each before and after the GELU, the network's output,
 * two sums), 16 beside the layers, and three times its scores; where dropout keeps attention from being fused, five squares
 * of the context for every head as well, as was seen ({@code bench/run EngineMemoryBench}: 0 to 9 % above what was taken). The coordinator holds weights as it knows them, as workers have them, and the outer
 * momentum.
 *
 * @param engineBytes      of a worker's engine, with what its program itself takes
 * @param coordinatorBytes of the coordinator
 */
public record MemoryEstimate(long engineBytes, long coordinatorBytes) {
    private static final int ENGINE_VECTORS = 4;
    private static final int COORDINATOR_VECTORS = 3;
    /** While a round is closed: a sum in double, an update and its bytes. */
    private static final long KNOWN_VECTORS = 4;
    /** The same, the centre, and four updates of which medians are made. */
    private static final long OPEN_VECTORS = KNOWN_VECTORS + 5;

    private static final long WORKER_VECTORS = 8;
    /** Of a program's heap, all its workers together: a heater's control runs in the same program. */
    public static final double WORKERS_SHARE = 0.75;

    private static final double MOST_OF_HEAP = 0.9;
    private static final int WIDTHS_OF_LAYER = 20;
    private static final int WIDTHS_BESIDE = 16;
    private static final int SCORES = 3;
    private static final int SQUARES = 5;
    /** A JVM and libtorch without a model: about 300 MB were seen. */
    private static final long PROGRAM_BYTES = 300L << 20;

    public static MemoryEstimate of(JobSpec job) {
        double parameters = parameters(job);
        var engine = ENGINE_VECTORS * parameters + activations(job.model(), job.microBatch());
        return new MemoryEstimate((long) (PROGRAM_BYTES + frozenBytes(job) + Float.BYTES * engine), (long)
                (Float.BYTES * COORDINATOR_VECTORS * parameters));
    }

    /** Of somebody's module, what its file holds beside what is trained. */
    private static long frozenBytes(JobSpec job) {
        return job.model()
                .program()
                .map(script -> Math.max(0, script.bytes() - Float.BYTES * parameters(job)))
                .orElse(0L);
    }

    /**
     * Numbers that are trained: known of the built-in GPT before it is made, of somebody's module once it has been opened. Before, what
     * its file would hold of floats stands for them: it holds hardly anything else.
     */
    public static long parameters(JobSpec job) {
        return switch (job.model()) {
            case ModelSpec.Gpt gpt -> gpt.shape().parameters();
            case ModelSpec.TorchScript script ->
                job.tensors().isEmpty()
                        ? script.bytes() / Float.BYTES
                        : job.tensors().stream().mapToLong(TensorSpec::size).sum();
        };
    }

    private static double activations(ModelSpec model, int microBatch) {
        return switch (model) {
            case ModelSpec.Gpt(GptShape shape) -> {
                var tokens = (double) microBatch * shape.context();
                var ofToken = (double) shape.width() * (WIDTHS_OF_LAYER * shape.layers() + WIDTHS_BESIDE)
                        + (double) SCORES * shape.vocabulary();
                var squares =
                        shape.dropout() > 0 ? (double) SQUARES * shape.layers() * shape.heads() * shape.context() : 0;
                yield tokens * (ofToken + squares);
            }
            case ModelSpec.TorchScript _ -> 0; // nobody knows before it has run
        };
    }

    /**
     * Why a machine cannot hold a job, and what to do; null when it can.
     *
     * @param workers      that are to run on it beside the coordinator, whose own engine asks the validation loss
     * @param open         whether nobody knows the job's workers: then another one of the coordinator's examines them
     * @param machineBytes that it has
     */
    public String problem(int workers, boolean open, long machineBytes) {
        var own = open ? 2 : 1;
        var engines = workers + own;
        var needed = engines * engineBytes + coordinatorBytes;
        if (needed <= machineBytes) {
            return null;
        }
        var fitting = (machineBytes - coordinatorBytes) / engineBytes - own;
        var advice = fitting > 0
                ? fitting == 1 ? "1 worker fits" : fitting + " workers fit"
                : "a smaller model, a shorter context or a smaller inner.microBatch may";
        return "about " + mebibytes(needed) + " MiB are needed (" + mebibytes(engineBytes) + " for each of "
                + engines + (engines == 1 ? " engine, " : " engines, ") + mebibytes(coordinatorBytes)
                + " for the coordinator), and this machine has "
                + mebibytes(machineBytes) + "; " + advice;
    }

    /**
     * Why an engine that may take {@code limit} bytes cannot work on a job; null when it can.
     */
    public String problemOfEngine(long limit) {
        return engineBytes <= limit
                ? null
                : "an engine of this job needs about " + mebibytes(engineBytes) + " MiB, and may take "
                        + mebibytes(limit);
    }

    /** Of a worker beside its engine: weights before and after, what is owed, what was published, and the same on their way as bytes. */
    public static long workerBytes(long parameters) {
        return WORKER_VECTORS * Float.BYTES * parameters;
    }

    /**
     * Why the heap of a program cannot hold a coordinator and workers (their engines apart), and what to do; null when it can.
     *
     * @param open      whether nobody knows the job's workers
     * @param workers   that run in the program
     * @param heapBytes that it may take
     */
    public static String problemOfHeap(long parameters, boolean open, int workers, long heapBytes) {
        var closing = open ? OPEN_VECTORS : KNOWN_VECTORS;
        var coordinator = (COORDINATOR_VECTORS + closing) * Float.BYTES * parameters;
        var all = workers * workerBytes(parameters);
        var least = (long) Math.max(all / WORKERS_SHARE, (all + coordinator) / MOST_OF_HEAP);
        if (least <= heapBytes) {
            return null;
        }
        var enough = mebibytes(least) / 64 * 64 + 64;
        return "this program needs a heap of about " + enough + " MiB for a coordinator and " + workers
                + (workers == 1 ? " worker" : " workers") + " of a model of " + parameters
                + " parameters, and may take "
                + mebibytes(heapBytes) + ": ATHANOR_OPTS=-Xmx" + enough + "m gives it so much";
    }

    private static long mebibytes(long bytes) {
        return (bytes + (1 << 19)) >> 20;
    }
}
