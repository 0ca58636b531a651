package org.athanor.edge.journal;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** The tables, by version. A later version appends its statements as a new step; steps are never edited. */
final class Schema {
    private static final List<String> FIRST = List.of(
            """
            CREATE TABLE step (
                number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                at_millis BIGINT NOT NULL,
                room DOUBLE PRECISION,
                setpoint DOUBLE PRECISION NOT NULL,
                outdoor DOUBLE PRECISION,
                price DOUBLE PRECISION,
                earned_msat BIGINT NOT NULL,
                electricity_joules DOUBLE PRECISION NOT NULL,
                electricity_cost DOUBLE PRECISION NOT NULL,
                kelvin_hours_below DOUBLE PRECISION NOT NULL,
                kelvin_hours_above DOUBLE PRECISION NOT NULL)""",
            "CREATE INDEX step_by_time ON step (at_millis)",
            """
            CREATE TABLE step_heater (
                step BIGINT NOT NULL,
                heater VARCHAR(64) NOT NULL,
                level INTEGER,
                watts DOUBLE PRECISION,
                chip DOUBLE PRECISION,
                PRIMARY KEY (step, heater))""",
            """
            CREATE TABLE share (
                number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                user_name VARCHAR(255) NOT NULL,
                at_millis BIGINT NOT NULL,
                hash VARCHAR(64) NOT NULL,
                target VARCHAR(64) NOT NULL)""",
            "CREATE INDEX share_by_user ON share (user_name, number)",
            """
            CREATE TABLE credit (
                number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                user_name VARCHAR(255) NOT NULL,
                interval_number BIGINT NOT NULL,
                start_at VARCHAR(40) NOT NULL,
                end_at VARCHAR(40) NOT NULL,
                shares BIGINT NOT NULL,
                first_share VARCHAR(64) NOT NULL,
                last_share VARCHAR(64) NOT NULL,
                work VARCHAR(100) NOT NULL,
                weight VARCHAR(200) NOT NULL,
                weight_basis VARCHAR(1000) NOT NULL,
                rate VARCHAR(1000) NOT NULL,
                carried_in VARCHAR(40) NOT NULL,
                msat BIGINT NOT NULL,
                remainder VARCHAR(40) NOT NULL,
                status VARCHAR(10) NOT NULL,
                own_shares BIGINT,
                own_work VARCHAR(100),
                own_msat BIGINT,
                own_remainder VARCHAR(40),
                through BIGINT,
                differences VARCHAR(200),
                detail VARCHAR(4000),
                UNIQUE (user_name, interval_number, start_at))""",
            "CREATE TABLE setting (name VARCHAR(64) PRIMARY KEY, content VARCHAR(1000) NOT NULL)",
            """
            CREATE TABLE event (
                number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                at_millis BIGINT NOT NULL,
                kind VARCHAR(10) NOT NULL,
                subject VARCHAR(255) NOT NULL,
                text VARCHAR(4000) NOT NULL)""");

    private static final List<String> PLANS = List.of(
            """
            CREATE TABLE learned (
                name VARCHAR(64) PRIMARY KEY,
                at_millis BIGINT NOT NULL,
                content BLOB NOT NULL)""",
            "ALTER TABLE step ADD COLUMN planned_watts DOUBLE PRECISION",
            "ALTER TABLE step ADD COLUMN planned_room DOUBLE PRECISION");

    /** A week's schedule is longer than a setpoint. */
    private static final List<String> SETTINGS =
            List.of("ALTER TABLE setting ALTER COLUMN content SET DATA TYPE VARCHAR(20000)");

    private static final List<String> EXPECTED_PAY =
            List.of("ALTER TABLE step ADD COLUMN expected_pay DOUBLE PRECISION DEFAULT 0 NOT NULL");

    private static final List<List<String>> STEPS = List.of(FIRST, PLANS, SETTINGS, EXPECTED_PAY);

    private Schema() {}

    /** Brings the file to the newest version. */
    static void upgrade(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)");
            int version;
            try (var found = statement.executeQuery("SELECT COALESCE(MAX(version), 0) FROM schema_version")) {
                found.next();
                version = found.getInt(1);
            }
            if (version > STEPS.size())
                throw new SQLException("its schema version is " + version + ", this program knows up to " + STEPS.size()
                        + ": a newer Athanor wrote it");
            for (; version < STEPS.size(); version++) {
                for (var sql : STEPS.get(version)) statement.execute(sql);
                statement.execute("INSERT INTO schema_version VALUES (" + (version + 1) + ")");
            }
        }
        connection.commit();
    }
}
