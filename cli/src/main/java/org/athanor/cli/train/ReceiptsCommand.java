package org.athanor.cli.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.athanor.cli.terminal.UserMistake;
import org.athanor.network.training.Receipts;
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
                        + " one does not hold.",
        footer = {"", "Example:", "  athanor train receipts job.training"})
final class ReceiptsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FOLDER", description = "The folder of a job.")
    private Path folder;

    @Override
    public Integer call() {
        Receipts.Account account;
        try {
            account = Receipts.check(folder);
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
                    "%-12s %d rounds, %,d tokens, %.3e FLOPs%s",
                    worker,
                    own.size(),
                    own.stream().mapToLong(claim -> claim.tokens()).sum(),
                    of,
                    joules > 0 ? String.format(Locale.ROOT, ", %.1f kJ metered or declared", joules / 1e3) : ""));
        });
        account.problems().forEach(out::println);
        out.println(
                account.good().size() + " receipts hold, " + account.problems().size() + " do not");
        return account.problems().isEmpty() ? 0 : 1;
    }
}
