package org.athanor.cli.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.athanor.cli.Browser;
import org.athanor.cli.terminal.Screen;
import org.athanor.cli.terminal.UserMistake;
import org.athanor.network.training.Coordinator;
import org.athanor.network.training.CoordinatorServer;
import org.athanor.network.training.Examiner;
import org.athanor.network.training.ServerIdentity;
import org.athanor.network.training.TokenMembership;
import org.athanor.training.data.ShardRef;
import org.athanor.training.data.Tokenizer;
import org.athanor.training.job.JobSpec;
import org.athanor.training.mailbox.Messages;
import org.athanor.training.mailbox.ObjectStore;
import org.athanor.training.model.AdamW;
import org.athanor.training.model.GptShape;
import org.athanor.training.model.LearningRate;
import org.athanor.training.model.ModelSpec;
import org.athanor.training.outer.OuterSettings;
import org.athanor.training.rounds.RoundRules;
import org.athanor.training.trust.Rating;
import org.athanor.training.trust.Standing;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The page of a job whose updates are made up. */
@Timeout(120)
class JobPageTest {
    private static final Pattern ELSEWHERE = Pattern.compile("(src|href|from|import)\\s*[=(]?\\s*[\"'](https?:)?//");

    private static final RoundRules RULES =
            new RoundRules(1, 0.5, Duration.ofMinutes(10), Duration.ofSeconds(20), true);

    @TempDir
    Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private volatile Duration ahead = Duration.ZERO;
    private final InstantSource clock = () -> InstantSource.system().instant().plus(ahead);
    private Coordinator coordinator;
    private CoordinatorServer server;
    private JobPage page;

    private static JobSpec spec(Path folder, JobSpec.Moments moments, JobSpec.Trust trust) throws IOException {
        var shape = new GptShape(1, 1, 8, 4, 8, false, 0);
        var shard = new byte[400];
        return new JobSpec(
                "<b>tiny</b>",
                new ModelSpec.Gpt(shape),
                shape.tensors(),
                Tokenizer.Characters.of("abcdefgh"),
                List.of(new ShardRef(new ObjectStore(folder.resolve("objects")).put(shard), 200)),
                AdamW.USUAL,
                4,
                4,
                new LearningRate(1e-3, 1e-4, 1, 100),
                OuterSettings.diLoCo(2, "int8"),
                5,
                1,
                false,
                moments,
                trust);
    }

    @BeforeEach
    void start() throws Exception {
        var spec = spec(folder, JobSpec.Moments.KEPT, JobSpec.Trust.KNOWN);
        Coordinator.create(folder, spec, new float[spec.parameters()]);
        ServerIdentity.in(folder); // made by another program, for which the open round need not wait
        coordinator = Coordinator.start(folder, RULES, clock, (round, last, weights) -> round == 1 ? 1.75 : null);
        serve(folder);
    }

    private void serve(Path place) throws Exception {
        var identity = ServerIdentity.in(place);
        server = CoordinatorServer.start(
                loopback(), identity, coordinator, new TokenMembership(place, identity.sha256()));
        page = JobPage.start(loopback(), new JobFigures(coordinator, server, clock));
    }

    /** A job of strangers, of whom something is known already: one does worse than the others, one was excluded. */
    private Path startOfStrangers() throws Exception {
        stop();
        var place = folder.resolve("strangers");
        var spec = spec(place, JobSpec.Moments.RESTARTED, JobSpec.Trust.OPEN);
        Coordinator.create(place, spec, new float[spec.parameters()]);
        var file = place.resolve("state.json");
        var json = new ObjectMapper();
        var state = (ObjectNode) json.readTree(file.toFile());
        var standings = state.putObject("standings");
        standings.set("worker-1", json.valueToTree(standing(25, 60, 25, null)));
        standings.set("worker-2", json.valueToTree(standing(25, 60, 12, null)));
        standings.set("worker-3", json.valueToTree(standing(5, 60, 31, null)));
        standings.set("worker-4", json.valueToTree(standing(2, 3, 1, "it lied \u202eand <b>laughed</b>")));
        Files.writeString(file, state.toString());
        coordinator = Coordinator.start(
                place, RULES, InstantSource.system(), (round, last, weights) -> null, new NoExaminer());
        serve(place);
        for (var worker : List.of("worker-1", "worker-2", "worker-3", "worker-4", "worker-5")) {
            coordinator.beat(worker, new Messages.Beat(0, 1, Messages.Doing.TRAINING, 2.5, 350.0));
        }
        return place;
    }

    private static Standing standing(double mean, int scored, int replayed, String excluded) {
        return new Standing(new Rating(mean, 2), 12, 0, scored, 1, null, excluded, 0, replayed, -1L, false);
    }

    /** Nothing is delivered, so that nothing is asked of it. */
    private static final class NoExaminer implements Examiner {
        @Override
        public double loss(float[] weights, ShardRef shard, List<Integer> starts) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Replayed replay(float[] weights, String worker, long round, long firstStep, int steps) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {}
    }

    @AfterEach
    void stop() {
        page.close();
        server.close();
        coordinator.close();
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private void round(long round, double loss) throws Exception {
        var change = new float[coordinator.spec().parameters()];
        Arrays.fill(change, 0.01f * (round + 1));
        var update = coordinator.spec().outer().upCodec().encode(change);
        var hash = new ObjectStore(folder.resolve("objects")).put(update);
        coordinator.beat("worker-1", new Messages.Beat(round, 1, Messages.Doing.TRAINING, loss, 350.0));
        coordinator.deliver("worker-1", round, new Messages.Update(hash, 2, List.of(loss, loss), 0.5, 700.0));
        assertEquals(round + 1, coordinator.await(round, Duration.ofSeconds(10)).round());
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create(page.url()).resolve(path)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void tokensASecondAreThoseOfTheLastRoundsHoweverLongTheyLast() throws Exception {
        var figures = new JobFigures(coordinator, server, clock);
        assertEquals(0, figures.json(0).path("tokensPerSecond").asDouble());
        ahead = Duration.ofSeconds(10);
        round(0, 2.5);
        ahead = Duration.ofSeconds(310);
        round(1, 2.0);
        assertEquals(32 / 300.0, figures.json(0).path("tokensPerSecond").asDouble(), 1e-3);
        ahead = Duration.ofSeconds(313);
        assertEquals(32 / 300.0, figures.json(0).path("tokensPerSecond").asDouble(), 1e-3);
    }

    @Test
    void theFiguresAreThoseOfTheJob() throws Exception {
        round(0, 2.5);
        round(1, 2.0);
        JsonNode job;
        do { // what is said of unseen text comes a moment later
            Thread.sleep(50);
            job = new ObjectMapper().readTree(get("/api/job").body());
        } while (job.path("history").path(1).path("validation").isNull());
        assertEquals("RUNNING", job.path("phase").asText());
        assertTrue(job.path("waiting").isNull(), job.toString());
        assertEquals(2, job.path("round").asInt());
        assertEquals(5, job.path("rounds").asInt());
        assertEquals(2 * 32, job.path("tokens").asInt());
        assertEquals(2.0, job.path("history").path(1).path("loss").asDouble());
        assertEquals(1.75, job.path("history").path(1).path("validation").asDouble());
        var worker = job.path("workers").path(0);
        assertEquals("worker-1", worker.path("name").asText());
        assertEquals("training", worker.path("doing").asText());
        assertEquals(350, worker.path("watts").asDouble());
        assertEquals(1400, job.path("heat").path("joules").asDouble());
        assertEquals(
                1400 / 3.6e6,
                job.path("heat").path("kilowattHours").path("worker-1").asDouble(),
                1e-12);
        assertEquals(2, job.path("heat").path("rounds").path("worker-1").asInt());

        var events = client.send(
                HttpRequest.newBuilder(URI.create(page.url()).resolve("/api/events"))
                        .build(),
                HttpResponse.BodyHandlers.ofInputStream());
        assertEquals(
                "text/event-stream", events.headers().firstValue("Content-Type").orElseThrow());
        try (var lines = new BufferedReader(new InputStreamReader(events.body(), StandardCharsets.UTF_8))) {
            assertEquals(2, event(lines).path("history").size());
            round(2, 1.5);
            var later = event(lines);
            while (later.path("round").asInt() < 3) later = event(lines);
            assertTrue(later.path("history").size() <= 2, "only what is new of the history: " + later);
        }
    }

    @Test
    void ofStrangersItIsSaidHowTheyDoBesideTheOthersAndWhatWasLookedAt() throws Exception {
        var place = startOfStrangers();
        var job = new ObjectMapper().readTree(get("/api/job").body());
        assertTrue(job.path("open").asBoolean());
        var usual = job.path("workers").path(0);
        assertEquals(25, usual.path("replayed").asInt());
        assertEquals(0.5, usual.path("better").path("chance").asDouble(), 1e-9);
        var bad = job.path("workers").path(2).path("better");
        assertTrue(bad.path("high").asDouble() < 0.3 && bad.path("low").asDouble() > 0, bad.toString());
        assertTrue(job.path("workers").path(3).path("excluded").asBoolean());
        assertFalse(job.path("workers").path(4).has("better"), "nothing is known of it");
        assertEquals(
                "it lied ?and <b>laughed</b>",
                job.path("excluded").path("worker-4").asText());

        var statement = TrainingStatement.of(coordinator, server, 0, Optional.empty());
        var said = String.join("\n", statement.lines());
        assertTrue(
                said.contains(
                        "worker-1: 0 rounds counted, 25 rounds replayed, better than the middle worker in 50 of 100"
                                + " rounds ("),
                said);
        assertTrue(said.contains("worker-4 is excluded and not paid from then on: it lied ?and"), said);
        statement.write(folder.resolve("report.json"));
        var each = new ObjectMapper()
                .readTree(folder.resolve("report.json").toFile())
                .path("workers")
                .path("each");
        assertEquals(31, each.path("worker-3").path("replayed").asInt());
        assertEquals(5, each.path("worker-3").path("rating").path("mean").asDouble());
        assertEquals(2, each.path("worker-3").path("rating").path("spread").asDouble());
        assertTrue(each.path("worker-3").path("better").path("high").asDouble() < 0.5, each.toString());
        assertFalse(each.path("worker-4").has("better"), "it was not scored often enough");

        var proven = TrainTest.athanor("train", "exclude", place.toString(), "worker-4", "--undo");
        assertTrue(
                proven.error()
                        .contains("worker-4 was excluded by its own rounds, which is not taken back: it lied ?and"),
                proven.error());
        var already = TrainTest.athanor("train", "exclude", place.toString(), "worker-4", "--reason", "x");
        assertTrue(
                already.output().startsWith("worker-4 is excluded already, by its own rounds: it lied"),
                already.output());
        var out = TrainTest.athanor("train", "exclude", place.toString(), "worker-1", "--reason", "it moved");
        assertEquals(
                "worker-1 is excluded: it moved. It is told when it asks next.",
                out.output().strip(),
                out.error());
        job = new ObjectMapper().readTree(get("/api/job").body());
        assertTrue(job.path("workers").path(0).path("excluded").asBoolean());
        assertEquals("it moved", job.path("excluded").path("worker-1").asText());

        var receipts = TrainTest.athanor("train", "receipts", place.toString());
        assertEquals(0, receipts.code(), receipts.error());
        assertTrue(receipts.output().contains("worker-4 is excluded: it lied ?and"), receipts.output());
    }

    private void awaitWaiting(String why) throws Exception {
        for (var tries = 0; tries < 100; tries++) {
            if (coordinator.waiting().equals(Optional.ofNullable(why))) return;
            ahead = ahead.plusMillis(100);
            Thread.sleep(50);
        }
        assertEquals(Optional.ofNullable(why), coordinator.waiting());
    }

    @Test
    void terminalAndReportSayThatTheJobWaits() throws Exception {
        var printed = new ByteArrayOutputStream();
        var log = new Screen(new PrintStream(printed, true, StandardCharsets.UTF_8), false);
        var logged = new TrainingProgress(coordinator, server, log);
        var drawn = new ByteArrayOutputStream();
        var live = new TrainingProgress(
                coordinator, server, new Screen(new PrintStream(drawn, true, StandardCharsets.UTF_8), true));
        for (var why : new String[] {null, "no worker is there", "nobody works: 1 paused", null}) {
            if (why != null && why.endsWith("paused")) {
                coordinator.beat("worker-1", new Messages.Beat(0, 1, Messages.Doing.PAUSED, null, null));
            } else if (printed.size() > 0) {
                coordinator.beat("worker-1", new Messages.Beat(0, 1, Messages.Doing.TRAINING, null, null));
            }
            awaitWaiting(why);
            drawn.reset();
            for (var progress : List.of(logged, live)) {
                progress.waiting(coordinator.waiting());
                progress.show();
            }
            var shown = drawn.toString(StandardCharsets.UTF_8);
            assertEquals(why != null, shown.contains("the job waits: " + why), shown);
            var statement = TrainingStatement.of(coordinator, server, 1, live.waiting());
            var report = folder.resolve("report.json");
            statement.write(report);
            assertEquals(
                    why,
                    new ObjectMapper().readTree(report.toFile()).path("waiting").asText(null));
            assertEquals(
                    "The job has done 0 of 5 rounds" + (why == null ? "" : " and waited at last: " + why)
                            + "; the same command goes on.",
                    statement.lines().getFirst());
        }
        assertEquals(
                List.of("the job waits: no worker is there", "the job goes on"),
                printed.toString(StandardCharsets.UTF_8).lines().toList());
    }

    private static JsonNode event(BufferedReader lines) throws IOException {
        var line = lines.readLine();
        assertTrue(line.startsWith("data: "), line);
        lines.readLine();
        return new ObjectMapper().readTree(line.substring("data: ".length()));
    }

    @Test
    void onlyGetIsAnsweredAndOnlyToOurOwnName() throws Exception {
        var put = HttpRequest.newBuilder(URI.create(page.url()))
                .PUT(HttpRequest.BodyPublishers.ofString("x"))
                .build();
        assertEquals(405, client.send(put, HttpResponse.BodyHandlers.ofString()).statusCode());
        assertEquals(404, get("/../../etc/passwd").statusCode());
        var port = URI.create(page.url()).getPort();
        assertTrue(asked(port, "127.0.0.1:" + port).contains(" 200 "));
        assertTrue(asked(port, "localhost:" + port).contains(" 200 "));
        assertTrue(asked(port, "rebound.example.com:" + port).contains(" 403 "));
        for (var path : List.of("/", "/job.js", "/job.css", "/icon.svg", "/lib/uplot.js", "/lib/uplot.css")) {
            var file = get(path);
            assertEquals(200, file.statusCode(), path);
            assertFalse(ELSEWHERE.matcher(file.body()).find(), path + " asks another host for something");
            assertTrue(file.headers()
                    .firstValue("Content-Security-Policy")
                    .orElse("")
                    .contains("default-src 'self'"));
        }
        var taken = assertThrows(
                UserMistake.class,
                () -> JobPage.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), null));
        assertTrue(taken.getMessage().contains("--page 127.0.0.1:" + port), taken.getMessage());
    }

    private static String asked(int port, String host) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            var request = "GET /api/job HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
                    .readLine();
        }
    }

    @Test
    void aBrowserShowsTheCurveAndItsWorkersInTheLightAndInTheDark() throws Exception {
        round(0, 2.5);
        try (var browser = Browser.open(folder.resolve("profile"))) {
            browser.size(400, 800);
            browser.go(page.url());
            browser.await("phase", text -> text.equals("running") ? Optional.of(text) : Optional.empty());
            coordinator.beat("worker-1", new Messages.Beat(1, 0, Messages.Doing.PAUSED, null, null));
            awaitWaiting("nobody works: 1 paused");
            browser.await("phase", text -> text.equals("waiting") ? Optional.of(text) : Optional.empty());
            browser.await(
                    "waiting",
                    text -> text.equals("The job waits: nobody works: 1 paused.")
                            ? Optional.of(text)
                            : Optional.empty());
            browser.await("round", text -> text.equals("1 of 5") ? Optional.of(text) : Optional.empty());
            round(1, 2.0);
            round(2, 1.5);
            browser.await("loss", text -> text.equals("1.500") ? Optional.of(text) : Optional.empty());
            browser.await("validation", text -> text.equals("1.750") ? Optional.of(text) : Optional.empty());
            browser.await(
                    "workers",
                    text -> text.contains("worker-1 training 3 1 of 2 1.500 350")
                            ? Optional.of(text)
                            : Optional.empty());
            browser.await("heat", text -> text.contains("0.001 kWh") ? Optional.of(text) : Optional.empty());
            assertEquals("<b>tiny</b>", browser.await("name", Optional::of), "a name is a text, whatever is in it");
            assertEquals(1, browser.number("document.querySelectorAll('#curve canvas').length"));
            assertTrue(browser.number("document.scrollingElement.scrollWidth") <= 400, "wider than a phone");
            var ground = "parseInt(getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0])";
            var light = browser.number(ground);
            browser.prefer(Map.of("prefers-color-scheme", "dark"));
            assertNotEquals(light, browser.number(ground));
            assertEquals(List.of(), browser.complaints());
            if (System.getProperty("athanor.pictures") != null) {
                browser.picture(Path.of(System.getProperty("athanor.pictures"), "job.png"));
            }
        }
    }

    @Test
    void aBrowserShowsRatingsWithWhatTheyMean() throws Exception {
        try (var browser = Browser.open(folder.resolve("profile"))) {
            browser.size(400, 800);
            browser.go(page.url());
            browser.await("phase", text -> text.equals("running") ? Optional.of(text) : Optional.empty());
            assertEquals("", browser.await("rating", Optional::of), "of known workers nothing is said");
            browser.go("about:blank"); // it does not listen any more
            startOfStrangers();
            browser.go(page.url());
            browser.await(
                    "workers",
                    text -> text.matches("(?s).*worker-3 training .* 0 31 \\d+ \\(\\d+ to \\d+\\)\n.*")
                                    && text.contains("worker-4 excluded ")
                                    && text.contains("0 – not yet")
                            ? Optional.of(text)
                            : Optional.empty());
            assertTrue(browser.await("rating", Optional::of).contains("50 is as well as the others"));
            assertEquals("worker-4 is excluded: it lied ?and <b>laughed</b>", browser.await("refused", Optional::of));
            assertEquals(
                    browser.number("document.querySelectorAll('thead th:not([hidden])').length"),
                    browser.number("document.querySelectorAll('#workers tr:first-child td').length"));
            assertTrue(browser.number("document.scrollingElement.scrollWidth") <= 400, "wider than a phone");
            assertEquals(List.of(), browser.complaints());
            if (System.getProperty("athanor.pictures") != null) {
                browser.size(1000, 900);
                browser.picture(Path.of(System.getProperty("athanor.pictures"), "job-strangers.png"));
            }
        }
    }
}
