package org.athanor.training.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import org.athanor.training.data.ShardRef;
import org.athanor.training.data.Tokenizer;
import org.athanor.training.data.Tokens;
import org.athanor.training.model.AdamW;
import org.athanor.training.model.GptShape;
import org.athanor.training.model.LearningRate;
import org.athanor.training.model.ModelSpec;
import org.athanor.training.model.TensorSpec;
import org.athanor.training.outer.OuterSettings;
import org.junit.jupiter.api.Test;

class MemoryEstimateTest {
    private static final long GIB = 1L << 30;

    private static JobSpec job(GptShape shape, int microBatch) {
        return job(new ModelSpec.Gpt(shape), microBatch);
    }

    private static JobSpec job(ModelSpec model, int microBatch) {
        return new JobSpec(
                "test",
                model,
                List.of(),
                new Tokenizer.Bytes(),
                List.of(),
                AdamW.USUAL,
                microBatch,
                microBatch,
                new LearningRate(1e-3, 1e-4, 1, 100),
                OuterSettings.diLoCo(20, "int8"),
                10,
                1,
                false,
                JobSpec.Moments.KEPT,
                JobSpec.Trust.KNOWN);
    }

    @Test
    void anEngineHoldsFourVectorsAndTheCoordinatorThree() {
        var large = new GptShape(12, 12, 768, 1024, 50_304, false, 0);
        var parameters = large.parameters();
        var estimate = MemoryEstimate.of(job(large, 1));
        assertEquals(12 * parameters, estimate.coordinatorBytes());
        var activations = 4.0 * 1024 * (768 * (20 * 12 + 16) + 3 * 50_304.0);
        assertEquals((300 << 20) + 16.0 * parameters + activations, (double) estimate.engineBytes(), 1);
        var larger = MemoryEstimate.of(job(large, 8));
        assertEquals(
                7 * activations, (double) (larger.engineBytes() - estimate.engineBytes()), 1, "by the micro-batch");
        var dropping = MemoryEstimate.of(job(new GptShape(12, 12, 768, 1024, 50_304, false, 0.1), 1));
        assertEquals(4.0 * 5 * 12 * 12 * 1024 * 1024, (double) (dropping.engineBytes() - estimate.engineBytes()), 1);
    }

    @Test
    void ofAModuleItsFileTellsUntilItHasBeenOpened() {
        var wish = job(new ModelSpec.TorchScript("0".repeat(64), 40_000_000, 64, 256), 8);
        assertEquals(10_000_000, MemoryEstimate.parameters(wish));
        assertEquals((300 << 20) + 160_000_000, MemoryEstimate.of(wish).engineBytes());
        var opened = wish.filled(List.of(new TensorSpec("weight", List.of(5000L, 5000L))), List.of());
        assertEquals(25_000_000, MemoryEstimate.parameters(opened));
        assertEquals((300 << 20) + 400_000_000, MemoryEstimate.of(opened).engineBytes());
    }

    @Test
    void aHeapThatIsTooSmallIsToldWhatWouldDo() {
        assertNull(MemoryEstimate.problemOfHeap(800_000, false, 2, 512L << 20));
        var problem = MemoryEstimate.problemOfHeap(50_000_000, false, 2, 512L << 20);
        // sixteen vectors of the workers, seven of the coordinator, and a tenth is free
        assertTrue(problem.contains("ATHANOR_OPTS=-Xmx4928m"), problem);
        assertTrue(problem.contains("may take 512"), problem);
        assertNull(MemoryEstimate.problemOfHeap(50_000_000, false, 2, 4928L << 20));
        assertNotNull(MemoryEstimate.problemOfHeap(50_000_000, true, 2, 4928L << 20), "an open job takes more");
    }

    @Test
    void aJobThatDoesNotFitSaysHowManyWorkersWould() {
        var estimate = new MemoryEstimate(3 * GIB, GIB);
        assertNull(estimate.problem(4, false, 16 * GIB));
        var tooMany = estimate.problem(5, false, 16 * GIB);
        assertTrue(tooMany.contains("19456 MiB") && tooMany.endsWith("4 workers fit"), tooMany);
        var none = estimate.problem(1, false, 6 * GIB);
        assertTrue(none.contains("a smaller model"), none);
        assertTrue(
                estimate.problem(4, true, 16 * GIB).endsWith("3 workers fit"),
                "strangers are examined by an engine more");
        assertNull(estimate.problem(0, false, 4 * GIB), "who only coordinates has one engine, for the validation loss");
        assertNull(estimate.problemOfEngine(3 * GIB));
        assertTrue(estimate.problemOfEngine(2 * GIB).contains("needs about 3072 MiB, and may take 2048"));
    }

    /** As a coordinator that is a stranger may say. */
    @Test
    void aModelOfMoreNumbersThanAnArrayHoldsIsNoJob() {
        var wish = job(new ModelSpec.TorchScript("0".repeat(64), 1, 16, 256), 1);
        for (var shape : List.of(List.of(1L << 40, 1L << 40), List.of(1L << 31)))
            assertEquals("tensors must hold at most 2147483647 numbers", refused(wish, new TensorSpec("w", shape)));
    }

    @Test
    void tensorsAreThoseOfTheModel() {
        var shape = new GptShape(2, 2, 16, 16, 256, true, 0);
        var wish = job(new ModelSpec.Gpt(shape), 1);
        assertEquals(shape.tensors(), wish.filled(shape.tensors(), List.of()).tensors());
        assertEquals("tensors must be those of the model's shape", refused(wish, new TensorSpec("w", List.of(5L))));
        var module = job(new ModelSpec.TorchScript("0".repeat(64), 1, 16, 256), 1);
        var many = Collections.nCopies(JobSpec.MOST_TENSORS + 1, new TensorSpec("w", List.of(1L)));
        assertEquals("tensors must be at most 65536, but are 65537", refused(module, many.toArray(TensorSpec[]::new)));
    }

    private static String refused(JobSpec wish, TensorSpec... tensors) {
        return assertThrows(IllegalArgumentException.class, () -> wish.filled(List.of(tensors), List.of()))
                .getMessage();
    }

    @Test
    void aModulesFileLeadsNowhereElse() {
        for (var file : List.of("../../x", "/tmp/x", "model.pt")) {
            var refused = assertThrows(
                    IllegalArgumentException.class, () -> job(new ModelSpec.TorchScript(file, 1, 16, 256), 1));
            assertEquals("a module's file is named by a SHA-256 in hexadecimal", refused.getMessage());
        }
    }

    /** What was too much for a number was nothing. */
    @Test
    void theLargestJobNeedsMoreThanAnyMachineHas() {
        var largest = new GptShape(
                GptShape.MOST_LAYERS,
                GptShape.MOST_HEADS,
                GptShape.MOST_WIDTH,
                GptShape.MOST_CONTEXT,
                Tokens.LARGEST_VOCABULARY,
                true,
                0.1);
        var estimate = MemoryEstimate.of(job(largest, JobSpec.MOST_SEQUENCES));
        assertNotNull(estimate.problemOfEngine(1L << 50));
    }

    @Test
    void aDatasetHasBounds() {
        var shard = new ShardRef("0".repeat(64), ShardRef.MOST_TOKENS);
        var wish = job(new GptShape(1, 2, 16, 16, 256, false, 0), 1);
        var most = Collections.nCopies(JobSpec.MOST_SHARDS, shard);
        assertEquals(most, wish.filled(List.of(), most).shards());
        var tooMany = Collections.nCopies(JobSpec.MOST_SHARDS + 1, shard);
        var refused = assertThrows(IllegalArgumentException.class, () -> wish.filled(List.of(), tooMany));
        assertEquals("shards must be at most 2048, but are 2049", refused.getMessage());
        var tooLong = assertThrows(IllegalArgumentException.class, () -> new ShardRef("0".repeat(64), (1 << 21) + 1));
        assertEquals("a shard has at most 2097152 tokens, but not 2097153", tooLong.getMessage());
    }
}
