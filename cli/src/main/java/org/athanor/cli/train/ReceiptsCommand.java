package org.athanor.cli.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.athanor.cli.terminal.Printable;
import org.athanor.cli.terminal.UserMistake;
import org.athanor.network.training.Receipts;
import org.athanor.network.training.Roster;
import org.athanor.training.receipts.Receipt;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Holds the receipts of a job against the keys that should have signed them. */
@Command(
        name = "receipts",
        mixinStandardHelpOptions = true,
        header = "Verifies the receipts for work on a job, and sums them up.",
        description =
                "Every update that counts has a receipt, signed by its worker and by the coordinator. Ends with 1 when"
                        + " one does not hold. Whoever is caught by a replay loses those since its last replay that was right. In a job of strangers (trust: open) it also says how many rounds of a worker"
                        + " were replayed, and its rating: in how many of 100 rounds it lowers the loss on data that it"
                        + " was not given more than the worker in the middle, give or take one standard deviation. Whose"
                        + " range ends below 50 is replayed more often.",
        footer = {"", "Example:", "  athanor train receipts job.training"})
final class ReceiptsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "JOB", description = "The folder of a job, or its job file.")
    private Path folder;

    @Override
    public Integer call() {
        Receipts.Account account;
        SortedMap<String, WorkerRecord> records;
        try {
            var place = Folders.ofJob(folder);
            account = Receipts.check(place);
            var roster = Roster.of(place);
            records = WorkerRecord.of(roster.rounds(), roster.known());
        } catch (IOException none) {
            throw new UserMistake(none.getMessage(), none);
        }
        var out = spec.commandLine().getOut();
        var flops = new TreeMap<>(Receipts.flops(account.good()));
        flops.forEach((worker, of) -> {
            var own = account.good().stream()
                    .map(Receipt::claim)
                    .filter(claim -> claim.worker().equals(worker))
                    .toList();
            var joules = own.stream()
                    .mapToDouble(claim -> claim.joules() == null ? 0 : claim.joules())
                    .sum();
            out.println(String.format(
                    Locale.ROOT,
                    "%-12s %d rounds, %,d tokens, %.3e FLOPs%s%s",
                    Printable.text(worker),
                    own.size(),
                    own.stream().mapToLong(claim -> claim.tokens()).sum(),
                    of,
                    joules > 0 ? String.format(Locale.ROOT, ", %.1f kJ metered or declared", joules / 1e3) : "",
                    examined(records.get(worker))));
        });
        records.forEach((worker, record) -> {
            if (record.excluded() != null) {
                out.println(Printable.text(worker + " is excluded: " + record.excluded()));
            }
        });
        new TreeMap<>(account.withdrawn())
                .forEach((worker, withdrawn) -> out.println(Printable.text(String.format(
                        Locale.ROOT,
                        "%s: %d %s withdrawn, of rounds after the last that was replayed and found right: %s",
                        worker,
                        withdrawn.receipts(),
                        withdrawn.receipts() == 1 ? "receipt is" : "receipts are",
                        withdrawn.reason()))));
        account.problems().forEach(problem -> out.println(Printable.text(problem)));
        var withdrawn = account.withdrawn().values().stream()
                .mapToInt(Receipts.Withdrawn::receipts)
                .sum();
        out.println(account.good().size() + " receipts hold, "
                + account.problems().size() + " do not" + (withdrawn == 0 ? "" : ", " + withdrawn + " are withdrawn"));
        return account.problems().isEmpty() ? 0 : 1;
    }

    private static String examined(WorkerRecord record) {
        return record != null && record.isExamined() ? ", " + record.examined() : "";
    }
}
