package org.athanor.training.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.athanor.training.data.ShardRef;
import org.athanor.training.data.Tokenizer;
import org.athanor.training.model.AdamW;
import org.athanor.training.model.GptShape;
import org.athanor.training.model.LearningRate;
import org.athanor.training.model.ModelSpec;
import org.athanor.training.outer.OuterSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobSpecTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final GptShape SHAPE = new GptShape(2, 2, 8, 4, 3, false, 0);
    private static final JobSpec JOB = new JobSpec(
            "a job",
            new ModelSpec.Gpt(SHAPE),
            SHAPE.tensors(),
            Tokenizer.Characters.of("abc"),
            List.of(new ShardRef("0".repeat(64), 100)),
            AdamW.USUAL,
            4,
            2,
            new LearningRate(1e-3, 1e-4, 1, 100),
            OuterSettings.diLoCo(2, "int8"),
            50,
            1,
            false,
            JobSpec.Moments.RESTARTED);

    private static JobSpec with(String field, String value) throws JsonProcessingException {
        var json = (ObjectNode) MAPPER.valueToTree(JOB);
        var place = JsonPointer.compile("/" + field.replace('.', '/'));
        var name = place.last().getMatchingProperty();
        ((ObjectNode) json.at(place.head())).set(name, MAPPER.readTree(value));
        return MAPPER.treeToValue(json, JobSpec.class);
    }

    /** Every field has a line here, so that none is forgotten. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
        name                | "another"
        model               | {"kind": "torchscript", "file": "00000000000000000000000000000000000000000000000000000000000000aa", "bytes": 7, "context": 4, "vocabulary": 3}
        model.shape.dropout | 0.5
        tensors             | []
        tokenizer           | {"kind": "characters", "alphabet": [97, 98]}
        shards              | []
        optimiser.beta2     | 0.95
        sequences           | 6
        microBatch          | 1
        rate.steps          | 200
        outer.up            | "int4"
        rounds              | 51
        tokens              | 1000
        seed                | 2
        bfloat16            | true
        moments             | "KEPT"
        trust               | "OPEN"
        encrypted           | true
        named               | "BY_DATA"
        """)
    void whateverDeterminesTheWorkMakesItAnotherJob(String field, String value) throws JsonProcessingException {
        assertNotEquals(JOB.id(), with(field, value).id());
    }

    @Test
    void noFieldIsLeftOut() throws Exception {
        var method = JobSpecTest.class.getDeclaredMethod(
                "whateverDeterminesTheWorkMakesItAnotherJob", String.class, String.class);
        var tried = new TreeSet<String>();
        method.getAnnotation(CsvSource.class)
                .textBlock()
                .lines()
                .forEach(line -> tried.add(line.strip().split("[. ]", 2)[0]));
        var fields = new TreeSet<String>();
        Arrays.stream(JobSpec.class.getRecordComponents()).forEach(field -> fields.add(field.getName()));
        assertEquals(fields, tried);
    }

    /** These stand in receipts for ever: another id here is another id for every job that there is. */
    @Test
    void idsStayAsTheyAre() throws JsonProcessingException {
        assertEquals("32962cbb607857aa060f9b8425e9cc5ab37a2ee6a63474a7afa19cd77947a80f", JOB.id());
        assertEquals(
                JOB.id(),
                MAPPER.readValue(MAPPER.writeValueAsString(JOB), JobSpec.class).id(),
                "as workers get it");
        // a file of a job that was begun before says nothing of it
        var json = (ObjectNode) MAPPER.valueToTree(JOB);
        json.remove(List.of("named", "encrypted", "trust"));
        var old = MAPPER.treeToValue(json, JobSpec.class);
        assertEquals("55ff30be328dfa11d5ffac1a1ffa8df3b6e7e93ce4ac23080764e1debfb78ea0", old.id());
        assertEquals(old.id(), old.filled(List.of(), JOB.shards()).id());
    }
}
