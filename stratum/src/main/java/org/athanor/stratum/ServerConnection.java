package org.athanor.stratum;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.athanor.hash.Hex;
import org.athanor.hash.Target;
import org.athanor.stratum.ShareVerdict.Accepted;
import org.athanor.stratum.ShareVerdict.Reason;
import org.athanor.stratum.ShareVerdict.Rejected;

/** One miner at the server. Lives on its loop's thread; only {@link #info} comes from elsewhere. */
final class ServerConnection {
    /** The bits that BIP 320 sets aside. */
    static final int VERSION_MASK = 0x1fffe000;

    private static final int MOST_USERS = 16;
    private static final int MOST_NONSENSE = 20;
    private static final int NTIME_AHEAD_SECONDS = 7000; // as ckpool
    private static final long UNAUTHORIZED_PATIENCE_NANOS = 60_000_000_000L;
    private static final long DEAF_PATIENCE_NANOS = 10_000_000_000L;

    /** Rounded down, so that no miner computes a target harder than the network's from it. */
    static final MathContext DIGITS = new MathContext(17, RoundingMode.DOWN);

    /** Of a share, without its id. */
    private static final int LONGEST_REPLY = 160;

    private static final byte[] ID = ascii("{\"id\":");
    private static final byte[] ACCEPTED = ascii(",\"result\":true,\"error\":null}\n");

    private final StratumServer server;
    private final EventLoop loop;
    private final SocketChannel channel;
    private final Transport transport;
    private final InetSocketAddress address;
    private final int extranonce1;
    private final OutBytes out;
    private final JobBook book;
    private final List<String> users = new CopyOnWriteArrayList<>();
    private volatile String agent = "";
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong rejected = new AtomicLong();
    private volatile BigDecimal told;
    private volatile BigDecimal wanted = BigDecimal.ONE;

    private SelectionKey key;
    private byte[] unread; // input whose turn has not come; null for none
    private int untold; // shares of this connection that wait for a commit
    private int owed; // bytes of the replies to them, at most
    private boolean closed;
    private boolean dirty;
    private boolean awaitsBlock; // nothing more is read until a chain has answered
    private boolean choked; // nothing more is read until the miner has read its replies
    private long heard = System.nanoTime();
    private long wrote = heard;
    private int nonsense;
    private Optional<BigDecimal> wish = Optional.empty();

    // what the next job is made of
    private boolean subscribed;
    private int agreedMask;
    private int toldMask;
    private int extranonce1Size;
    private int extranonce2Size;
    private BigDecimal targetOf;
    private Target target;
    private Blueprint last;
    private Vardiff vardiff; // null before subscribing, and without rules for it

    ServerConnection(StratumServer server, EventLoop loop, SocketChannel channel, int extranonce1) throws IOException {
        this.server = server;
        this.loop = loop;
        this.channel = channel;
        this.extranonce1 = extranonce1;
        this.address = (InetSocketAddress) channel.getRemoteAddress();
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        this.transport = server.config()
                .tls()
                .<Transport>map(context ->
                        new TlsTransport(channel, context, () -> loop.execute(() -> safely(this::proceed))))
                .orElseGet(() -> Transport.plain(channel));
        this.out = new OutBytes(loop.spare);
        this.book = new JobBook(loop.spareFilters);
    }

    /** On the loop's thread. */
    void open() {
        safely(() -> {
            key = channel.register(loop.selector(), SelectionKey.OP_READ, this);
            loop.add(this);
        });
    }

    ClientInfo info() {
        var difficulty = told;
        return new ClientInfo(
                address,
                agent,
                users.stream().sorted().toList(),
                difficulty == null ? wanted : difficulty,
                accepted.get(),
                rejected.get());
    }

    int extranonce1() {
        return extranonce1;
    }

    JobBook book() {
        return book;
    }

    interface Step {
        void run() throws IOException;
    }

    /** Whatever goes wrong here ends this connection and no other. */
    void safely(Step step) {
        if (closed) return;
        try {
            step.run();
        } catch (IOException e) {
            drop(e.getMessage());
        } catch (RuntimeException e) {
            StratumServer.LOG.log(Level.ERROR, "serving " + address, e); // our bug, or our user's
            close();
        }
    }

    private void drop(String why) {
        StratumServer.LOG.log(Level.DEBUG, "{0} dropped: {1}", address, why);
        close();
    }

    void close() {
        if (closed) return;
        closed = true;
        try {
            out.clear();
            transport.farewell();
        } catch (IOException e) {
            StratumServer.LOG.log(Level.DEBUG, "farewell to " + address, e);
        }
        try {
            channel.close();
        } catch (IOException e) {
            StratumServer.LOG.log(Level.DEBUG, "closing " + address, e);
        }
        unread = null;
        unchoke();
        loop.remove(this);
        server.left(this);
    }

    // ---- input ----

    void ready() {
        safely(() -> {
            if (key.isWritable()) flush();
            if (!closed && key.isReadable()) read();
        });
    }

    /** After the handshake has computed. */
    private void proceed() throws IOException {
        read();
        if (!closed) flush();
    }

    private boolean mayRead() {
        return !closed && !awaitsBlock && !choked;
    }

    private void read() throws IOException {
        while (mayRead()) {
            var input = loop.input.clear();
            if (unread != null) input.put(unread);
            unread = null;
            int kept = input.position();
            int count = transport.read(input);
            if (count <= 0) keep(loop.inputBytes, 0, kept);
            if (transport.mustWrite()) markDirty();
            if (count < 0) throw new IOException("it closed the connection");
            if (count == 0) return;
            heard = System.nanoTime();
            boolean more = !input.hasRemaining() || transport.holdsInput();
            handle(loop.inputBytes, kept, input.position());
            if (!more) return; // what may be left in the socket brings us here again
        }
    }

    /** Lines that were left unread while nothing could be said to them. */
    private void handleUnread() throws IOException {
        if (unread == null || !mayRead()) return;
        var input = loop.input.clear().put(unread);
        unread = null;
        handle(loop.inputBytes, 0, input.position());
    }

    /** @param searched where to look for a line's end; the line begins at 0 */
    private void handle(byte[] bytes, int searched, int end) throws IOException {
        int start = 0;
        for (int i = searched; i < end; i++) {
            if (bytes[i] != '\n') continue;
            checkLength(i - start);
            line(bytes, start, i);
            start = i + 1;
            if (closed) return;
            if (out.size() + owed > server.config().maximumQueue() / 2) {
                inTurn();
                choke();
            }
            if (!mayRead()) {
                keep(bytes, start, end);
                interest();
                return;
            }
        }
        checkLength(end - start);
        keep(bytes, start, end);
    }

    private void keep(byte[] bytes, int start, int end) {
        unread = start == end ? null : Arrays.copyOfRange(bytes, start, end);
    }

    private void checkLength(int length) throws IOException {
        int most = server.config().maximumLine();
        if (length > most) throw new IOException("line longer than " + most + " bytes");
    }

    private void line(byte[] bytes, int start, int end) throws IOException {
        var submission = loop.submitLine.parse(bytes, start, end);
        if (submission != null) submit(loop.submitLine.id(), submission);
        else if (!blank(bytes, start, end)) message(Json.object(bytes, start, end - start));
    }

    private static boolean blank(byte[] bytes, int start, int end) {
        for (int i = start; i < end; i++) if (bytes[i] != ' ' && bytes[i] != '\r' && bytes[i] != '\t') return false;
        return true;
    }

    private void message(Optional<? extends JsonNode> message) throws IOException {
        if (message.isEmpty()) {
            if (++nonsense > MOST_NONSENSE) throw new IOException("more than " + MOST_NONSENSE + " lines of nonsense");
            inTurn();
            refuse(NullNode.getInstance(), "not a JSON object");
            return;
        }
        var id = Json.id(message.get());
        var params = message.get().path("params");
        var method = message.get().path("method").asText("");
        if (method.equals("mining.submit")) {
            submit(id.toString().getBytes(StandardCharsets.UTF_8), Submission.parse(params));
            return;
        }
        inTurn();
        switch (method) {
            case "mining.subscribe" -> subscribe(id, params);
            case "mining.authorize" -> authorize(id, params);
            case "mining.configure" -> configure(id, params);
            case "mining.suggest_difficulty" -> suggest(id, params);
            case "mining.extranonce.subscribe" -> reply(Json.result(id, "true")); // ours never changes
            default -> refuse(id, "unknown method " + Json.clean(method));
        }
    }

    /** Replies go out in the order of their requests. */
    private void inTurn() {
        if (untold > 0) loop.commit();
    }

    // ---- output ----

    private void reply(String line) throws IOException {
        write(ascii(line + "\n"));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void refuse(JsonNode id, String detail) throws IOException {
        reply(Json.error(id.toString(), Reason.OTHER, detail));
    }

    private void write(byte[] bytes) throws IOException {
        if (out.size() == 0) wrote = System.nanoTime();
        out.add(bytes);
        if (out.size() > server.config().maximumQueue()) throw new IOException("it does not read");
        markDirty();
    }

    private void markDirty() {
        if (dirty) return;
        dirty = true;
        loop.dirty(this);
    }

    void flush() throws IOException {
        dirty = false;
        int before = out.size();
        boolean all = out.flush(transport);
        if (out.size() < before) wrote = System.nanoTime();
        if (all && choked) {
            unchoke();
            handleUnread();
        }
        interest();
    }

    private void choke() throws IOException {
        if (!choked && !loop.mayChoke()) throw new IOException("too many miners do not read");
        choked = true;
        markDirty();
    }

    private void unchoke() {
        if (choked) loop.unchoked();
        choked = false;
    }

    private void interest() throws IOException {
        if (closed) return;
        int wanted = (mayRead() ? SelectionKey.OP_READ : 0)
                | (out.size() > 0 || transport.mustWrite() ? SelectionKey.OP_WRITE : 0);
        if (key.interestOps() != wanted) key.interestOps(wanted);
    }

    // ---- what miners ask ----

    private void subscribe(JsonNode id, JsonNode params) throws IOException {
        agent = Json.clean(params.path(0));
        subscribed = true;
        var blueprint = server.current();
        extranonce1Size = blueprint.extranonce1Size();
        extranonce2Size = blueprint.extranonce2Size();
        // given when there was work of another kind: cut short it might be another connection's
        if (extranonce1Size < Integer.BYTES && extranonce1 >>> (Byte.SIZE * extranonce1Size) != 0)
            throw new IOException("the pool upstream has fewer extranonces now: it must connect again");
        reply(Json.result(
                id,
                "[[[\"mining.set_difficulty\",\"1\"],[\"mining.notify\",\"1\"]],\"" + Hex.encode(extranonce1Bytes())
                        + "\"," + extranonce2Size + "]"));
        var difficulty = difficulty("");
        vardiff = server.config()
                .difficulty()
                .vardiff()
                .map(rules -> Vardiff.start(rules, wish.orElse(difficulty), server.nanos(), bounds(rules)))
                .orElse(null);
        wanted = vardiff == null ? difficulty : vardiff.difficulty();
        last = null; // its miner starts anew
        told = null;
        giveWork();
    }

    private byte[] extranonce1Bytes() {
        var bytes = new byte[extranonce1Size];
        for (int i = 0; i < bytes.length; i++) bytes[i] = (byte) (extranonce1 >>> (8 * (bytes.length - 1 - i)));
        return bytes;
    }

    private void authorize(JsonNode id, JsonNode params) throws IOException {
        var user = params.path(0).asText("");
        if (!acceptable(user)) {
            reply(Json.error(
                    id.toString(), Reason.UNAUTHORIZED, "user names have 1 to 128 characters, none of them blank"));
            return;
        }
        if (!users.contains(user)) {
            if (users.size() >= MOST_USERS) {
                reply(Json.error(id.toString(), Reason.UNAUTHORIZED, "at most " + MOST_USERS + " users a connection"));
                return;
            }
            users.add(user);
        }
        reply(Json.result(id, "true"));
        if (vardiff != null) vardiff = vardiff.ready(server.nanos());
        else want(difficulty(user));
    }

    /** Every second or so: who is silent, who does not read, whose difficulty is due. */
    void tick() throws IOException {
        long now = System.nanoTime();
        if (users.isEmpty() && now - heard > UNAUTHORIZED_PATIENCE_NANOS) throw new IOException("it authorized nobody");
        if (out.size() > 0 && now - wrote > DEAF_PATIENCE_NANOS) throw new IOException("it does not read");
        if (vardiff != null && !users.isEmpty()) follow(vardiff.tick(server.nanos(), bounds(vardiff.rules())));
    }

    private void follow(Vardiff next) throws IOException {
        vardiff = next;
        want(next.difficulty());
    }

    private Vardiff.Bounds bounds(VardiffRules rules) {
        return new Vardiff.Bounds(
                wish.map(rules.minimum()::max).orElse(rules.minimum()),
                server.current().hardest());
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

    private void configure(JsonNode id, JsonNode params) throws IOException {
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
                toldMask = mask & server.current().versionMask();
                answers.append("true,\"version-rolling.mask\":\"")
                        .append(Hex.encode(toldMask))
                        .append('"');
            } else answers.append("false");
        }
        reply(Json.result(id, "{" + answers + "}"));
        boolean changed = mask != agreedMask;
        agreedMask = mask;
        if (changed) giveOwnWork(); // jobs that were given out know the old mask
    }

    private void suggest(JsonNode id, JsonNode params) throws IOException {
        var number = Json.number(params.isArray() ? params.path(0) : params).filter(d -> d.signum() > 0);
        if (number.isEmpty()) {
            refuse(id, "difficulty: accepted is any number above 0");
            return;
        }
        reply(Json.result(id, "true"));
        wish = number;
        if (vardiff != null) follow(vardiff.wished(number.get(), server.nanos(), bounds(vardiff.rules())));
        else want(difficulty(users.stream().findFirst().orElse("")));
    }

    // ---- work ----

    /** New work at once if the difficulty changes, under a new job id: under the old one shares would be doubtful. */
    private void want(BigDecimal difficulty) throws IOException {
        if (difficulty.compareTo(wanted) == 0) return;
        wanted = difficulty;
        if (told == null || clamp(server.current().hardest()).compareTo(told) != 0) giveOwnWork();
    }

    private BigDecimal clamp(Target hardest) {
        return hardest.isEasierThan(target(wanted)) ? hardest.difficulty().round(DIGITS) : wanted;
    }

    /** The same from job to job, and dear to compute for thousands of connections at once. */
    private Target target(BigDecimal difficulty) {
        if (targetOf == null || difficulty.compareTo(targetOf) != 0) {
            targetOf = difficulty;
            target = Target.ofDifficulty(difficulty);
        }
        return target;
    }

    /** Sends the job that everybody gets, preceded by the difficulty if that changed. */
    void giveWork() throws IOException {
        if (subscribed) give(server.offer());
    }

    /** A job that nobody else has, so that what was found for the last one is not found again. */
    private void giveOwnWork() throws IOException {
        if (subscribed) give(server.ownOffer());
    }

    private void give(Offer offer) throws IOException {
        var blueprint = offer.blueprint();
        if (!server.live()) return; // what there is would be worth nothing
        if (blueprint.extranonce1Size() != extranonce1Size || blueprint.extranonce2Size() != extranonce2Size)
            throw new IOException("the pool upstream has extranonces of another size: it must subscribe again");
        var difficulty = clamp(blueprint.hardest());
        if (told == null || difficulty.compareTo(told) != 0) {
            told = difficulty;
            write(ascii(Json.notification("mining.set_difficulty", "[" + Json.write(difficulty) + "]") + "\n"));
        }
        int mask = agreedMask & blueprint.versionMask();
        if (agreedMask != 0 && mask != toldMask) {
            toldMask = mask;
            write(ascii(Json.notification("mining.set_version_mask", "[\"" + Hex.encode(mask) + "\"]") + "\n"));
        }
        boolean clean = last == null || !blueprint.keeps(last);
        last = blueprint;
        var terms = new MiningJob.Terms(extranonce1Bytes(), extranonce2Size, mask, target(difficulty));
        book.add(new MiningJob(offer.body(), clean, terms), blueprint, book.sharesOf(offer.body()));
        write(offer.body().notifyLine(clean));
    }

    // ---- shares ----

    private void submit(byte[] id, Submission submission) throws IOException {
        var found = book.find(submission.jobId());
        var entry = found.orElse(null);
        var problem = found.flatMap(e -> submission.problem(e.job()));
        byte[] header = null;
        byte[] hash = null;
        if (entry != null && problem.isEmpty()) {
            header = loop.hasher.header(
                    entry.job(),
                    submission.extranonce2Bytes(),
                    submission.ntimeWord(),
                    submission.rolledBits(),
                    submission.nonceWord());
            hash = loop.hasher.hash();
        }
        var verdict = judge(submission, entry, problem, hash);
        if (verdict instanceof Accepted) {
            entry.shares().add(hash); // at once: the same share may come again before this one is told
            if (entry.blueprint() instanceof PreparedTemplate prepared
                    && entry.job().isBlock(hash)) {
                deliver(id, submission, entry, hash, header.clone(), prepared);
                return;
            }
        }
        judged(id, submission, entry, hash, verdict);
    }

    private void judged(byte[] id, Submission submission, JobBook.Entry entry, byte[] hash, ShareVerdict verdict) {
        var event = new ShareEvent(
                submission.user(),
                agent,
                submission.jobId(),
                hash == null ? "" : Hex.display(hash),
                entry == null ? Target.MAX : entry.job().target(),
                verdict);
        untold++;
        owed += owed(id);
        loop.judged(new JudgedShare(this, id, event, entry, hash, submission));
    }

    private ShareVerdict judge(Submission submission, JobBook.Entry entry, Optional<String> problem, byte[] hash) {
        if (!subscribed) return new Rejected(Reason.NOT_SUBSCRIBED, "not subscribed");
        if (!users.contains(submission.user())) return new Rejected(Reason.UNAUTHORIZED, "unauthorized user");
        if (entry == null) return new Rejected(Reason.JOB_NOT_FOUND, "unknown job");
        if (stale(entry)) return new Rejected(Reason.JOB_NOT_FOUND, "stale job");
        if (problem.isPresent()) return new Rejected(Reason.OTHER, problem.get());
        if (ntimeOutside(submission, entry)) return new Rejected(Reason.OTHER, "ntime out of range");
        if (entry.shares().contains(hash)) return new Rejected(Reason.DUPLICATE, "duplicate share");
        if (!entry.job().isShare(hash)) return new Rejected(Reason.LOW_DIFFICULTY, "low difficulty share");
        if (entry.shares().size() == ShareFilter.LIMIT)
            return new Rejected(Reason.JOB_NOT_FOUND, "the job has taken all the shares it can");
        boolean block = entry.job().isBlock(hash);
        return new Accepted(entry.job().work(), block);
    }

    private boolean stale(JobBook.Entry entry) {
        return !server.live() || !server.current().keeps(entry.blueprint());
    }

    private static boolean ntimeOutside(Submission submission, JobBook.Entry entry) {
        long time = Integer.toUnsignedLong(submission.ntimeWord());
        long given = Integer.toUnsignedLong(entry.job().ntime());
        return time < given
                || time > given + NTIME_AHEAD_SECONDS
                || time > entry.blueprint().maximumTime();
    }

    /** A block: the chain is asked on a thread of its own, and this connection waits for the answer. */
    private void deliver(
            byte[] id, Submission submission, JobBook.Entry entry, byte[] hash, byte[] header, PreparedTemplate from) {
        awaitsBlock = true;
        var coinbase = entry.job().coinbase(submission.extranonce2Bytes());
        server.deliver(Coinbase.block(header, coinbase, from.template()), loop, answer -> {
            awaitsBlock = false;
            // recorded even if its miner is gone by now
            judged(id, submission, entry, hash, verdict(answer, submission, entry));
            safely(() -> {
                interest();
                handleUnread();
            });
        });
    }

    private ShareVerdict verdict(Optional<BlockVerdict> answer, Submission submission, JobBook.Entry entry) {
        return switch (answer.orElse(null)) {
            case null -> new Accepted(entry.job().work(), false); // as far as is known yet
            case BlockVerdict.Accepted _ -> new Accepted(entry.job().work(), true);
            case BlockVerdict.Refused(var reason) -> {
                // perhaps somebody else's block came first: then what was a job a moment ago is none now
                server.takeWork();
                if (stale(entry)) yield new Rejected(Reason.JOB_NOT_FOUND, "stale job");
                StratumServer.LOG.log(Level.WARNING, "a block of {0} was refused: {1}", submission.user(), reason);
                yield new Accepted(entry.job().work(), false); // the miner did its work
            }
        };
    }

    /** The sink has it; its miner may be gone. */
    void recorded(JudgedShare share) {
        settle(share);
        boolean good = share.event().verdict() instanceof Accepted;
        (good ? accepted : rejected).incrementAndGet();
        if (good) forward(share);
        safely(() -> tell(share));
    }

    /** The sink could not take it: it counts for nothing, and may be sent again. */
    void notRecorded(JudgedShare share, RuntimeException failure) {
        settle(share);
        StratumServer.LOG.log(Level.ERROR, "a share of " + share.event().user() + " could not be recorded", failure);
        rejected.incrementAndGet();
        if (share.event().verdict() instanceof Accepted) share.entry().shares().remove(share.hash());
        safely(() -> reply(Json.error(text(share.id()), Reason.OTHER, "the pool could not record the share")));
    }

    private void settle(JudgedShare share) {
        untold--;
        owed -= owed(share.id());
    }

    private static int owed(byte[] id) {
        return id.length + LONGEST_REPLY;
    }

    private void tell(JudgedShare share) throws IOException {
        switch (share.event().verdict()) {
            case Accepted _ -> {
                write(ID);
                write(share.id());
                write(ACCEPTED);
                if (share.entry().shares().fillsUp()) giveOwnWork(); // before this job is full
                if (vardiff != null)
                    follow(vardiff.share(
                            Vardiff.difficulty(share.entry().job().target()), server.nanos(), bounds(vardiff.rules())));
            }
            case Rejected(var reason, var detail) -> reply(Json.error(text(share.id()), reason, detail));
        }
    }

    private static String text(byte[] id) {
        return new String(id, StandardCharsets.UTF_8);
    }

    private void forward(JudgedShare share) {
        if (!(share.entry().blueprint() instanceof UpstreamWork work)
                || !work.hardest().metBy(share.hash())) return;
        var submission = share.rest();
        work.forward(
                share.event(),
                share.entry().job(),
                submission.extranonce2Bytes(),
                submission.ntimeWord(),
                submission.rolledBits(),
                submission.nonceWord(),
                server.sink());
    }
}
