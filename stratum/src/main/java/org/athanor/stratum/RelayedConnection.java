package org.athanor.stratum;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.athanor.hash.Hex;
import org.athanor.hash.Sha256d;
import org.athanor.hash.Target;
import org.athanor.stratum.ShareVerdict.Reason;
import org.athanor.stratum.ShareVerdict.Rejected;

/**
 * One miner with its own connection to the pool. One thread for each direction, so a side that reads slowly holds up
 * only the side that writes to it, and nothing has to be queued.
 */
final class RelayedConnection {
    private static final int LONGEST_LINE = 64 * 1024;
    private static final int MOST_UNANSWERED = 4096;

    private final Socket miner;
    private final Socket pool;
    private final ShareSink sink;

    // guarded by this
    private final Session session = new Session();
    private final JobBook book = new JobBook(new ShareFilter.Spare());
    private String agent = "";
    private int unanswered;

    /** By id, oldest first: cpuminer gives all its submits the same id, and pools answer in order. */
    private final Map<JsonNode, ArrayDeque<Request>> requests = new HashMap<>();

    private sealed interface Request {
        enum Plain implements Request {
            SUBSCRIBE,
            CONFIGURE,
            AUTHORIZE,
            OTHER
        }

        /** @param hash internal order */
        @SuppressWarnings("ArrayRecordComponent") // never compared
        record Share(String agent, Submission submission, Optional<MiningJob> job, Optional<byte[]> hash)
                implements Request {}
    }

    RelayedConnection(Socket miner, Socket pool, ShareSink sink) {
        this.miner = miner;
        this.pool = pool;
        this.sink = sink;
    }

    void run() {
        var down = Thread.ofVirtual().name("stratum-relay-pool").start(() -> pass(pool, miner, "pool", this::fromPool));
        pass(miner, pool, "miner", this::fromMiner);
        boolean interrupted = false;
        while (true)
            try {
                down.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true; // its sockets are closed: it ends
            }
        if (interrupted) Thread.currentThread().interrupt();
        giveUp().forEach(share -> report(share, new Rejected(Reason.OTHER, "the pool did not answer")));
    }

    void close() {
        for (var socket : List.of(miner, pool))
            try {
                socket.close();
            } catch (IOException e) {
                StratumServer.LOG.log(Level.DEBUG, "closing " + socket, e);
            }
    }

    private interface Reader {
        /** Reads along, before the line is passed on. */
        void read(ObjectNode message) throws IOException;
    }

    private void pass(Socket from, Socket to, String name, Reader reader) {
        try {
            var lines = new LineReader(from.getInputStream(), LONGEST_LINE);
            var out = to.getOutputStream();
            for (var line = lines.next(); line != null; line = lines.next()) {
                var message = Json.object(line);
                if (message.isPresent()) reader.read(message.get());
                // what is no JSON is passed on too: the other side judges it
                out.write(MiningJob.concat(line, new byte[] {'\n'}));
            }
            StratumServer.LOG.log(Level.DEBUG, "{0} at {1} closed", name, from);
        } catch (IOException e) {
            StratumServer.LOG.log(Level.DEBUG, "{0} at {1}: {2}", name, from, e.getMessage());
        } catch (RuntimeException e) {
            StratumServer.LOG.log(Level.ERROR, "relaying for " + miner, e);
        } finally {
            close();
        }
    }

    private synchronized void fromMiner(ObjectNode message) throws IOException {
        var params = message.path("params");
        var request = switch (message.path("method").asText("")) {
            case "" -> null; // an answer to the pool
            case "mining.subscribe" -> {
                agent = Json.clean(params.path(0));
                yield Request.Plain.SUBSCRIBE;
            }
            case "mining.configure" -> Request.Plain.CONFIGURE;
            case "mining.authorize" -> Request.Plain.AUTHORIZE;
            case "mining.submit" -> share(Submission.parse(params));
            default -> Request.Plain.OTHER;
        };
        if (request == null) return;
        // a pool may leave what it does not know unanswered for ever (ckpool does)
        if (request == Request.Plain.OTHER && !requests.containsKey(Json.id(message))) return;
        if (++unanswered > MOST_UNANSWERED)
            throw new IOException("more than " + MOST_UNANSWERED + " requests unanswered");
        requests.computeIfAbsent(Json.id(message), _ -> new ArrayDeque<>()).add(request);
    }

    private Request share(Submission submission) {
        var job = book.find(submission.jobId()).map(JobBook.Entry::job);
        var hash = job.filter(j -> submission.problem(j).isEmpty()).map(j -> Sha256d.hash(submission.header(j)));
        return new Request.Share(agent, submission, job, hash);
    }

    private void fromPool(ObjectNode message) throws IOException {
        var method = message.path("method").asText("");
        if (method.equals("client.reconnect")) throw new IOException("the pool sends the miner elsewhere");
        try {
            if (method.isEmpty()) answered(message);
            else told(method, message.path("params"));
        } catch (StratumException e) {
            // the miner may understand it; its shares will be reported without a hash
            StratumServer.LOG.log(Level.WARNING, "reading along at {0}: {1}", pool, e.getMessage());
        }
    }

    private synchronized void told(String method, JsonNode params) {
        if (session.told(method, params) || !method.equals("mining.notify")) return;
        var job = session.job(params);
        book.add(job, null, book.sharesOf(job.body()));
    }

    private void answered(ObjectNode message) {
        switch (take(Json.id(message))) {
            case null -> {} // nobody asked
            case Request.Plain.SUBSCRIBE -> subscribed(message);
            case Request.Plain.CONFIGURE -> configured(message);
            case Request.Plain.AUTHORIZE, Request.Plain.OTHER -> {}
            case Request.Share share -> report(share, verdict(message, share));
        }
    }

    private synchronized Request take(JsonNode id) {
        var waiting = requests.get(id);
        if (waiting == null) return null;
        var request = waiting.remove();
        if (waiting.isEmpty()) requests.remove(id);
        unanswered--;
        return request;
    }

    private synchronized void subscribed(ObjectNode message) {
        session.subscribed(message.path("result"));
    }

    private synchronized void configured(ObjectNode message) {
        session.configured(message.path("result"));
    }

    private static ShareVerdict verdict(ObjectNode reply, Request.Share share) {
        if (share.job().isPresent() && share.hash().isPresent())
            return StratumClient.verdict(reply, share.job().get(), share.hash().get());
        if (!PoolReply.accepted(reply)) return PoolReply.rejection(reply);
        // without its job the share proves no work that could be counted here
        return new Rejected(Reason.OTHER, "accepted by the pool, but its job is unknown here");
    }

    private synchronized List<Request.Share> giveUp() {
        var shares = new ArrayList<Request.Share>();
        for (var waiting : requests.values())
            for (var request : waiting) if (request instanceof Request.Share share) shares.add(share);
        requests.clear();
        return shares;
    }

    private void report(Request.Share share, ShareVerdict verdict) {
        var submission = share.submission();
        var event = new ShareEvent(
                submission.user(),
                share.agent(),
                submission.jobId(),
                share.hash().map(Hex::display).orElse(""),
                share.job().map(MiningJob::target).orElse(Target.MAX),
                verdict);
        try {
            sink.share(event);
        } catch (RuntimeException e) {
            // the pool's verdict stands, so the miner must get it all the same
            StratumServer.LOG.log(Level.ERROR, "a share of " + event.user() + " could not be recorded", e);
        }
    }
}
