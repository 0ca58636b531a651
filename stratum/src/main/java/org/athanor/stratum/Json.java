package org.athanor.stratum;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reading strangers' JSON lines, and writing ours. */
final class Json {
    private static final int LONGEST_TEXT = 128;

    /** Decimals stay exact: a difficulty of 2e-10 must not pass through a double. */
    private static final ObjectMapper MAPPER = new ObjectMapper(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(16)
                            .maxNumberLength(200)
                            .build())
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private Json() {}

    /** Empty unless the line is one JSON object. */
    static Optional<ObjectNode> object(byte[] line) {
        return object(line, 0, line.length);
    }

    static Optional<ObjectNode> object(byte[] bytes, int from, int length) {
        try {
            // decoded here: given bytes, the parser would guess UTF-16 and UTF-32 too
            var text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, from, length))
                    .toString();
            return MAPPER.readTree(text) instanceof ObjectNode object ? Optional.of(object) : Optional.empty();
        } catch (CharacterCodingException | JsonProcessingException | NumberFormatException e) {
            // the last is of a number like 1e99999999999; the caller answers that it was no JSON object
            return Optional.empty();
        }
    }

    static String quote(String text) {
        return TextNode.valueOf(text).toString();
    }

    /** A member as it was, or null in JSON's sense where there is none. */
    static JsonNode id(JsonNode message) {
        var id = message.get("id");
        return id == null ? NullNode.getInstance() : id;
    }

    /** A short piece of text that cannot disturb a log or a terminal: control characters replaced, cut if too long. */
    static String clean(JsonNode node) {
        return clean(node == null ? "" : node.asText(""));
    }

    static String clean(String text) {
        var cut = text.length() > LONGEST_TEXT ? text.substring(0, LONGEST_TEXT) : text;
        return cut.codePoints()
                .map(c -> Character.isISOControl(c) || !Character.isDefined(c) ? '?' : c)
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
    }

    /** A number, or one in a string. */
    static Optional<BigDecimal> number(JsonNode node) {
        if (node == null) return Optional.empty();
        if (node.isNumber()) return Optional.of(node.decimalValue());
        if (!node.isTextual() || node.textValue().length() > LONGEST_TEXT) return Optional.empty();
        try {
            return Optional.of(new BigDecimal(node.textValue().strip()));
        } catch (NumberFormatException e) {
            return Optional.empty(); // the caller says what is accepted
        }
    }

    /** Whole numbers as such: some miners read the difficulty as an integer. */
    static String write(BigDecimal number) {
        var plain = number.stripTrailingZeros();
        return plain.scale() <= 0 && plain.precision() - plain.scale() <= 30
                ? plain.toBigInteger().toString()
                : plain.toString();
    }

    static String result(JsonNode id, String result) {
        return "{\"id\":" + id + ",\"result\":" + result + ",\"error\":null}";
    }

    static String error(String id, ShareVerdict.Reason reason, String detail) {
        return "{\"id\":" + id + ",\"result\":null,\"error\":[" + reason.code() + "," + quote(detail) + ",null]}";
    }

    static String request(long id, String method, String params) {
        return "{\"id\":" + id + ",\"method\":" + quote(method) + ",\"params\":" + params + "}";
    }

    static String notification(String method, String params) {
        return "{\"id\":null,\"method\":" + quote(method) + ",\"params\":" + params + "}";
    }
}
