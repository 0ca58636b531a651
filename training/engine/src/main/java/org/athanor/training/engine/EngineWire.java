package org.athanor.training.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** Commands and replies as lines of JSON. */
public final class EngineWire {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private EngineWire() {}

    /** One line, without its end. */
    public static String line(Object message) {
        try {
            return MAPPER.writerFor(message instanceof EngineCommand ? EngineCommand.class : EngineReply.class)
                    .writeValueAsString(message);
        } catch (JsonProcessingException impossible) {
            throw new IllegalArgumentException("cannot be written as JSON: " + message, impossible);
        }
    }

    /** @throws IllegalArgumentException when the line is no command */
    public static EngineCommand command(String line) {
        return read(line, EngineCommand.class);
    }

    /** @throws IllegalArgumentException when the line is no reply */
    public static EngineReply reply(String line) {
        return read(line, EngineReply.class);
    }

    private static <T> T read(String line, Class<T> type) {
        try {
            return MAPPER.readValue(line, type);
        } catch (JsonProcessingException wrong) {
            throw new IllegalArgumentException("not a line of the engine's: " + wrong.getOriginalMessage(), wrong);
        }
    }
}
