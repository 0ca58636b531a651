package org.athanor.edge.forecast;

import static org.athanor.edge.forecast.FakeService.json;
import static org.athanor.edge.forecast.FakeService.refusal;
import static org.athanor.edge.forecast.FakeService.reply;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.athanor.comfort.series.HouseholdAddition;
import org.athanor.comfort.series.Location;
import org.athanor.comfort.series.WindowSun;
import org.athanor.edge.forecast.FakeService.Behaviour;
import org.athanor.units.PricePerKwh;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RemoteOutlookTest {
    private static final Instant BEGIN = Instant.parse("2026-01-15T06:10:00Z");
    private static final Location HOME = new Location("home", 50.8467, 4.3525, 1);
    private static final PriceTerms DYNAMIC = new PriceTerms.DayAhead("BE", new HouseholdAddition(0.14, 0.06));
    private static final Map<String, List<Double>> REVENUE = Map.of("miner", List.of(0.0, 0.03, 0.05));

    @TempDir
    private Path folder;

    private final FakeService service = new FakeService();
    private final List<String> notes = new CopyOnWriteArrayList<>();
    private Instant wall = BEGIN;
    private long nanos = 1_000;
    private RemoteOutlook outlook;

    @BeforeEach
    void aHomeWithADynamicContract() {
        outlook = opened(config(DYNAMIC));
    }

    @AfterEach
    void close() {
        outlook.close();
        service.close();
    }

    private ForecastConfig config(PriceTerms terms) {
        return config(terms, Duration.ofSeconds(20));
    }

    private ForecastConfig config(PriceTerms terms, Duration timeOut) {
        return new ForecastConfig(
                HOME, WindowSun.SOUTH, terms, service.uri(), service.uri(), folder.resolve("kept"), timeOut);
    }

    private RemoteOutlook opened(ForecastConfig config) {
        return new RemoteOutlook(config, () -> REVENUE, () -> wall, () -> nanos, notes::add);
    }

    private void restart() {
        outlook.close();
        outlook = opened(config(DYNAMIC));
    }

    private void pass(Duration time) {
        wall = wall.plus(time);
        nanos += time.toNanos();
    }

    private void step() throws InterruptedException {
        outlook.weather().step();
        outlook.market().orElseThrow().step();
    }

    /** Lives a while as the threads do, in steps of a minute. */
    private void live(Duration time) throws InterruptedException {
        for (var left = time; left.isPositive(); left = left.minusMinutes(1)) {
            step();
            pass(Duration.ofMinutes(1));
        }
    }

    private Optional<Instant> issued() {
        return outlook.at(wall).forecast().map(forecast -> forecast.issued());
    }

    @Test
    void asksForWhatItReads() throws Exception {
        step();
        assertEquals(
                List.of(
                        "/v1/forecast?latitude=50.85&longitude=4.35&hourly=temperature_2m,wind_speed_10m,"
                                + "direct_normal_irradiance,diffuse_radiation,shortwave_radiation&timeformat=unixtime"
                                + "&wind_speed_unit=ms&forecast_days=7",
                        "/price?bzn=BE&start=2026-01-14&end=2026-01-16"),
                service.requests());
        var known = outlook.at(wall);
        assertEquals(1.3, known.forecast().orElseThrow().outdoorCelsius(7), 1e-9);
        assertEquals(
                (0.05829 + 0.14) * 1.06,
                known.prices().orElseThrow().perKwh(Instant.parse("2026-01-13T23:00:00Z")),
                1e-9);
        assertEquals(REVENUE, known.revenuePerHour());
        assertEquals(
                known.prices().orElseThrow().perKwh(wall),
                outlook.price(wall).orElseThrow().value());
        assertEquals(List.of(), notes);
    }

    @Test
    void asksOnceAnHour() throws Exception {
        live(Duration.ofHours(24));
        long requests = service.weatherRequests();
        assertTrue(requests >= 22 && requests <= 27, requests + " requests in a day");
        assertEquals(List.of(), notes);
        assertTrue(Duration.between(issued().orElseThrow(), wall).compareTo(Duration.ofMinutes(70)) < 0);
    }

    static List<Behaviour> broken() {
        return List.of(
                reply(500, "text/html", "<html>Internal Server Error</html>"),
                reply(502, "text/html", ""),
                reply(301, "text/html", ""),
                json(""),
                json("[]"),
                json("{\"error\":true,\"reason\":\"something\"}"),
                json("Unexpected error while streaming data: timeoutReached"),
                json(FakeService.WEATHER.substring(0, 3000)),
                json(FakeService.WEATHER + FakeService.WEATHER),
                json(FakeService.WEATHER.replace("\"m/s\"", "\"km/h\"")),
                json(FakeService.WEATHER.replace("\"temperature_2m\":[", "\"temperature_2m\":[null,1.0,null,")),
                json(FakeService.WEATHER.replace("\"latitude\":50.84", "\"latitude\":-50.84")),
                json(FakeService.WEATHER.replace("17684", "17784")),
                reply(200, "text/html", "<!DOCTYPE html><html><body>Log in to the hotel's network</body></html>"),
                json("x".repeat((int) Transport.LARGEST_REPLY + 1)),
                exchange -> {
                    exchange.sendResponseHeaders(200, 3);
                    exchange.getResponseBody().write(new byte[] {'"', (byte) 0xff, '"'});
                },
                exchange -> { // ends in the middle of what it announced
                    exchange.sendResponseHeaders(200, FakeService.WEATHER.length() * 2L);
                    exchange.getResponseBody().write(FakeService.WEATHER.getBytes(StandardCharsets.UTF_8));
                    exchange.getResponseBody().flush();
                });
    }

    @ParameterizedTest
    @MethodSource("broken")
    void aBrokenReplyNeverReplacesAGoodOne(Behaviour behaviour) throws Exception {
        step();
        var kept = Files.readString(folder.resolve("kept/weather.reply"));
        service.weather(behaviour);
        pass(Duration.ofMinutes(70));
        step();
        assertEquals(2, service.weatherRequests());
        assertEquals(Optional.of(BEGIN), issued());
        assertEquals(kept, Files.readString(folder.resolve("kept/weather.reply")));
        assertEquals(1, notes.size(), notes::toString);
        assertTrue(notes.getFirst().startsWith("Open-Meteo"), notes::toString);
        assertTrue(outlook.sentences(wall)
                .getFirst()
                .startsWith("Weather data by Open-Meteo.com, CC BY 4.0: 70 min old; "));
        assertEquals(Optional.empty(), outlook.market().orElseThrow().held().trouble());

        service.weather(json(FakeService.WEATHER));
        pass(Duration.ofMinutes(70));
        step();
        assertEquals(Optional.of(wall), issued());
        assertEquals("Open-Meteo answers again", notes.getLast());
    }

    @Test
    void waitsLongerAfterEachFailureAndSaysItOnce() throws Exception {
        service.weather(reply(500, "text/plain", "no"));
        live(Duration.ofHours(2));
        // at about 0, 1, 3, 7, 15, 31, 63 min, and once more an hour later
        long requests = service.weatherRequests();
        assertTrue(requests >= 7 && requests <= 8, requests + " requests in two hours");
        assertEquals(List.of("Open-Meteo: HTTP 500: no"), notes);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            status | retryAfter                    | minutes
            429    | 7200                          | 120
            503    | 7200                          | 120
            429    | Thu, 15 Jan 2026 09:10:00 GMT | 180
            429    | whenever you like             | 60
            429    | 999999999                     | 1440
            400    | 0                             | 1
            """)
    void waitsAsLongAsItIsAskedTo(int status, String retryAfter, int minutes) throws Exception {
        service.weather(
                refusal(status, retryAfter, "{\"error\":true,\"reason\":\"Hourly API request limit exceeded.\"}"));
        step();
        pass(Duration.ofMinutes(minutes).minusSeconds(10));
        step();
        assertEquals(1, service.weatherRequests());
        pass(Duration.ofSeconds(20));
        step();
        assertEquals(2, service.weatherRequests());
        assertTrue(notes.getFirst().endsWith("\"Hourly API request limit exceeded.\"}"), notes::toString);
    }

    @Test
    void aServiceThatDripsIsLeftAfterTheTimeOut() throws Exception {
        var ended = new CountDownLatch(1);
        service.weather(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            while (ended.getCount() > 0) {
                exchange.getResponseBody().write(' ');
                exchange.getResponseBody().flush();
                Thread.sleep(50);
            }
        });
        outlook.close();
        outlook = opened(config(DYNAMIC, Duration.ofSeconds(1)));
        long begun = System.nanoTime();
        outlook.weather().step();
        long taken = System.nanoTime() - begun;
        ended.countDown();
        assertTrue(taken < Duration.ofSeconds(20).toNanos(), "took " + Duration.ofNanos(taken));
        assertEquals(List.of("Open-Meteo: no answer within 1 s"), notes);
    }

    @Test
    void anOldForecastIsUsedAndSaidToBeOld() throws Exception {
        step();
        service.weather(reply(500, "text/plain", ""));
        live(Duration.ofDays(3));
        var forecast = outlook.at(wall).forecast().orElseThrow();
        assertEquals(BEGIN, forecast.issued());
        assertTrue(forecast.covers(wall, wall.plus(Duration.ofHours(24))));
        assertEquals(
                "Weather data by Open-Meteo.com, CC BY 4.0: 3 days old; Open-Meteo: HTTP 500",
                outlook.sentences(wall).getFirst());
        live(Duration.ofDays(4));
        assertTrue(outlook.sentences(wall).getFirst().endsWith("; it ended at 2026-01-21T23:00:00Z"));
        assertTrue(outlook.at(wall).forecast().isPresent());
    }

    @Test
    void pricesThatReachFurtherAreKept() throws Exception {
        step();
        var today = FakeService.PRICES.replaceAll(
                "(\"price\":\\[(?:[^,]*,){191}[^,]*)[^]]*]", "$1" + ",null".repeat(96) + "]");
        service.prices(json(today));
        pass(Duration.ofMinutes(70));
        step();
        assertEquals(
                Instant.parse("2026-01-16T23:00:00Z"),
                outlook.at(wall).prices().orElseThrow().end());
        assertEquals(
                List.of(
                        "energy-charts.info: prices to 2026-01-15T23:00:00Z, though those to 2026-01-16T23:00:00Z are known"),
                notes);
    }

    @Test
    void whatWasKnownSurvivesARestart() throws Exception {
        step();
        pass(Duration.ofMinutes(20));
        restart();
        assertEquals(Optional.of(BEGIN), issued());
        assertTrue(outlook.price(wall).isPresent());
        step();
        assertEquals(1, service.weatherRequests(), "asked again although the reply is 20 minutes old");
        pass(Duration.ofMinutes(45));
        step();
        assertEquals(2, service.weatherRequests());
        assertEquals(List.of(), notes);
    }

    @Test
    void aRestartDuringAnOutageGoesOnWithTheOldReply() throws Exception {
        step();
        service.close();
        pass(Duration.ofHours(30));
        restart();
        step();
        assertEquals(Optional.of(BEGIN), issued());
        assertEquals("Open-Meteo: it cannot be reached", notes.getFirst());
    }

    @ParameterizedTest
    @CsvSource({"0,0", "0,40", "20,60", "200,201", "3000,3001"})
    void aDamagedFileIsToldAndMadeAnew(int from, int to) throws Exception {
        step();
        var file = folder.resolve("kept/weather.reply");
        var text = Files.readString(file);
        Files.writeString(file, from == to ? "" : text.substring(0, from) + "#" + text.substring(to));
        restart();
        assertEquals(Optional.empty(), issued());
        assertEquals(1, notes.size(), notes::toString);
        assertTrue(notes.getFirst().startsWith(file + " is ignored: "), notes::toString);
        step();
        assertEquals(Optional.of(wall), issued());
        assertTrue(Files.readString(file).contains("fetched: " + wall));
    }

    @Test
    void aReplyKeptForAnotherZoneIsNotUsed() throws Exception {
        step();
        outlook.close();
        outlook = opened(config(new PriceTerms.DayAhead("DE-LU", HouseholdAddition.NONE)));
        assertTrue(outlook.at(wall).forecast().isPresent());
        assertTrue(outlook.at(wall).prices().isEmpty());
        assertTrue(notes.getFirst().endsWith("prices.reply is ignored: it answers \"/price?bzn=BE\""), notes::toString);
    }

    @Test
    void aChangedAdditionHoldsForKeptPricesToo() throws Exception {
        step();
        outlook.close();
        outlook = opened(config(new PriceTerms.DayAhead("BE", HouseholdAddition.NONE)));
        assertEquals(
                0.05829, outlook.at(wall).prices().orElseThrow().perKwh(Instant.parse("2026-01-13T23:00:00Z")), 1e-12);
    }

    @Test
    void aClockThatJumpsIsAReasonToAsk() throws Exception {
        step();
        wall = wall.plus(Duration.ofDays(2)); // and the prices known do not reach that far
        pass(Duration.ofSeconds(30));
        step();
        assertEquals(2, service.weatherRequests());
        assertEquals("Open-Meteo is asked anew: this computer's clock jumped by 172800 s", notes.getFirst());
        assertTrue(notes.getLast().contains("when this computer's clock says 2026-01-17T06:10:30Z"), notes::toString);
    }

    @Test
    void aClockThatIsWrongSpoilsNothing() throws Exception {
        wall = Instant.parse("1970-01-01T00:00:40Z"); // before the time has come from the network
        restart();
        step();
        assertEquals(Optional.empty(), issued());
        assertTrue(notes.getFirst().contains("when this computer's clock says 1970-01-01T00:00:40Z"), notes::toString);
        pass(Duration.ofSeconds(30));
        wall = BEGIN;
        pass(Duration.ofSeconds(30));
        step();
        pass(Duration.ofSeconds(60));
        step();
        var since = Duration.between(BEGIN, issued().orElseThrow()); // the first retry is due within 54 to 66 s
        assertTrue(!since.isNegative() && since.compareTo(Duration.ofSeconds(90)) <= 0, "asked " + since);
        assertEquals(2, service.weatherRequests());
    }

    @Test
    void aReplyFromTheFutureIsReplaced() throws Exception {
        step();
        wall = wall.minus(Duration.ofHours(4));
        restart();
        assertTrue(notes.getFirst().contains("which is yet to come"), notes::toString);
        assertTrue(
                outlook.sentences(wall).getFirst().endsWith("of a time that is yet to come by this computer's clock"));
        step();
        assertEquals(Optional.of(wall), issued());
    }

    @Test
    void withoutANetworkSinceTheStartNothingIsKnownAndNothingBreaks() throws Exception {
        service.close();
        live(Duration.ofHours(5));
        var known = outlook.at(wall);
        assertTrue(known.forecast().isEmpty());
        assertTrue(known.prices().isEmpty());
        assertEquals(REVENUE, known.revenuePerHour());
        assertEquals(Optional.empty(), outlook.price(wall));
        assertEquals(List.of("Open-Meteo: it cannot be reached", "energy-charts.info: it cannot be reached"), notes);
        assertEquals(
                List.of(
                        "Weather data by Open-Meteo.com, CC BY 4.0: none yet; Open-Meteo: it cannot be reached",
                        "Prices by energy-charts.info: none yet; energy-charts.info: it cannot be reached"),
                outlook.sentences(wall));
    }

    @Test
    void aFolderThatCannotBeWrittenCostsOnlyTheMemory() throws Exception {
        Files.writeString(folder.resolve("kept"), "a file where a folder should be");
        step();
        assertEquals(Optional.of(BEGIN), issued());
        assertTrue(notes.getFirst().startsWith("a reply cannot be kept in "), notes::toString);
    }

    @Test
    void aFixedPriceAsksNobody() {
        outlook.close();
        outlook = opened(config(new PriceTerms.Fixed(new PricePerKwh(0.31, Currency.getInstance("EUR")))));
        assertTrue(outlook.market().isEmpty());
        var prices = outlook.at(wall).prices().orElseThrow();
        assertEquals(0.31, prices.perKwh(wall));
        assertEquals(0.31, prices.perKwh(wall.plus(Duration.ofDays(4))));
        assertEquals(1, outlook.sentences(wall).size());
    }

    @Test
    void askingInTheBackgroundHoldsNobodyUp() throws Exception {
        var asked = new CountDownLatch(2);
        var release = new CountDownLatch(1);
        Behaviour hanging = exchange -> {
            asked.countDown();
            release.await();
        };
        service.weather(hanging);
        service.prices(hanging);
        var slow = new ForecastConfig(
                HOME, WindowSun.SOUTH, DYNAMIC, service.uri(), service.uri(), folder, Duration.ofMinutes(5));
        try (var running = RemoteOutlook.start(slow, () -> REVENUE, InstantSource.fixed(BEGIN), notes::add)) {
            asked.await();
            assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
                for (int i = 0; i < 1000; i++)
                    assertTrue(running.at(BEGIN).forecast().isEmpty());
            });
            assertTimeoutPreemptively(Duration.ofSeconds(10), running::close);
        } finally {
            release.countDown();
        }
    }

    @Test
    void itsThreadsFetchBoth() throws Exception {
        try (var running =
                RemoteOutlook.start(config(DYNAMIC), () -> REVENUE, InstantSource.fixed(BEGIN), notes::add)) {
            assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
                while (running.at(BEGIN).forecast().isEmpty()
                        || running.at(BEGIN).prices().isEmpty()) Thread.sleep(10);
            });
        }
        assertEquals(List.of(), notes);
    }

    @Test
    void impossibleConfigurationsAreRefused() {
        var wrong = assertThrows(
                IllegalArgumentException.class,
                () -> new ForecastConfig(new Location("x", 91, 0, 0), WindowSun.SOUTH, DYNAMIC, folder));
        assertEquals("latitude of the home 91.0 (-90 to 90)", wrong.getMessage());
        assertThrows(
                IllegalArgumentException.class,
                () -> new ForecastConfig(
                        HOME,
                        WindowSun.SOUTH,
                        DYNAMIC,
                        URI.create("ftp://example.org"),
                        service.uri(),
                        folder,
                        Duration.ofSeconds(1)));
        var zone = assertThrows(
                IllegalArgumentException.class, () -> new PriceTerms.DayAhead("BE&end=", HouseholdAddition.NONE));
        assertEquals("bidding zone \"BE&end=\" (a short name such as BE, DE-LU or DK1)", zone.getMessage());
    }
}
