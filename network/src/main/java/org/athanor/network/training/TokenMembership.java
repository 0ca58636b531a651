package org.athanor.network.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.athanor.training.mailbox.JoinToken;
import org.athanor.training.mailbox.Messages;
import org.athanor.training.mailbox.ObjectStore;

/**
 * Members by tokens that are good once. Tokens and keys are kept as hashes in {@code members.jsonl}, so that who joined before a
 * restart is a member after it, and who reads the file is none. A member's key follows from its token, its public key and
 * {@code members.secret}: whoever asks again, since the answer was lost, gets the same.
 */
public final class TokenMembership implements Membership {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final int SECRET_BYTES = 32;
    private static final String FILE = "members.jsonl";
    private static final String MAC = "HmacSHA256";
    /** Followed by a number. */
    private static final String WORKER = "worker-";

    private final Path file;
    private final Path secretFile;
    private final String certificate;
    private final Set<String> tokens = new HashSet<>();
    private final Map<String, String> workers = new HashMap<>();
    private final Map<String, String> publicKeys = new HashMap<>();
    /** Workers by the hash of the token with which they joined. */
    private final Map<String, String> joined = new HashMap<>();
    /** The highest number that a worker has. */
    private int last;

    /** @param certificate SHA-256 of the server's certificate, for the tokens */
    public TokenMembership(Path folder, String certificate) throws IOException {
        this.certificate = certificate;
        file = folder.resolve(FILE);
        secretFile = folder.resolve("members.secret");
        if (Files.exists(file)) {
            JobFolder.lines(file).forEach(this::read);
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
                joined.put(entry.path("used").asText(), entry.get("worker").asText());
                workers.put(entry.path("key").asText(), entry.get("worker").asText());
                last = Math.max(last, number(entry.get("worker").asText()));
                publicKeys.put(
                        entry.get("worker").asText(), entry.path("publicKey").asText());
            }
        } catch (JsonProcessingException _) {
            // cut short by a crash or a full disk: nobody was told of it
        }
    }

    private static int number(String worker) {
        var digits = worker.substring(Math.min(worker.length(), WORKER.length()));
        return digits.matches("\\d{1,9}") ? Integer.parseInt(digits) : 0;
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
            return again(used, secret, request);
        }
        var key = key(used, request.publicKey());
        var worker = WORKER + (last + 1);
        var entry = MAPPER.createObjectNode()
                .put("worker", worker)
                .put("used", used)
                .put("key", hash(key))
                .put("name", request.name())
                .put("publicKey", request.publicKey())
                .put("machine", request.machine());
        append(MAPPER.writeValueAsString(entry));
        last++;
        tokens.remove(used);
        workers.put(hash(key), worker);
        publicKeys.put(worker, request.publicKey());
        joined.put(used, worker);
        return Optional.of(new Member(worker, key));
    }

    /** The member that joined with a token before, if it is the one that asks. */
    private Optional<Member> again(String used, String secret, Messages.Join request) throws IOException {
        var worker = joined.get(used);
        if (worker == null || !request.proven(secret) || !request.publicKey().equals(publicKeys.get(worker))) {
            return Optional.empty();
        }
        var key = key(used, request.publicKey());
        return worker.equals(workers.get(hash(key))) ? Optional.of(new Member(worker, key)) : Optional.empty();
    }

    private String key(String used, String publicKey) throws IOException {
        if (!Files.exists(secretFile)) {
            var random = new byte[SECRET_BYTES];
            new SecureRandom().nextBytes(random);
            JobFolder.writeSecret(secretFile, HexFormat.of().formatHex(random));
        }
        try {
            var mac = Mac.getInstance(MAC);
            mac.init(new SecretKeySpec(HexFormat.of().parseHex(Files.readString(secretFile)), MAC));
            return HexFormat.of().formatHex(mac.doFinal((used + "\n" + publicKey).getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every JDK has " + MAC, missing);
        } catch (IllegalArgumentException garbled) {
            throw new IOException(
                    secretFile + " is damaged: without it, nobody can join again whose answer was lost", garbled);
        }
    }

    @Override
    public synchronized Optional<String> worker(String key) {
        return Optional.ofNullable(workers.get(hash(key)));
    }

    @Override
    public synchronized Optional<String> publicKey(String worker) {
        return Optional.ofNullable(publicKeys.get(worker));
    }

    /** What workers that have joined the job in {@code folder} call themselves, by name. Only reads, as a coordinator may write. */
    static Map<String, String> names(Path folder) throws IOException {
        var file = folder.resolve(FILE);
        var names = new HashMap<String, String>();
        for (var line : JobFolder.lines(file)) {
            try {
                var entry = MAPPER.readTree(line);
                if (entry.has("worker")) {
                    names.put(entry.get("worker").asText(), entry.path("name").asText());
                }
            } catch (JsonProcessingException _) {
                // the last line, not whole yet
            }
        }
        return names;
    }

    /** Of all workers that have joined the job in {@code folder}, by name. */
    static Map<String, String> publicKeys(Path folder) throws IOException {
        return Map.copyOf(new TokenMembership(folder, "").publicKeys);
    }

    private void append(String line) throws IOException {
        JobFolder.appendLine(file, line);
    }

    private static String hash(String secret) {
        return ObjectStore.hash(secret.getBytes(StandardCharsets.UTF_8));
    }
}
