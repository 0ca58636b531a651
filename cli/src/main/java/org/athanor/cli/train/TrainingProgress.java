package org.athanor.cli.train;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.athanor.cli.terminal.Screen;
import org.athanor.network.training.Coordinator;
import org.athanor.network.training.CoordinatorServer;
import org.athanor.network.training.RoundRecord;
import org.athanor.training.job.JobSpec;
import org.athanor.training.mailbox.Messages;
import org.athanor.training.mailbox.Messages.Phase;

/** How a job goes, on the terminal: a curve and the workers where there is one, a line for every ended round elsewhere. */
final class TrainingProgress {
    private static final String BARS = "▁▂▃▄▅▆▇█";
    private static final int CURVE = 60;
    private static final int BAR = 40;

    private final Coordinator coordinator;
    private final CoordinatorServer server;
    private final Screen screen;
    private final Instant began = Instant.now();
    private final long tokensBefore;
    private final double shareBefore;
    private final Map<String, String> notes = new LinkedHashMap<>();
    private Optional<String> waiting = Optional.empty();
    private long shown;
    private long seen;

    TrainingProgress(Coordinator coordinator, CoordinatorServer server, Screen screen) {
        this.coordinator = coordinator;
        this.server = server;
        this.screen = screen;
        var state = coordinator.state();
        tokensBefore = state.tokens();
        shareBefore = coordinator.spec().share(state.round(), state.tokens());
        shown = state.round();
        seen = state.round();
    }

    /** Says something that goes on to hold: once on a log, in a line of its own on a screen. */
    void note(String subject, String text) {
        if (!text.equals(notes.put(subject, text)) && !screen.live()) {
            screen.status(text);
        }
    }

    /** Says that the job waits, as long as it does; on a log only when that begins and ends. */
    void waiting(Optional<String> why) {
        if (!screen.live() && why.isPresent() != waiting.isPresent()) {
            screen.status(why.map(reason -> "the job waits: " + reason).orElse("the job goes on"));
        }
        waiting = why;
    }

    /** Why it waited when it was last looked at. */
    Optional<String> waiting() {
        return waiting;
    }

    void show() throws IOException {
        var rounds = coordinator.history();
        if (!screen.live()) {
            var over = coordinator.state().phase() == Phase.DONE;
            for (var round : rounds) {
                // a round is shown when it is seen again: by then it is known how it does on text that it never saw
                if (round.round() >= shown && (over || round.round() < seen)) {
                    screen.status(line(round));
                    shown = round.round() + 1;
                }
            }
            seen = rounds.isEmpty() ? seen : rounds.getLast().round() + 1;
            return;
        }
        screen.show(lines(rounds), "");
    }

    /** How far the job is, in what it ends by. */
    private static String done(JobSpec spec, Messages.State state) {
        return spec.tokens() > 0
                ? String.format(
                        Locale.ROOT, "round %d, %,d of %,d tokens", state.round(), state.tokens(), spec.tokens())
                : "round " + state.round() + " of " + spec.rounds();
    }

    private static String dropped(RoundRecord round) {
        var text = new StringBuilder();
        new TreeMap<>(round.dropped())
                .forEach((worker, reason) -> text.append("; ")
                        .append(worker)
                        .append(" does not count: ")
                        .append(reason));
        return text.toString();
    }

    private String line(RoundRecord round) {
        return String.format(
                Locale.ROOT,
                "round %s: loss %.3f%s, %s, %,d tokens%s",
                coordinator.spec().tokens() > 0
                        ? round.round() + 1
                        : round.round() + 1 + " of " + coordinator.spec().rounds(),
                round.loss(),
                round.validation() == null ? "" : String.format(Locale.ROOT, ", validation %.3f", round.validation()),
                round.workers().size() == 1 ? "1 worker" : round.workers().size() + " workers",
                round.tokens(),
                dropped(round));
    }

    private List<String> lines(List<RoundRecord> rounds) {
        var spec = coordinator.spec();
        var state = coordinator.state();
        var share = spec.share(state.round(), state.tokens());
        var seconds = Math.max(0.001, Duration.between(began, Instant.now()).toMillis() / 1e3);
        var perSecond = (state.tokens() - tokensBefore) / seconds;
        var lines = new ArrayList<String>();
        lines.add(spec.name() + ": " + String.format(Locale.ROOT, "%,d parameters", spec.parameters()));
        var filled = (int) (BAR * share);
        var left = share <= shareBefore
                ? ""
                : ", " + Math.round(seconds / (share - shareBefore) * (1 - share)) + " s left";
        lines.add("[" + "#".repeat(filled) + "-".repeat(BAR - filled) + "] " + done(spec, state) + left);
        waiting.ifPresent(why -> lines.add("the job waits: " + why));
        if (!rounds.isEmpty()) {
            lines.add(line(rounds.getLast()));
            lines.add("loss " + curve(rounds));
        }
        lines.add(String.format(
                Locale.ROOT,
                "%,.0f tokens/s; sent %,.1f kB up, %,.1f kB down",
                perSecond,
                server.traffic().up() / 1e3,
                server.traffic().down() / 1e3));
        if (rounds.stream().anyMatch(round -> !round.metered().isEmpty())) {
            lines.add(Heat.of(rounds).sentence());
        }
        lines.addAll(notes.values());
        new TreeMap<>(coordinator.workers())
                .forEach((name, seen) -> lines.add(String.format(
                        Locale.ROOT,
                        "  %-12s %-9s round %d, step %d of %d%s",
                        name,
                        seen.beat().doing().name().toLowerCase(Locale.ROOT),
                        seen.beat().round() + 1,
                        seen.beat().step(),
                        spec.outer().innerSteps(),
                        seen.beat().loss() == null
                                ? ""
                                : String.format(
                                        Locale.ROOT, ", loss %.3f", seen.beat().loss()))));
        return lines;
    }

    private static String curve(List<RoundRecord> rounds) {
        var highest = rounds.stream().mapToDouble(RoundRecord::loss).max().orElse(1);
        var lowest = rounds.stream().mapToDouble(RoundRecord::loss).min().orElse(0);
        var text = new StringBuilder();
        var columns = Math.min(CURVE, rounds.size());
        for (var column = 0; column < columns; column++) {
            var loss =
                    rounds.get((int) ((long) column * rounds.size() / columns)).loss();
            var height = highest == lowest ? 0 : (loss - lowest) / (highest - lowest);
            text.append(BARS.charAt((int) Math.round(height * (BARS.length() - 1))));
        }
        return String.format(
                Locale.ROOT,
                "%s %.3f to %.3f",
                text,
                rounds.getFirst().loss(),
                rounds.getLast().loss());
    }
}
