package org.athanor.edge.training;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.athanor.training.receipts.Ed25519;

/**
 * The keys of a worker that is about to join, kept before it asks: should the answer be lost, or the program die, it asks again as
 * the same. They go into its membership.
 *
 * @param publicKey  Ed25519, X.509, in base64
 * @param privateKey PKCS #8, in base64
 */
record JoiningKeys(String publicKey, String privateKey) {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    static final String FILE = "joining.json";

    /** Those in {@code folder}, or fresh ones that are kept there. */
    static JoiningKeys in(Path folder) throws IOException {
        var file = folder.resolve(FILE);
        if (Files.exists(file)) {
            try {
                var kept = MAPPER.readValue(Files.readAllBytes(file), JoiningKeys.class);
                Ed25519.privateKey(kept.privateKey());
                return kept;
            } catch (JacksonException | IllegalArgumentException | NullPointerException damaged) {
                throw new IOException(file + " is damaged: delete it and join with a new token", damaged);
            }
        }
        var pair = Ed25519.fresh();
        var keys = new JoiningKeys(Ed25519.text(pair.getPublic()), Ed25519.text(pair.getPrivate()));
        Membership.keep(folder, FILE, MAPPER.writeValueAsBytes(keys));
        return keys;
    }

    /** The membership holds them now. */
    static void forget(Path folder) throws IOException {
        Files.deleteIfExists(folder.resolve(FILE));
    }

    /** Never shows the private key. */
    @Override
    public String toString() {
        return "JoiningKeys[publicKey=" + publicKey + "]";
    }
}
