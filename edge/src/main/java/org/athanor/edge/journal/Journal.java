package org.athanor.edge.journal;

import java.math.BigInteger;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.athanor.edge.journal.Reconciliation.Disagreed;
import org.athanor.edge.journal.Reconciliation.Settled;
import org.athanor.edge.journal.StepRow.HeaterRow;
import org.athanor.edge.journal.StepRow.Planned;
import org.athanor.edge.journal.StepRow.Totals;
import org.athanor.ledger.Credit;
import org.athanor.ledger.CreditLine;
import org.athanor.ledger.Rate;
import org.athanor.ledger.Weight;
import org.athanor.ledger.Weighting;
import org.athanor.units.Celsius;
import org.athanor.units.Joules;
import org.athanor.units.Millisatoshis;
import org.athanor.units.Watts;
import org.athanor.units.Work;

/**
 * The heater's memory: one H2 file, used by one process at a time. Every method that returns has committed. Safe for
 * use by several threads: one connection writes, another reads, each under its own lock, so that a page that draws a
 * long history does not hold up the control loop.
 *
 * <p>WRITE_DELAY=0: otherwise kill -9 loses the last half second. DB_CLOSE_ON_EXIT=FALSE: otherwise H2's own shutdown
 * hook closes the file before the graceful stop has written its last rows.
 */
public final class Journal implements AutoCloseable {
    private static final int ALREADY_OPEN = 90020;
    private static final int LONGEST_TEXT = 4000;

    private final Path file;
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);
    /** Setting: until when steps have been thinned, in milliseconds. */
    private static final String THINNED = "journal.thinned";

    private static final int EVENTS_A_PIECE = 500;

    private final Writer writer;
    private final Reader reader;

    private Journal(Path file, Connection write, Connection read) throws SQLException {
        this.file = file;
        this.writer = new Writer(write);
        this.reader = new Reader(read);
    }

    /**
     * Opens or creates the journal.
     *
     * @param file path without the suffix {@code .mv.db} that H2 adds
     * @throws JournalException if another process has it open, or it cannot be read or written
     */
    public static Journal open(Path file) {
        var absolute = file.toAbsolutePath().normalize();
        if (absolute.toString().indexOf(';') >= 0)
            throw new JournalException("journal " + absolute + ": a path without ';' is accepted", null);
        var url = "jdbc:h2:file:" + absolute + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE";
        Connection write = null;
        Connection read = null;
        try {
            write = DriverManager.getConnection(url);
            write.setAutoCommit(false);
            Schema.upgrade(write);
            read = DriverManager.getConnection(url);
            return new Journal(absolute, write, read);
        } catch (SQLException e) {
            closeQuietly(read, e);
            closeQuietly(write, e);
            if (e.getErrorCode() == ALREADY_OPEN)
                throw new JournalException(
                        "journal " + absolute + ".mv.db is in use by another process: stop that one, or name another"
                                + " journal",
                        e);
            throw new JournalException("cannot open journal " + absolute + ".mv.db: " + firstLine(e), e);
        }
    }

    private static void closeQuietly(Connection connection, SQLException because) {
        if (connection == null) return;
        try {
            connection.close();
        } catch (SQLException e) {
            because.addSuppressed(e);
        }
    }

    /** Writes one control step, all heaters in one batch and one commit. */
    public void step(StepRow row) {
        step(row, Map.of());
    }

    /**
     * Writes one control step and what is to be remembered with it, in one commit.
     *
     * @param remembered settings; an empty one is forgotten
     */
    public void step(StepRow row, Map<String, Optional<String>> remembered) {
        write("a control step", () -> {
            for (var each : remembered.entrySet()) set(each.getKey(), each.getValue());
            var step = writer.step;
            step.setLong(1, row.time().toEpochMilli());
            set(step, 2, row.room().map(Celsius::value));
            step.setDouble(3, row.setpoint().value());
            set(step, 4, row.outdoor().map(Celsius::value));
            set(step, 5, row.price());
            step.setLong(6, row.earned().value());
            step.setDouble(7, row.totals().electricity().value());
            step.setDouble(8, row.totals().electricityCost());
            step.setDouble(9, row.totals().kelvinHoursBelow());
            step.setDouble(10, row.totals().kelvinHoursAbove());
            set(step, 11, row.planned().map(plan -> plan.watts().value()));
            set(step, 12, row.planned().map(plan -> plan.room().value()));
            step.setDouble(13, row.totals().expectedPay());
            step.executeUpdate();
            long number = key(step);
            var heater = writer.stepHeater;
            for (var each : row.heaters()) {
                heater.setLong(1, number);
                heater.setString(2, each.id());
                if (each.level().isPresent()) heater.setInt(3, each.level().getAsInt());
                else heater.setNull(3, Types.INTEGER);
                set(heater, 4, each.watts());
                set(heater, 5, each.chipCelsius());
                heater.addBatch();
            }
            heater.executeBatch();
            return number;
        });
    }

    /** Appends an accepted share; returns it with its number. */
    public AcceptedShare share(String user, Instant at, String hash, BigInteger target) {
        return write("an accepted share of " + user, () -> {
            var share = writer.share;
            share.setString(1, user);
            share.setLong(2, at.toEpochMilli());
            share.setString(3, hash);
            share.setString(4, target.toString(16));
            share.executeUpdate();
            return new AcceptedShare(key(share), user, Instant.ofEpochMilli(at.toEpochMilli()), hash, target);
        });
    }

    /** The user's accepted shares with a number above {@code after}, in order. */
    public List<AcceptedShare> shares(String user, long after) {
        return read("shares of " + user, () -> {
            var query = reader.shares;
            query.setString(1, user);
            query.setLong(2, after);
            return rows(
                    query,
                    row -> new AcceptedShare(
                            row.getLong(1),
                            user,
                            Instant.ofEpochMilli(row.getLong(2)),
                            row.getString(3),
                            new BigInteger(row.getString(4), 16)));
        });
    }

    /** Accepted shares by user since the journal began. */
    public Map<String, Long> shareCounts() {
        return read("the number of shares", () -> {
            var counts = new LinkedHashMap<String, Long>();
            rows(reader.shareCounts, row -> counts.put(row.getString(1), row.getLong(2)));
            return counts;
        });
    }

    /** A credit line's own columns, then how the edge settled it; a waiting line has no more than the first. */
    record CreditRow(long number, CreditLine line, boolean waiting) {}

    /**
     * Writes a credit line that waits for its last share.
     *
     * @return empty when a line of that user, interval and start is journalled already
     */
    Optional<CreditRow> receive(CreditLine line) {
        return write("a credit line of " + line.user(), () -> {
            var known = writer.creditKnown;
            known.setString(1, line.user());
            known.setLong(2, line.interval());
            known.setString(3, line.start().toString());
            if (!rows(known, row -> row.getLong(1)).isEmpty()) return Optional.empty();
            var credit = writer.credit;
            int i = 0;
            credit.setString(++i, line.user());
            credit.setLong(++i, line.interval());
            credit.setString(++i, line.start().toString());
            credit.setString(++i, line.end().toString());
            credit.setLong(++i, line.shares());
            credit.setString(++i, line.firstShare());
            credit.setString(++i, line.lastShare());
            credit.setString(++i, line.work().units().toString());
            credit.setString(++i, line.weighting().weight().toString());
            credit.setString(++i, line.weighting().basis());
            credit.setString(++i, line.rate().toString());
            credit.setString(++i, line.carriedIn().toString());
            credit.setLong(++i, line.msat().value());
            credit.setString(++i, line.credit().remainder().toString());
            credit.executeUpdate();
            return Optional.of(new CreditRow(key(credit), line, true));
        });
    }

    /** Both or neither: the settlement, and the event that tells of it. */
    void settle(long number, Settled outcome, Optional<Event> told) {
        write("the settlement of " + outcome.line().user(), () -> {
            var settle = writer.settle;
            var own = outcome.own();
            settle.setString(1, outcome instanceof Disagreed ? "DISAGREED" : "AGREED");
            settle.setLong(2, own.shares());
            settle.setString(3, own.work().units().toString());
            settle.setLong(4, own.credit().msat().value());
            settle.setString(5, own.credit().remainder().toString());
            settle.setLong(6, own.through());
            if (outcome instanceof Disagreed disagreed) {
                settle.setString(7, String.join(" ", names(disagreed)));
                settle.setString(8, shortened(disagreed.detail()));
            } else {
                settle.setNull(7, Types.VARCHAR);
                settle.setNull(8, Types.VARCHAR);
            }
            settle.setLong(9, number);
            if (told.isPresent()) insert(told.get());
            return settle.executeUpdate();
        });
    }

    private static List<String> names(Disagreed disagreed) {
        return disagreed.differences().stream().map(Enum::name).toList();
    }

    /** Lines that wait for their last share, in order of arrival. */
    List<CreditRow> waiting() {
        return read(
                "the waiting credit lines",
                () -> rows(reader.waiting, row -> new CreditRow(row.getLong("number"), line(row), true)));
    }

    /** Where a user's next settlement goes on from. */
    record Position(long through, BigInteger remainder, Millisatoshis earned, Millisatoshis credited) {
        static final Position START = new Position(0, BigInteger.ZERO, Millisatoshis.ZERO, Millisatoshis.ZERO);
    }

    Map<String, Position> positions() {
        return read("the settlements", () -> {
            var positions = new HashMap<String, Position>();
            rows(
                    reader.positions,
                    row -> positions.put(
                            row.getString("user_name"),
                            new Position(
                                    row.getLong("through"),
                                    new BigInteger(row.getString("next_remainder")),
                                    new Millisatoshis(row.getLong("earned")),
                                    new Millisatoshis(row.getLong("credited")))));
            return positions;
        });
    }

    /** Lines with which the edge does not agree: both amounts, and what differs. */
    public record Mismatch(CreditLine line, Millisatoshis own, String differences, String detail) {}

    public List<Mismatch> mismatches() {
        return read(
                "the mismatches",
                () -> rows(
                        reader.mismatches,
                        row -> new Mismatch(
                                line(row),
                                new Millisatoshis(row.getLong("own_msat")),
                                row.getString("differences"),
                                row.getString("detail"))));
    }

    /** All credit lines that are settled, in order of arrival. */
    public List<CreditLine> creditLines() {
        return read("the credit lines", () -> rows(reader.settled, Journal::line));
    }

    private static CreditLine line(ResultSet row) throws SQLException {
        return new CreditLine(
                row.getString("user_name"),
                row.getLong("interval_number"),
                Instant.parse(row.getString("start_at")),
                Instant.parse(row.getString("end_at")),
                row.getLong("shares"),
                row.getString("first_share"),
                row.getString("last_share"),
                new Work(new BigInteger(row.getString("work"))),
                new Weighting(Weight.parse(row.getString("weight")), row.getString("weight_basis")),
                Rate.parse(row.getString("rate")),
                new BigInteger(row.getString("carried_in")),
                new Credit(new Millisatoshis(row.getLong("msat")), new BigInteger(row.getString("remainder"))));
    }

    public Optional<String> setting(String name) {
        return read("setting " + name, () -> {
            reader.setting.setString(1, name);
            return rows(reader.setting, row -> row.getString(1)).stream().findFirst();
        });
    }

    /** Sets or, when empty, forgets a setting. */
    public void setting(String name, Optional<String> content) {
        write("setting " + name, () -> {
            set(name, content);
            return name;
        });
    }

    private void set(String name, Optional<String> content) throws SQLException {
        writer.forget.setString(1, name);
        writer.forget.executeUpdate();
        if (content.isEmpty()) return;
        writer.setting.setString(1, name);
        writer.setting.setString(2, content.get());
        writer.setting.executeUpdate();
    }

    /** What was last learned of {@code name}, as {@link #learned(String, Instant, byte[])} was given it. */
    public Optional<byte[]> learned(String name) {
        return read("what was learned of " + name, () -> {
            reader.learned.setString(1, name);
            return rows(reader.learned, row -> row.getBytes(1)).stream().findFirst();
        });
    }

    /** When that was. */
    public Optional<Instant> learnedAt(String name) {
        return read("when was learned of " + name, () -> {
            reader.learnedAt.setString(1, name);
            return rows(reader.learnedAt, row -> Instant.ofEpochMilli(row.getLong(1))).stream()
                    .findFirst();
        });
    }

    /** Keeps {@code content} in place of what was learned of {@code name} before. */
    public void learned(String name, Instant at, byte[] content) {
        write("what was learned of " + name, () -> {
            writer.learned.setString(1, name);
            writer.learned.setLong(2, at.toEpochMilli());
            writer.learned.setBytes(3, content);
            return writer.learned.executeUpdate();
        });
    }

    public void event(Event event) {
        write("an event", () -> insert(event));
    }

    private int insert(Event event) throws SQLException {
        var insert = writer.event;
        insert.setLong(1, event.time().toEpochMilli());
        insert.setString(2, event.kind().name());
        insert.setString(3, event.subject());
        insert.setString(4, shortened(event.text()));
        return insert.executeUpdate();
    }

    /** The latest notes and alarms, newest first. */
    public List<Event> events(int most) {
        return read("the events", () -> events(reader.events, most));
    }

    /** What heaters and plugs were told last, and why, newest first. */
    public List<Event> actions(int most) {
        return read("the actions", () -> events(reader.actions, most));
    }

    private List<Event> events(PreparedStatement query, int most) throws SQLException {
        query.setInt(1, most);
        return rows(
                query,
                row -> new Event(
                        Instant.ofEpochMilli(row.getLong(1)),
                        Event.Kind.valueOf(row.getString(2)),
                        row.getString(3),
                        row.getString(4)));
    }

    /** Steps after {@code since}, oldest first, evenly thinned to about {@code most}. */
    public List<StepRow> history(Instant since, int most) {
        return read("the history", () -> {
            reader.count.setLong(1, since.toEpochMilli());
            long count = rows(reader.count, row -> row.getLong(1)).getFirst();
            long every = Math.max(1, Math.ceilDiv(count, most));
            var heaters = new HashMap<Long, List<HeaterRow>>();
            reader.historyHeaters.setLong(1, since.toEpochMilli());
            reader.historyHeaters.setLong(2, every);
            rows(
                    reader.historyHeaters,
                    row -> heaters.computeIfAbsent(row.getLong(1), step -> new ArrayList<>())
                            .add(new HeaterRow(
                                    row.getString(2),
                                    row.getObject(3) == null ? OptionalInt.empty() : OptionalInt.of(row.getInt(3)),
                                    number(row, 4),
                                    number(row, 5))));
            reader.history.setLong(1, since.toEpochMilli());
            reader.history.setLong(2, every);
            return rows(
                    reader.history,
                    row -> new StepRow(
                            Instant.ofEpochMilli(row.getLong(2)),
                            celsius(row, 3),
                            new Celsius(row.getDouble(4)),
                            celsius(row, 5),
                            number(row, 6),
                            new Millisatoshis(row.getLong(7)),
                            totals(row, 8),
                            planned(row, 13),
                            heaters.getOrDefault(row.getLong(1), List.of())));
        });
    }

    /**
     * A piece of what {@link Pruning} promises: a day of steps at the most, and some hundred events. Nothing is done while the
     * steps do not show that it has been {@code now} for a day: a clock that is wrong must not cost two years.
     *
     * @return whether there may be more to do
     */
    boolean prune(Instant now) {
        return write("what is kept of the past", () -> {
            if (!writer.lastedSince(now.minus(DAY)) || !writer.lastedSince(now.minus(HOUR))) return false;
            var forget = now.minus(Pruning.FORGOTTEN_AFTER);
            boolean steps = writer.forgetSteps(forget);
            boolean thinned = writer.thinSteps(now.minus(Pruning.THINNED_AFTER));
            boolean events = writer.forgetEvents(forget);
            return steps || thinned || events;
        });
    }

    /** Sums up to the last step. */
    public Totals totals() {
        return read(
                "the totals",
                () -> rows(reader.totals, row -> totals(row, 1)).stream()
                        .findFirst()
                        .orElse(Totals.ZERO));
    }

    private static Totals totals(ResultSet row, int column) throws SQLException {
        return new Totals(
                new Joules(row.getDouble(column)),
                row.getDouble(column + 1),
                row.getDouble(column + 2),
                row.getDouble(column + 3),
                row.getDouble(column + 4));
    }

    private static Optional<Planned> planned(ResultSet row, int column) throws SQLException {
        var watts = number(row, column);
        var room = celsius(row, column + 1);
        return watts.isPresent() && room.isPresent()
                ? Optional.of(new Planned(new Watts(watts.getAsDouble()), room.get()))
                : Optional.empty();
    }

    private static Optional<Celsius> celsius(ResultSet row, int column) throws SQLException {
        return Optional.ofNullable((Double) row.getObject(column)).map(Celsius::new);
    }

    private static OptionalDouble number(ResultSet row, int column) throws SQLException {
        var value = (Double) row.getObject(column);
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    private static void set(PreparedStatement statement, int index, Optional<Double> value) throws SQLException {
        set(statement, index, value.map(OptionalDouble::of).orElse(OptionalDouble.empty()));
    }

    private static void set(PreparedStatement statement, int index, OptionalDouble value) throws SQLException {
        if (value.isPresent()) statement.setDouble(index, value.getAsDouble());
        else statement.setNull(index, Types.DOUBLE);
    }

    private static long key(PreparedStatement statement) throws SQLException {
        try (var keys = statement.getGeneratedKeys()) {
            if (!keys.next()) throw new SQLException("no number was given to a new row");
            return keys.getLong(1);
        }
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT);
    }

    private static String firstLine(SQLException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    @FunctionalInterface
    private interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    private static <T> List<T> rows(PreparedStatement query, RowReader<T> reader) throws SQLException {
        var found = new ArrayList<T>();
        try (var rows = query.executeQuery()) {
            while (rows.next()) found.add(reader.read(rows));
        }
        return found;
    }

    @FunctionalInterface
    private interface Access<T> {
        T run() throws SQLException;
    }

    private <T> T write(String what, Access<T> access) {
        synchronized (writer) {
            try {
                var result = access.run();
                writer.connection.commit();
                return result;
            } catch (SQLException e) {
                try {
                    writer.connection.rollback();
                } catch (SQLException second) {
                    e.addSuppressed(second);
                }
                throw new JournalException("cannot write " + what + " to journal " + file + ": " + firstLine(e), e);
            }
        }
    }

    private <T> T read(String what, Access<T> access) {
        synchronized (reader) {
            try {
                return access.run();
            } catch (SQLException e) {
                throw new JournalException("cannot read " + what + " from journal " + file + ": " + firstLine(e), e);
            }
        }
    }

    /** Closes the file; what is called later throws {@link JournalException}. */
    @Override
    public void close() {
        synchronized (reader) {
            synchronized (writer) {
                try (var _ = writer.connection;
                        var _ = reader.connection) {
                    writer.connection.rollback();
                } catch (SQLException e) {
                    throw new JournalException("cannot close journal " + file + ": " + firstLine(e), e);
                }
            }
        }
    }

    private static final class Writer {
        final Connection connection;
        final PreparedStatement step;
        final PreparedStatement stepHeater;
        final PreparedStatement share;
        final PreparedStatement credit;
        final PreparedStatement creditKnown;
        final PreparedStatement settle;
        final PreparedStatement setting;
        final PreparedStatement forget;
        final PreparedStatement event;
        final PreparedStatement learned;

        Writer(Connection connection) throws SQLException {
            this.connection = connection;
            step = keyed("INSERT INTO step (at_millis, room, setpoint, outdoor, price, earned_msat,"
                    + " electricity_joules, electricity_cost, kelvin_hours_below, kelvin_hours_above,"
                    + " planned_watts, planned_room, expected_pay) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
            stepHeater = connection.prepareStatement("INSERT INTO step_heater VALUES (?, ?, ?, ?, ?)");
            share = keyed("INSERT INTO share (user_name, at_millis, hash, target) VALUES (?, ?, ?, ?)");
            credit = keyed("INSERT INTO credit (user_name, interval_number, start_at, end_at, shares, first_share,"
                    + " last_share, work, weight, weight_basis, rate, carried_in, msat, remainder, status)"
                    + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'WAITING')");
            creditKnown = connection.prepareStatement(
                    "SELECT number FROM credit WHERE user_name = ? AND interval_number = ? AND start_at = ?");
            settle = connection.prepareStatement("UPDATE credit SET status = ?, own_shares = ?, own_work = ?,"
                    + " own_msat = ?, own_remainder = ?, through = ?, differences = ?, detail = ? WHERE number = ?");
            setting = connection.prepareStatement("INSERT INTO setting VALUES (?, ?)");
            forget = connection.prepareStatement("DELETE FROM setting WHERE name = ?");
            event = connection.prepareStatement(
                    "INSERT INTO event (at_millis, kind, subject, text)" + " VALUES (?, ?, ?, ?)");
            learned = connection.prepareStatement("MERGE INTO learned KEY (name) VALUES (?, ?, ?)");
        }

        // ---- pruning: now and then, so its statements are not kept

        private long number(String sql, long... values) throws SQLException {
            try (var query = connection.prepareStatement(sql)) {
                for (int i = 0; i < values.length; i++) query.setLong(i + 1, values[i]);
                try (var row = query.executeQuery()) {
                    row.next();
                    long number = row.getLong(1);
                    return row.wasNull() ? -1 : number;
                }
            }
        }

        private int update(String sql, long... values) throws SQLException {
            try (var update = connection.prepareStatement(sql)) {
                for (int i = 0; i < values.length; i++) update.setLong(i + 1, values[i]);
                return update.executeUpdate();
            }
        }

        /** Whether there is a step of that hour. */
        boolean lastedSince(Instant time) throws SQLException {
            return number(
                            "SELECT MIN(at_millis) FROM step WHERE at_millis BETWEEN ? AND ?",
                            time.minus(HOUR).toEpochMilli(),
                            time.plus(HOUR).toEpochMilli())
                    >= 0;
        }

        boolean forgetSteps(Instant before) throws SQLException {
            long first = number("SELECT MIN(at_millis) FROM step");
            if (first < 0 || first >= before.toEpochMilli()) return false;
            long end = Math.min(first + DAY.toMillis(), before.toEpochMilli());
            return forget(numbers(first, end, false)) > 0;
        }

        /** Of the steps of that time, each with a primary key's look-up: what is left is never read. */
        private List<Long> numbers(long from, long until, boolean butLastOfHour) throws SQLException {
            var found = new ArrayList<Long>();
            try (var query = connection.prepareStatement(
                    "SELECT number, at_millis FROM step WHERE at_millis >= ? AND at_millis < ? ORDER BY at_millis, number")) {
                query.setLong(1, from);
                query.setLong(2, until);
                long hourBefore = -1;
                try (var row = query.executeQuery()) {
                    while (row.next()) {
                        long hour = row.getLong(2) / HOUR.toMillis();
                        if (butLastOfHour && hour != hourBefore && !found.isEmpty()) found.removeLast();
                        hourBefore = hour;
                        found.add(row.getLong(1));
                    }
                }
            }
            if (butLastOfHour && !found.isEmpty()) found.removeLast();
            return found;
        }

        private int forget(List<Long> steps) throws SQLException {
            try (var heaters = connection.prepareStatement("DELETE FROM step_heater WHERE step = ?");
                    var step = connection.prepareStatement("DELETE FROM step WHERE number = ?")) {
                for (long number : steps) {
                    heaters.setLong(1, number);
                    heaters.addBatch();
                    step.setLong(1, number);
                    step.addBatch();
                }
                heaters.executeBatch();
                step.executeBatch();
            }
            return steps.size();
        }

        /** The last of each hour stays: its sums are those of the hour's end. */
        boolean thinSteps(Instant before) throws SQLException {
            long hour = HOUR.toMillis();
            long end = before.toEpochMilli() / hour * hour;
            long done = Math.max(
                    0, number("SELECT MAX(CAST(content AS BIGINT)) FROM setting WHERE name = '" + THINNED + "'"));
            long first = number("SELECT MIN(at_millis) FROM step WHERE at_millis >= ?", done);
            if (first < 0 || first >= end) return false;
            long from = first / hour * hour;
            long until = Math.min(from + DAY.toMillis(), end);
            forget(numbers(from, until, true));
            forget.setString(1, THINNED);
            forget.executeUpdate();
            setting.setString(1, THINNED);
            setting.setString(2, Long.toString(until));
            setting.executeUpdate();
            return true;
        }

        boolean forgetEvents(Instant before) throws SQLException {
            return update(
                            "DELETE FROM event WHERE number < (SELECT MIN(number) FROM event) + " + EVENTS_A_PIECE
                                    + " AND at_millis < ?",
                            before.toEpochMilli())
                    > 0;
        }

        private PreparedStatement keyed(String sql) throws SQLException {
            return connection.prepareStatement(sql, Statement.RETURN_GENERATED_KEYS);
        }
    }

    private static final class Reader {
        /** Their numbers have gaps where steps were thinned, and these may be as even as what is asked for. */
        private static final String PLACED =
                "(SELECT *, ROW_NUMBER() OVER (ORDER BY number DESC) - 1 AS place FROM step WHERE at_millis > ?)";

        private static final String TOTALS =
                "electricity_joules, electricity_cost, kelvin_hours_below, kelvin_hours_above, expected_pay";

        final Connection connection;
        final PreparedStatement shares;
        final PreparedStatement shareCounts;
        final PreparedStatement waiting;
        final PreparedStatement positions;
        final PreparedStatement mismatches;
        final PreparedStatement settled;
        final PreparedStatement setting;
        final PreparedStatement events;
        final PreparedStatement actions;
        final PreparedStatement learned;
        final PreparedStatement learnedAt;
        final PreparedStatement count;
        final PreparedStatement history;
        final PreparedStatement historyHeaters;
        final PreparedStatement totals;

        Reader(Connection connection) throws SQLException {
            this.connection = connection;
            shares = connection.prepareStatement(
                    "SELECT number, at_millis, hash, target FROM share WHERE user_name = ? AND number > ?"
                            + " ORDER BY number");
            shareCounts = connection.prepareStatement("SELECT user_name, COUNT(*) FROM share GROUP BY user_name");
            waiting = connection.prepareStatement("SELECT * FROM credit WHERE status = 'WAITING' ORDER BY number");
            positions = connection.prepareStatement("SELECT c.user_name, c.through, CASE c.status"
                    + " WHEN 'DISAGREED' THEN c.remainder ELSE c.own_remainder END AS next_remainder, s.earned,"
                    + " s.credited FROM credit c JOIN (SELECT MAX(number) AS number, SUM(own_msat) AS earned,"
                    + " SUM(msat) AS credited FROM credit WHERE status <> 'WAITING' GROUP BY user_name) s"
                    + " ON s.number = c.number");
            mismatches = connection.prepareStatement("SELECT * FROM credit WHERE status = 'DISAGREED' ORDER BY number");
            settled = connection.prepareStatement("SELECT * FROM credit WHERE status <> 'WAITING' ORDER BY number");
            setting = connection.prepareStatement("SELECT content FROM setting WHERE name = ?");
            events = connection.prepareStatement("SELECT at_millis, kind, subject, text FROM event"
                    + " WHERE kind <> 'ACTION' ORDER BY number DESC LIMIT ?");
            actions = connection.prepareStatement("SELECT at_millis, kind, subject, text FROM event"
                    + " WHERE kind = 'ACTION' ORDER BY number DESC LIMIT ?");
            learned = connection.prepareStatement("SELECT content FROM learned WHERE name = ?");
            learnedAt = connection.prepareStatement("SELECT at_millis FROM learned WHERE name = ?");
            count = connection.prepareStatement("SELECT COUNT(*) FROM step WHERE at_millis > ?");
            history = connection.prepareStatement("SELECT number, at_millis, room, setpoint, outdoor, price,"
                    + " earned_msat, " + TOTALS + ", planned_watts, planned_room FROM " + PLACED
                    + " WHERE MOD(place, ?) = 0 ORDER BY number");
            totals = connection.prepareStatement("SELECT " + TOTALS + " FROM step ORDER BY number DESC LIMIT 1");
            historyHeaters = connection.prepareStatement("SELECT h.step, h.heater, h.level, h.watts, h.chip"
                    + " FROM " + PLACED + " s JOIN step_heater h ON h.step = s.number"
                    + " WHERE MOD(s.place, ?) = 0 ORDER BY h.step, h.heater");
        }
    }
}
