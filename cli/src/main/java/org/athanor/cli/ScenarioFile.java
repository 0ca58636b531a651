package org.athanor.cli;

import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.athanor.cli.terminal.UserMistake;
import org.athanor.ledger.MiningScenario;
import org.athanor.units.Millisatoshis;

/** What mining pays, from a file of lines {@code key = value}. */
final class ScenarioFile {
    private static final Set<String> KEYS =
            Set.of("name", "date", "difficulty", "subsidy", "fees", "bitcoinPrice", "poolFee");

    private final Path file;
    private final Properties values;

    private ScenarioFile(Path file, Properties values) {
        this.file = file;
        this.values = values;
    }

    /**
     * @param file null for the scenario that ships with the program
     * @throws UserMistake naming file, key, value and what is accepted
     */
    static MiningScenario read(Path file) {
        if (file == null) return MiningScenario.JULY_2025;
        var values = new Properties();
        try {
            values.load(new StringReader(Files.readString(file)));
        } catch (NoSuchFileException e) {
            throw new UserMistake("--scenario " + file + ": there is no such file", e);
        } catch (IOException | IllegalArgumentException e) {
            throw new UserMistake("--scenario " + file + ": not a readable file of lines key = value", e);
        }
        var unknown = new TreeSet<>(values.stringPropertyNames());
        unknown.removeAll(KEYS);
        if (!unknown.isEmpty())
            throw new UserMistake(
                    "--scenario " + file + ": unknown " + unknown + ", accepted are " + new TreeSet<>(KEYS));
        return new ScenarioFile(file, values).scenario();
    }

    private MiningScenario scenario() {
        var shipped = MiningScenario.JULY_2025;
        return new MiningScenario(
                value("name", "a short name", text -> text),
                value("date", "a day such as 2026-01-31", LocalDate::parse),
                value("difficulty", "a positive number", text -> positive(new BigDecimal(text))),
                value("subsidy", "an amount such as 3.125 BTC", ScenarioFile::amount),
                value("fees", "an amount such as 0.02 BTC", ScenarioFile::amount),
                value("bitcoinPrice", "a positive number of EUR", text -> positive(new BigDecimal(text))),
                shipped.currency(),
                value("poolFee", "a fraction from 0 to 1 with at most nine decimals", ScenarioFile::fraction));
    }

    private <T> T value(String key, String accepted, Function<String, T> parse) {
        var text = values.getProperty(key);
        if (text == null || text.isBlank())
            throw new UserMistake("--scenario " + file + ": " + key + " is missing (" + accepted + ")");
        try {
            return parse.apply(text.strip());
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new UserMistake(
                    "--scenario " + file + ": " + key + " = " + text + ": " + accepted + " is accepted", e);
        }
    }

    private static Millisatoshis amount(String text) {
        var amount = Millisatoshis.parse(text);
        if (amount.value() < 0) throw new IllegalArgumentException("negative: " + text);
        return amount;
    }

    private static BigDecimal positive(BigDecimal number) {
        if (number.signum() <= 0) throw new IllegalArgumentException("not positive: " + number);
        return number;
    }

    private static BigDecimal fraction(String text) {
        var number = new BigDecimal(text).stripTrailingZeros();
        if (number.signum() < 0 || number.compareTo(BigDecimal.ONE) > 0 || number.scale() > 9)
            throw new IllegalArgumentException("not a fee: " + text);
        return number;
    }
}
