package org.athanor.training.data;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** How text becomes tokens. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Tokenizer.Characters.class, name = "characters"),
    @JsonSubTypes.Type(value = Tokenizer.Bytes.class, name = "bytes"),
})
public sealed interface Tokenizer {
    int vocabulary();

    /** @throws IllegalArgumentException naming the first part of the text that has no token */
    int[] encode(String text);

    String decode(List<Integer> tokens);

    /**
     * A token for each character that occurs.
     *
     * @param alphabet the characters by their numbers, each once, in order
     */
    record Characters(List<Integer> alphabet) implements Tokenizer {
        public Characters {
            alphabet = List.copyOf(alphabet);
            if (alphabet.size() > Tokens.LARGEST_VOCABULARY) {
                throw new IllegalArgumentException(
                        "a text of " + alphabet.size() + " different characters needs the tokenizer bytes");
            }
        }

        /** Of the characters of {@code text}. */
        public static Characters of(String text) {
            return new Characters(text.codePoints().distinct().sorted().boxed().toList());
        }

        @Override
        public int vocabulary() {
            return alphabet.size();
        }

        @Override
        public int[] encode(String text) {
            var sorted = alphabet.stream().mapToInt(Integer::intValue).toArray();
            var tokens = new int[text.codePointCount(0, text.length())];
            var at = 0;
            for (var index = 0; index < tokens.length; index++) {
                var character = text.codePointAt(at);
                at += Character.charCount(character);
                tokens[index] = Arrays.binarySearch(sorted, character);
                if (tokens[index] < 0) {
                    throw new IllegalArgumentException(
                            "the model has never seen the character \"" + Character.toString(character) + "\"");
                }
            }
            return tokens;
        }

        @Override
        public String decode(List<Integer> tokens) {
            var text = new StringBuilder();
            tokens.forEach(token -> text.appendCodePoint(alphabet.get(token)));
            return text.toString();
        }
    }

    /** A token for each byte of UTF-8. */
    record Bytes() implements Tokenizer {
        private static final int BYTES = 256;

        @Override
        public int vocabulary() {
            return BYTES;
        }

        @Override
        public int[] encode(String text) {
            var bytes = text.getBytes(StandardCharsets.UTF_8);
            var tokens = new int[bytes.length];
            Arrays.setAll(tokens, index -> Byte.toUnsignedInt(bytes[index]));
            return tokens;
        }

        @Override
        public String decode(List<Integer> tokens) {
            var bytes = new byte[tokens.size()];
            for (var index = 0; index < bytes.length; index++) {
                bytes[index] = tokens.get(index).byteValue();
            }
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }
}
