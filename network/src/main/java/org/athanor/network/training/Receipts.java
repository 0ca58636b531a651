package org.athanor.network.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.PrivateKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.athanor.training.receipts.Ed25519;
import org.athanor.training.receipts.Receipt;
import org.athanor.training.receipts.Withdrawal;
import org.athanor.training.receipts.WorkClaim;

/**
 * Signed receipts for the work on a job, to be paid later: {@code receipts.jsonl}, those of them that are not to be paid
 * {@code withdrawn.jsonl}, the coordinator's key {@code receipts.key}, and {@code receipts.pub} to hold them against.
 */
public final class Receipts implements Payroll {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final String FILE = "receipts.jsonl";
    private static final String PRIVATE = "receipts.key";
    private static final String PUBLIC = "receipts.pub";
    private static final String WITHDRAWN = "withdrawn.jsonl";

    private final Path file;
    private final Path withdrawn;
    private final String job;
    private final PrivateKey key;
    private final Set<String> given = new HashSet<>();

    /** Those of the job in {@code folder}; a line that a crash cut short is taken away, since its round is done again. */
    public Receipts(Path folder) throws IOException {
        file = folder.resolve(FILE);
        withdrawn = folder.resolve(WITHDRAWN);
        job = new JobFolder(folder)
                .spec()
                .orElseThrow(() -> new IOException(folder + " holds no job"))
                .id();
        var secret = folder.resolve(PRIVATE);
        if (!Files.exists(secret)) {
            var keys = Ed25519.fresh();
            Files.writeString( // on the disk before the secret is: it is not made again
                    folder.resolve(PUBLIC),
                    Ed25519.text(keys.getPublic()) + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.DSYNC);
            JobFolder.writeSecret(secret, Ed25519.text(keys.getPrivate()));
        }
        key = Ed25519.privateKey(Files.readString(secret).strip());
        if (Files.exists(file)) {
            var text = Files.readString(file);
            if (!text.endsWith("\n")) {
                var whole = text.substring(0, text.lastIndexOf('\n') + 1).getBytes(StandardCharsets.UTF_8).length;
                try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    channel.truncate(whole); // what is before it stays as it is
                }
            }
            for (var line : Files.readAllLines(file)) {
                given.add(place(MAPPER.readValue(line, Receipt.class).claim()));
            }
        }
    }

    private static String place(WorkClaim claim) {
        return claim.worker() + " " + claim.round();
    }

    /** Countersigns and keeps what is signed; a worker has one receipt for a round, however often the round is closed. */
    @Override
    public void credit(Work work) throws IOException {
        if (work.signature() != null && given.add(place(work.claim()))) {
            var receipt = Receipt.of(work.claim(), work.flops(), work.publicKey(), work.signature(), key);
            JobFolder.appendLine(file, MAPPER.writeValueAsString(receipt));
        }
    }

    /**
     * Signs that the worker's receipts of later rounds are not to be paid. Who has them cannot be made to forget them: whoever pays
     * looks into {@code withdrawn.jsonl}.
     */
    @Override
    public void withdraw(String worker, long after, String reason) throws IOException {
        var fresh = Withdrawal.of(job, worker, after, reason, key);
        var line = MAPPER.writeValueAsString(fresh);
        if (!JobFolder.lines(withdrawn).contains(line)) {
            JobFolder.appendLine(withdrawn, line);
        }
    }

    /**
     * What the receipts in a folder say.
     *
     * @param good      those that hold
     * @param withdrawn those that would hold, of workers that were caught: by worker, with the reason
     * @param problems  of the others, by line
     */
    public record Account(List<Receipt> good, Map<String, Withdrawn> withdrawn, List<String> problems) {
        public Account {
            good = List.copyOf(good);
            withdrawn = Map.copyOf(withdrawn);
            problems = List.copyOf(problems);
        }
    }

    /** How many of a worker's receipts are not to be paid, and why. */
    public record Withdrawn(int receipts, String reason) {}

    /**
     * Holds every receipt against the keys with which workers joined, the coordinator's key, and the job.
     *
     * @throws IOException when the folder holds no job or no receipts
     */
    public static Account check(Path folder) throws IOException {
        var spec = new JobFolder(folder).spec().orElseThrow(() -> new IOException(folder + " holds no job"));
        if (!Files.exists(folder.resolve(PUBLIC))) {
            throw new IOException(folder + " holds no receipts");
        }
        var coordinator = Files.readString(folder.resolve(PUBLIC)).strip();
        var keys = TokenMembership.publicKeys(folder);
        var job = spec.id();
        var flops = spec.model().flopsPerToken(spec.parameters());
        var good = new ArrayList<Receipt>();
        var problems = new ArrayList<String>();
        var places = new HashSet<String>();
        var lines = JobFolder.lines(folder.resolve(FILE));
        var withdrawals = withdrawals(folder, job, coordinator, problems);
        var withdrawn = new HashMap<String, Withdrawn>();
        for (var number = 1; number <= lines.size(); number++) {
            try {
                var receipt = MAPPER.readValue(lines.get(number - 1), Receipt.class);
                var claim = receipt.claim();
                var problem = receipt.problem(keys.get(claim.worker()), coordinator);
                if (problem == null && !claim.job().equals(job)) {
                    problem = "it is for another job";
                }
                if (problem == null && receipt.flops() != flops * claim.tokens()) {
                    problem = "its work is not what the model takes for " + claim.tokens() + " tokens";
                }
                if (problem == null && !places.add(place(claim))) {
                    problem = claim.worker() + " has another one for round " + (claim.round() + 1);
                }
                var withdrawal = withdrawals.get(claim.worker());
                if (problem == null && withdrawal != null && claim.round() > withdrawal.after()) {
                    withdrawn.merge(
                            claim.worker(),
                            new Withdrawn(1, withdrawal.reason()),
                            (all, one) -> new Withdrawn(all.receipts() + one.receipts(), all.reason()));
                } else if (problem == null) {
                    good.add(receipt);
                } else {
                    problems.add("receipt " + number + ": " + problem);
                }
            } catch (JsonProcessingException garbled) {
                problems.add("receipt " + number + " is garbled");
            }
        }
        return new Account(good, withdrawn, problems);
    }

    /** By worker, the one that takes back most. */
    private static Map<String, Withdrawal> withdrawals(
            Path folder, String job, String coordinator, List<String> problems) throws IOException {
        var byWorker = new HashMap<String, Withdrawal>();
        var number = 0;
        for (var line : JobFolder.lines(folder.resolve(WITHDRAWN))) {
            number++;
            try {
                var withdrawal = MAPPER.readValue(line, Withdrawal.class);
                if (withdrawal.job().equals(job) && withdrawal.isSignedBy(coordinator)) {
                    byWorker.merge(
                            withdrawal.worker(), withdrawal, (one, other) -> one.after() < other.after() ? one : other);
                } else {
                    problems.add("withdrawal " + number + " is not of this job's coordinator");
                }
            } catch (JsonProcessingException _) {
                // cut short by a crash: the round was ended again, and so is its line
            }
        }
        return byWorker;
    }

    /** Floating-point operations by worker. */
    public static Map<String, Double> flops(List<Receipt> receipts) {
        var byWorker = new HashMap<String, Double>();
        receipts.forEach(receipt -> byWorker.merge(receipt.claim().worker(), receipt.flops(), Double::sum));
        return byWorker;
    }
}
