package org.athanor.network.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.athanor.training.mailbox.JoinToken;
import org.athanor.training.mailbox.Messages;
import org.athanor.training.mailbox.ObjectStore;

/**
 * Members by tokens that are good once. Tokens and keys are kept as hashes in {@code members.jsonl}, so that who joined before a
 * restart is a member after it, and who reads the file is none.
 */
public final class TokenMembership implements Membership {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final int KEY_BYTES = 32;

    private final Path file;
    private final String certificate;
    private final Set<String> tokens = new HashSet<>();
    private final Map<String, String> workers = new HashMap<>();
    private final Map<String, String> publicKeys = new HashMap<>();

    /** @param certificate SHA-256 of the server's certificate, for the tokens */
    public TokenMembership(Path folder, String certificate) throws IOException {
        this.certificate = certificate;
        file = folder.resolve("members.jsonl");
        if (Files.exists(file)) {
            var text = Files.readString(file);
            text.lines().forEach(this::read);
            if (!text.isEmpty() && !text.endsWith("\n")) {
                append(""); // so that a line that a crash cut short spoils only itself
            }
        } else {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
    }

    private void read(String line) {
        try {
            var entry = MAPPER.readTree(line);
            if (entry.has("token")) {
                tokens.add(entry.get("token").asText());
            } else if (entry.has("worker")) {
                tokens.remove(entry.path("used").asText());
                workers.put(entry.path("key").asText(), entry.get("worker").asText());
                publicKeys.put(
                        entry.get("worker").asText(), entry.path("publicKey").asText());
            }
        } catch (JsonProcessingException _) {
            // the last line, cut short by a crash: nobody was told of it
        }
    }

    /** A token for one more worker. */
    public synchronized JoinToken invite() throws IOException {
        var token = JoinToken.fresh(certificate);
        var hash = hash(token.secret());
        append(MAPPER.writeValueAsString(MAPPER.createObjectNode().put("token", hash)));
        tokens.add(hash);
        return token;
    }

    /** Whether nobody has used the token yet. */
    public synchronized boolean isGood(JoinToken token) {
        return tokens.contains(hash(token.secret()));
    }

    @Override
    public synchronized Optional<Member> join(String secret, Messages.Join request) throws IOException {
        var used = hash(secret);
        if (!tokens.contains(used)) {
            return Optional.empty();
        }
        var random = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(random);
        var key = HexFormat.of().formatHex(random);
        var worker = "worker-" + (workers.size() + 1);
        var entry = MAPPER.createObjectNode()
                .put("worker", worker)
                .put("used", used)
                .put("key", hash(key))
                .put("name", request.name())
                .put("publicKey", request.publicKey())
                .put("machine", request.machine());
        append(MAPPER.writeValueAsString(entry));
        tokens.remove(used);
        workers.put(hash(key), worker);
        publicKeys.put(worker, request.publicKey());
        return Optional.of(new Member(worker, key));
    }

    @Override
    public synchronized Optional<String> worker(String key) {
        return Optional.ofNullable(workers.get(hash(key)));
    }

    @Override
    public synchronized Optional<String> publicKey(String worker) {
        return Optional.ofNullable(publicKeys.get(worker));
    }

    /** Of all workers that have joined the job in {@code folder}, by name. */
    static Map<String, String> publicKeys(Path folder) throws IOException {
        return Map.copyOf(new TokenMembership(folder, "").publicKeys);
    }

    private void append(String line) throws IOException {
        Files.writeString(file, line + "\n", StandardOpenOption.APPEND, StandardOpenOption.DSYNC);
    }

    private static String hash(String secret) {
        return ObjectStore.hash(secret.getBytes(StandardCharsets.UTF_8));
    }
}
