package org.athanor.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;

/** Headless Chromium on a page of this computer. */
public final class Browser implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int MOST_TABS = 300;

    private final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    /** Skips the test with a message where there is no Chromium. */
    public static Browser open(Path profile) {
        return open(profile, "en");
    }

    /** @param language that the reader prefers, as a tag */
    static Browser open(Path profile, String language) {
        var chromium = find("chromium", "chromium-browser", "google-chrome");
        var chromedriver = find("chromedriver");
        Assumptions.assumeTrue(
                chromium.isPresent() && chromedriver.isPresent(),
                "skipped: Chromium and chromedriver are needed (Debian: apt-get install chromium chromium-driver)");
        var options = new ChromeOptions();
        options.setBinary(chromium.get().toFile());
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--accept-lang=" + language,
                "--user-data-dir=" + profile);
        var logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        var service = new ChromeDriverService.Builder()
                .usingDriverExecutable(chromedriver.get().toFile())
                .usingAnyFreePort()
                .build();
        return new Browser(new ChromeDriver(service, options));
    }

    private static Optional<Path> find(String... names) {
        var path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Stream.of(names)
                .flatMap(name -> Stream.of(path.split(":")).map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    public void size(int width, int height) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
    }

    /** What the reader has asked of every page: {@code prefers-color-scheme} is dark, say. */
    public void prefer(Map<String, String> features) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "features",
                        features.entrySet().stream()
                                .map(each -> Map.of("name", each.getKey(), "value", each.getValue()))
                                .toList()));
    }

    public void go(String url) {
        driver.get(url);
    }

    String text(String id) {
        return driver.findElement(By.id(id)).getText();
    }

    void click(String id) {
        driver.findElement(By.id(id)).click();
    }

    /** Waits until the text of {@code id} fits, and returns what {@code fits} makes of it. */
    public <T> T await(String id, Function<String, Optional<T>> fits) {
        return new WebDriverWait(driver, PATIENCE, Duration.ofMillis(100))
                .ignoring(NoSuchElementException.class)
                .ignoring(StaleElementReferenceException.class)
                .withMessage(() -> "waiting for #" + id + ", the page shows:\n"
                        + driver.findElement(By.tagName("body")).getText())
                .until(_ -> fits.apply(text(id)).orElse(null));
    }

    /** Types as a person without a mouse. */
    void press(CharSequence... keys) {
        for (var tries = 1; ; tries++) {
            try {
                driver.switchTo().activeElement().sendKeys(keys);
                return;
            } catch (StaleElementReferenceException drawnAnew) {
                // between the question and the key the page has put another element in its place
                if (tries == 3) throw drawnAnew;
            }
        }
    }

    /** Goes on with the tabulator to the element with this id. */
    void tabTo(String id) {
        for (int i = 0; i < MOST_TABS; i++) {
            if (id.equals(script("document.activeElement.id"))) return;
            press(Keys.TAB);
        }
        throw new AssertionError("the tabulator does not reach #" + id);
    }

    Object script(String script) {
        return driver.executeScript("return " + script);
    }

    public long number(String script) {
        return ((Number) driver.executeScript("return " + script)).longValue();
    }

    /** Waits until {@code script} is true: a page follows its window's size a few frames later. */
    public void awaitTrue(String what, String script) {
        new WebDriverWait(driver, PATIENCE, Duration.ofMillis(100))
                .withMessage(() -> what + ": " + script)
                .until(_ -> Boolean.TRUE.equals(script(script)));
    }

    /** What the console holds of warnings and errors since it was asked last. */
    public List<LogEntry> complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
                .toList();
    }

    public void picture(Path file) throws IOException {
        Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
    }

    @Override
    public void close() {
        driver.quit();
    }
}
