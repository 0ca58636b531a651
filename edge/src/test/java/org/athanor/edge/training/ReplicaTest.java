package org.athanor.edge.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.athanor.training.mailbox.Messages.Phase;
import org.athanor.training.mailbox.Messages.Published;
import org.athanor.training.mailbox.Messages.State;
import org.athanor.training.mailbox.ObjectStore;
import org.athanor.training.model.GptShape;
import org.athanor.training.outer.Fragments;
import org.athanor.training.outer.LocalModel;
import org.athanor.training.outer.OuterSettings;
import org.athanor.training.update.Codec;
import org.athanor.training.update.UpdateException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReplicaTest {
    private static final GptShape SHAPE = new GptShape(1, 1, 8, 4, 8, false, 0);
    private static final Fragments FRAGMENTS = Fragments.of(SHAPE.tensors(), 1);

    private static final Published BEGUN = published(3, "begun");

    private final float[] weights = new float[Math.toIntExact(SHAPE.parameters())];
    private final Replica replica =
            new Replica(BEGUN, new LocalModel(OuterSettings.diLoCo(1, "float32"), FRAGMENTS, weights));

    /** @param what stands for its bytes */
    private static Published published(long round, String what) {
        return new Published(round, ObjectStore.hash(what.getBytes(StandardCharsets.UTF_8)), 1, "float32");
    }

    /** @param changes of the rounds that led to {@code round} */
    private static State state(long round, Published snapshot, Published... changes) {
        return new State(round, Phase.RUNNING, snapshot, List.of(changes), null, 0);
    }

    @BeforeEach
    void takesARound() throws UpdateException {
        var change = new float[weights.length];
        change[0] = 1;
        replica.take(published(3, "third"), Codec.named("float32").encode(change), weights);
    }

    @Test
    void itIsOfTheJobThatPublishedWhatItTook() {
        assertEquals(4, replica.round());
        assertTrue(weights[0] != 0);
        assertTrue(replica.isOf(state(4, BEGUN, published(3, "third"))));
        assertTrue(replica.isOf(state(5, null, published(3, "third"), published(4, "fourth"))));
        assertTrue(replica.isOf(state(6, published(5, "whole"), published(5, "fifth"))), "it was away for long");
        assertTrue(replica.isOf(state(4, null)), "which tells only what is new");
    }

    @Test
    void itIsNotOfAnOlderCopyWhateverItsRound() {
        assertFalse(replica.isOf(state(3, BEGUN)), "it has not come so far");
        assertFalse(replica.isOf(state(4, BEGUN, published(3, "another"))), "it came to the same round anew");
        assertFalse(replica.isOf(state(5, null, published(3, "another"), published(4, "fourth"))), "and further");
        assertFalse(replica.isOf(state(4, published(3, "another"), published(3, "third"))), "it began otherwise");
    }

    @Test
    void whatCannotBeReadIsNotTaken() {
        assertThrows(UpdateException.class, () -> replica.take(published(4, "fourth"), new byte[3], weights));
        assertEquals(4, replica.round());
        assertTrue(replica.isOf(state(4, BEGUN, published(3, "third"))));
    }
}
