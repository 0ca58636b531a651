package org.athanor.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.athanor.cli.terminal.UserMistake;
import org.athanor.network.FoundBlocks;
import org.athanor.network.Pool;
import org.athanor.network.PoolMetrics;
import org.athanor.network.ShareLogException;
import org.athanor.stratum.BlockFate;
import org.athanor.stratum.BlockVerdict;
import org.athanor.stratum.NodeException;
import org.athanor.stratum.NodeTemplates;
import org.athanor.stratum.TemplateSource;

/** A node as a source of blocks, with the folder in which found ones are kept. */
final class NodeSource implements AutoCloseable {
    private static final Duration GLANCE = Duration.ofMillis(200);

    private final NodeTemplates node;
    private final FoundBlocks found;
    private final CompletableFuture<Pool> books = new CompletableFuture<>();
    private final DataFolder folder;
    private final PrintStream out;

    NodeSource(NodeTemplates node, DataFolder folder, PrintStream out) {
        this.node = node;
        this.folder = folder;
        this.out = out;
        try {
            found = FoundBlocks.open(folder.path(), node, node::standing, this::heard);
        } catch (ShareLogException e) {
            node.close();
            throw new UserMistake("the pool cannot start: " + e.getMessage(), e);
        }
    }

    /** @throws IOException if the address cannot be listened on */
    PoolMetrics metrics(InetSocketAddress listen, Pool pool) throws IOException {
        return PoolMetrics.start(listen, pool, found, node::status);
    }

    TemplateSource templates() {
        return found;
    }

    /**
     * Waits for the node, and says what keeps it away.
     *
     * @param span at most; null for as long as it takes
     * @return false if the user wants to end before
     */
    boolean awaitTemplate(CountDownLatch stop, Duration span) throws InterruptedException {
        long start = System.nanoTime();
        var said = "";
        try {
            while (!node.awaitTemplate(GLANCE)) {
                var problem = node.status().problem().orElse("");
                long elapsed = System.nanoTime() - start;
                if (elapsed > TimeUnit.SECONDS.toNanos(1) && !problem.equals(said))
                    out.println("waiting for the node: " + problem);
                if (elapsed > TimeUnit.SECONDS.toNanos(1)) said = problem;
                if (stop.getCount() == 0) return false;
                if (span != null && elapsed > span.toNanos())
                    throw new UserMistake("no template from the node within --for: " + problem);
            }
        } catch (NodeException e) {
            throw new UserMistake("the pool cannot start: " + e.getMessage(), e);
        }
        return true;
    }

    String description() {
        var status = node.status();
        return "solo for the node's chain " + status.chain().orElse("?") + ", block " + status.height() + " next";
    }

    /** As the end of a line of status; empty when all is well. */
    String problem() {
        var status = node.status();
        var waiting = found.pending() == 0 ? "" : "; " + found.pending() + " found blocks wait for the node";
        var wrong = status.problem().map(problem -> "; " + problem).orElse("");
        return (status.connected() ? wrong : "; node lost, jobs may be of an old tip" + wrong) + waiting;
    }

    /** From here on the pool's books hear what becomes of blocks; whoever has something to tell has waited. */
    void tell(Pool pool) {
        books.complete(pool);
    }

    private void heard(BlockFate fate) {
        books.join().heard(fate);
        out.println(
                switch (fate) {
                    case BlockFate.Delivered(var hash, BlockVerdict.Accepted(int height, var _), var _, var again) ->
                        "block " + height + " " + hash + " is in the chain" + (again ? ", handed over again" : "");
                    case BlockFate.Delivered(var hash, BlockVerdict.Refused(var reason), var _, var _) ->
                        "block " + hash + " was refused: " + reason;
                    case BlockFate.Orphaned(var hash, int height) ->
                        "block " + height + " " + hash + " has left the chain: another branch is longer";
                    case BlockFate.Returned(var hash, int height) ->
                        "block " + height + " " + hash + " is in the chain again";
                    case BlockFate.Matured(var hash, int height) ->
                        "block " + height + " " + hash + " is 100 blocks deep, its coins may be spent";
                });
    }

    @Override
    public void close() {
        // what was not told by now is told after the next start
        books.completeExceptionally(new IllegalStateException("the pool has ended"));
        try (node) {
            found.close();
            if (found.pending() == 0) return;
            folder.keep();
            out.println(found.pending() + " found blocks are without an answer; they are in "
                    + folder.path().resolve(FoundBlocks.FOLDER_NAME) + ", and a pool with --share-log "
                    + folder.path() + " sends them again");
        }
    }
}
