package org.athanor.stratum;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.athanor.hash.Hex;
import org.athanor.hash.Sha256d;
import org.athanor.hash.Target;
import org.athanor.stratum.ShareVerdict.Accepted;
import org.athanor.stratum.ShareVerdict.Reason;
import org.athanor.stratum.ShareVerdict.Rejected;
import org.athanor.units.Work;

/** One miner at the server. {@link #run} reads and judges; {@link #giveWork} comes from the server's thread. */
final class ServerConnection implements Runnable {
    /** The bits that BIP 320 sets aside. */
    static final int VERSION_MASK = 0x1fffe000;

    private static final int MOST_USERS = 16;
    private static final int MOST_NONSENSE = 20;
    private static final int NTIME_AHEAD_SECONDS = 7000; // as ckpool
    private static final int UNAUTHORIZED_PATIENCE_MILLIS = 60_000;
    private static final Duration SLOW_CLIENT_PATIENCE = Duration.ofSeconds(10);

    /** Rounded down, so that no miner computes a target harder than the network's from it. */
    static final MathContext DIGITS = new MathContext(17, RoundingMode.DOWN);

    private final StratumServer server;
    private final Socket socket;
    private final Socket channel; // the socket, or TLS over it: closing that one may wait for a miner that is deaf
    private final InetSocketAddress address;
    private final int extranonce1;
    private final Outbox outbox;
    private final JobBook book = new JobBook();
    private final Set<String> users = new ConcurrentSkipListSet<>();
    private volatile String agent = "";
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong rejected = new AtomicLong();
    private volatile Optional<BigDecimal> wish = Optional.empty();
    private int nonsense;

    // guarded by this: what the next job is made of; jobs enter book and outbox in one order
    private boolean subscribed;
    private int versionMask;
    private BigDecimal wanted = BigDecimal.ONE;
    private BigDecimal told;
    private Template lastTemplate;
    private Vardiff vardiff; // null before subscribing, and without rules for it

    ServerConnection(StratumServer server, Socket socket, int extranonce1) throws IOException {
        this.server = server;
        this.socket = socket;
        this.extranonce1 = extranonce1;
        this.address = (InetSocketAddress) socket.getRemoteSocketAddress();
        socket.setTcpNoDelay(true);
        socket.setKeepAlive(true);
        socket.setSoTimeout(UNAUTHORIZED_PATIENCE_MILLIS); // lifted by the first authorized user
        this.channel = channel(server.config().tls(), socket);
        this.outbox = new Outbox(channel.getOutputStream(), server.config().maximumQueue());
    }

    /** Shakes hands when first read, on this connection's own thread. */
    private static Socket channel(Optional<SSLContext> tls, Socket socket) throws IOException {
        if (tls.isEmpty()) return socket;
        var secure = (SSLSocket) tls.get().getSocketFactory().createSocket(socket, null, true);
        secure.setUseClientMode(false);
        return secure;
    }

    ClientInfo info() {
        synchronized (this) {
            return new ClientInfo(
                    address, agent, List.copyOf(users), told == null ? wanted : told, accepted.get(), rejected.get());
        }
    }

    void close() {
        outbox.close();
        try {
            socket.close();
        } catch (IOException e) {
            StratumServer.LOG.log(Level.DEBUG, "closing " + address, e);
        }
    }

    private void drop(String why) {
        StratumServer.LOG.log(Level.DEBUG, "{0} dropped: {1}", address, why);
        close();
    }

    @Override
    public void run() {
        Thread.ofVirtual().name("stratum-writer-" + address.getPort()).start(this::write);
        try {
            var lines = new LineReader(channel.getInputStream(), server.config().maximumLine());
            for (var line = lines.next(); line != null; line = lines.next()) handle(line);
            drop("it closed the connection");
        } catch (IOException e) {
            drop(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            drop("interrupted");
        } catch (RuntimeException e) {
            StratumServer.LOG.log(Level.ERROR, "serving " + address, e); // our bug, or our user's: this client only
            close();
        } finally {
            server.left(this, extranonce1);
        }
    }

    private void write() {
        try {
            outbox.run();
        } catch (IOException e) {
            drop(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            drop("interrupted");
        }
    }

    private void handle(byte[] line) throws IOException, InterruptedException {
        var message = Json.object(line);
        if (message.isEmpty()) {
            if (++nonsense > MOST_NONSENSE) throw new IOException("more than " + MOST_NONSENSE + " lines of nonsense");
            refuse(NullNode.getInstance(), "not a JSON object");
            return;
        }
        var id = Json.id(message.get());
        var params = message.get().path("params");
        var method = message.get().path("method").asText("");
        switch (method) {
            case "mining.subscribe" -> subscribe(id, params);
            case "mining.authorize" -> authorize(id, params);
            case "mining.submit" -> submit(id, params);
            case "mining.configure" -> configure(id, params);
            case "mining.suggest_difficulty" -> suggest(id, params);
            case "mining.extranonce.subscribe" -> reply(Json.result(id, "true")); // ours never changes
            default -> refuse(id, "unknown method " + Json.clean(method));
        }
    }

    private void reply(String line) throws IOException, InterruptedException {
        if (!outbox.offer(line, SLOW_CLIENT_PATIENCE)) throw new IOException("it does not read");
    }

    private void refuse(JsonNode id, String detail) throws IOException, InterruptedException {
        reply(Json.error(id, Reason.OTHER, detail));
    }

    private void subscribe(JsonNode id, JsonNode params) throws IOException, InterruptedException {
        agent = Json.clean(params.path(0));
        synchronized (this) {
            subscribed = false; // who subscribes again, too, gets the answer before any work
        }
        reply(Json.result(
                id,
                "[[[\"mining.set_difficulty\",\"1\"],[\"mining.notify\",\"1\"]],\"" + Hex.encode(extranonce1) + "\","
                        + Coinbase.EXTRANONCE2_SIZE + "]"));
        var difficulty = difficulty("");
        synchronized (this) {
            subscribed = true;
            vardiff = server.config()
                    .difficulty()
                    .vardiff()
                    .map(rules -> Vardiff.start(rules, wish.orElse(difficulty), server.nanos(), bounds(rules)))
                    .orElse(null);
            wanted = vardiff == null ? difficulty : vardiff.difficulty();
            lastTemplate = null; // its miner starts anew
            told = null;
            giveWork();
        }
    }

    private void authorize(JsonNode id, JsonNode params) throws IOException, InterruptedException {
        var user = params.path(0).asText("");
        if (!acceptable(user)) {
            reply(Json.error(id, Reason.UNAUTHORIZED, "user names have 1 to 128 characters, none of them blank"));
            return;
        }
        if (users.size() >= MOST_USERS && !users.contains(user)) {
            reply(Json.error(id, Reason.UNAUTHORIZED, "at most " + MOST_USERS + " users a connection"));
            return;
        }
        users.add(user);
        socket.setSoTimeout(0);
        reply(Json.result(id, "true"));
        synchronized (this) {
            if (vardiff != null) {
                vardiff = vardiff.ready(server.nanos());
                return;
            }
        }
        want(difficulty(user));
    }

    /** Looks whether the miner has been silent for too long, or its difficulty is due. */
    synchronized void tick() {
        if (vardiff != null && !users.isEmpty()) follow(vardiff.tick(server.nanos(), bounds(vardiff.rules())));
    }

    private synchronized void follow(Target share) {
        if (vardiff != null) follow(vardiff.share(Vardiff.difficulty(share), server.nanos(), bounds(vardiff.rules())));
    }

    private void follow(Vardiff next) {
        vardiff = next;
        want(next.difficulty());
    }

    private Vardiff.Bounds bounds(VardiffRules rules) {
        return new Vardiff.Bounds(
                wish.map(rules.minimum()::max).orElse(rules.minimum()),
                server.current().network());
    }

    /** Miners wish before subscribing, after authorizing, and again and again: a wish holds until the next. */
    private BigDecimal difficulty(String user) {
        var policy = server.config().difficulty();
        return wish.map(w -> policy.suggested(agent, user, w)).orElseGet(() -> policy.difficulty(agent, user));
    }

    private static boolean acceptable(String user) {
        return !user.isEmpty()
                && user.equals(Json.clean(user))
                && user.codePoints().noneMatch(c -> Character.isWhitespace(c) || Character.isSpaceChar(c));
    }

    private void configure(JsonNode id, JsonNode params) throws IOException, InterruptedException {
        var answers = new StringBuilder();
        int mask = 0;
        for (var extension : params.path(0)) {
            var name = Json.clean(extension);
            answers.append(answers.isEmpty() ? "" : ",")
                    .append(Json.quote(name))
                    .append(':');
            if (name.equals("version-rolling")) {
                var asked = Json.clean(params.path(1).path("version-rolling.mask"));
                mask = asked.matches("[0-9a-fA-F]{1,8}")
                        ? VERSION_MASK & Integer.parseUnsignedInt(asked, 16)
                        : VERSION_MASK;
                answers.append("true,\"version-rolling.mask\":\"")
                        .append(Hex.encode(mask))
                        .append('"');
            } else answers.append("false");
        }
        reply(Json.result(id, "{" + answers + "}"));
        synchronized (this) {
            boolean changed = mask != versionMask;
            versionMask = mask;
            if (changed) giveWork(); // jobs that were given out know the old mask
        }
    }

    private void suggest(JsonNode id, JsonNode params) throws IOException, InterruptedException {
        var number = Json.number(params.isArray() ? params.path(0) : params).filter(d -> d.signum() > 0);
        if (number.isEmpty()) {
            refuse(id, "difficulty: accepted is any number above 0");
            return;
        }
        reply(Json.result(id, "true"));
        wish = number;
        synchronized (this) {
            if (vardiff != null) {
                follow(vardiff.wished(number.get(), server.nanos(), bounds(vardiff.rules())));
                return;
            }
        }
        want(difficulty(users.stream().findFirst().orElse("")));
    }

    /** New work at once if the difficulty changes, under a new job id: under the old one shares would be doubtful. */
    private synchronized void want(BigDecimal difficulty) {
        if (difficulty.compareTo(wanted) == 0) return;
        wanted = difficulty;
        if (told == null || clamp(server.current().network()).compareTo(told) != 0) giveWork();
    }

    private BigDecimal clamp(Target network) {
        var target = Target.ofDifficulty(wanted);
        return network.isEasierThan(target) ? network.difficulty().round(DIGITS) : wanted;
    }

    /** Sends a job of the present template, preceded by the difficulty if that changed. */
    synchronized void giveWork() {
        if (!subscribed) return;
        var prepared = server.current();
        var difficulty = clamp(prepared.network());
        if (told == null || difficulty.compareTo(told) != 0) {
            told = difficulty;
            push(Json.notification("mining.set_difficulty", "[" + Json.write(difficulty) + "]"));
        }
        boolean clean = lastTemplate == null || !prepared.sameTip(lastTemplate);
        lastTemplate = prepared.template();
        var extranonce = ByteBuffer.allocate(Coinbase.EXTRANONCE1_SIZE)
                .putInt(extranonce1)
                .array();
        var job = prepared.job(
                server.nextJob(),
                clean,
                new MiningJob.Terms(
                        extranonce, Coinbase.EXTRANONCE2_SIZE, versionMask, Target.ofDifficulty(difficulty)));
        book.add(job, prepared.template());
        push(Json.notification("mining.notify", job.notifyParams()));
    }

    private void push(String line) {
        if (!outbox.push(line)) drop("it does not read");
    }

    private void submit(JsonNode id, JsonNode params) throws IOException, InterruptedException {
        var submission = Submission.parse(params);
        var entry = book.find(submission.jobId());
        var problem = entry.flatMap(e -> submission.problem(e.job()));
        var header = entry.filter(_ -> problem.isEmpty()).map(e -> submission.header(e.job()));
        var hash = header.map(Sha256d::hash);
        var verdict = judge(submission, entry, problem, header, hash);
        var event = new ShareEvent(
                submission.user(),
                agent,
                submission.jobId(),
                hash.map(Hex::display).orElse(""),
                entry.map(e -> e.job().target()).orElse(Target.MAX),
                verdict);
        try {
            server.sink().share(event);
        } catch (RuntimeException e) {
            StratumServer.LOG.log(Level.ERROR, "a share of " + event.user() + " could not be recorded", e);
            rejected.incrementAndGet();
            refuse(id, "the pool could not record the share");
            return;
        }
        switch (verdict) {
            case Accepted _ -> {
                accepted.incrementAndGet();
                var shares = entry.orElseThrow().shares();
                shares.add(hash.orElseThrow());
                reply(Json.result(id, "true"));
                if (shares.size() == ShareFilter.LIMIT / 2) giveWork(); // in time before this job is full
                follow(entry.orElseThrow().job().target());
            }
            case Rejected(var reason, var detail) -> {
                rejected.incrementAndGet();
                reply(Json.error(id, reason, detail));
            }
        }
    }

    private ShareVerdict judge(
            Submission submission,
            Optional<JobBook.Entry> found,
            Optional<String> problem,
            Optional<byte[]> header,
            Optional<byte[]> hash) {
        synchronized (this) {
            if (!subscribed) return new Rejected(Reason.NOT_SUBSCRIBED, "not subscribed");
        }
        if (!users.contains(submission.user())) return new Rejected(Reason.UNAUTHORIZED, "unauthorized user");
        if (found.isEmpty()) return new Rejected(Reason.JOB_NOT_FOUND, "unknown job");
        var entry = found.get();
        if (stale(entry)) return new Rejected(Reason.JOB_NOT_FOUND, "stale job");
        if (problem.isPresent()) return new Rejected(Reason.OTHER, problem.get());
        if (ntimeOutside(submission, entry)) return new Rejected(Reason.OTHER, "ntime out of range");
        var number = hash.orElseThrow();
        if (entry.shares().contains(number)) return new Rejected(Reason.DUPLICATE, "duplicate share");
        if (!entry.job().target().metBy(number)) return new Rejected(Reason.LOW_DIFFICULTY, "low difficulty share");
        if (entry.shares().size() == ShareFilter.LIMIT)
            return new Rejected(Reason.JOB_NOT_FOUND, "the job has taken all the shares it can");
        var work = Work.ofTarget(entry.job().target().value());
        if (!entry.job().network().metBy(number)) return new Accepted(work, false);
        return block(submission, entry, header.orElseThrow(), work);
    }

    private ShareVerdict block(Submission submission, JobBook.Entry entry, byte[] header, Work work) {
        var coinbase = entry.job().coinbase(submission.extranonce2Bytes());
        return switch (server.submit(Coinbase.block(header, coinbase, entry.template()))) {
            case BlockVerdict.Accepted _ -> new Accepted(work, true);
            case BlockVerdict.Refused(var reason) -> {
                // perhaps somebody else's block came first: then what was a job a moment ago is none now
                server.takeTemplate();
                if (stale(entry)) yield new Rejected(Reason.JOB_NOT_FOUND, "stale job");
                StratumServer.LOG.log(Level.WARNING, "a block of {0} was refused: {1}", submission.user(), reason);
                yield new Accepted(work, false); // the miner did its work
            }
        };
    }

    private boolean stale(JobBook.Entry entry) {
        return !server.current().sameTip(entry.template());
    }

    private static boolean ntimeOutside(Submission submission, JobBook.Entry entry) {
        long time = Integer.toUnsignedLong(submission.ntimeWord());
        long given = Integer.toUnsignedLong(entry.job().ntime());
        return time < given
                || time > given + NTIME_AHEAD_SECONDS
                || time > entry.template().maximumTime();
    }
}
