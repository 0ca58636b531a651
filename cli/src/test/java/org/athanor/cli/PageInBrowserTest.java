package org.athanor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo as a person meets it: its page in a browser, its screen in a terminal, Ctrl-C at the end. */
class PageInBrowserTest {
    private static final Duration START = Duration.ofSeconds(90);
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Pattern NUMBER = Pattern.compile("-?\\d+(?:[.,]\\d+)?");
    /** Set to a folder by the command that re-makes the pictures of the README. */
    private static final String PICTURES = "athanor.pictures";

    @TempDir
    private Path folder;

    @Test
    void numbersMoveTheSetpointIsChangedAndTheRoomFollows() throws Exception {
        try (var browser = Browser.open(folder.resolve("profile"));
                var demo = Child.start(Main.class, "demo", "--port", "0")) {
            var url = demo.awaitPrefix("page on ", START).split("[; ]", 2)[0];
            browser.size(1280, 1000);
            browser.go(url);

            double room = browser.await("room", number(value -> value > 15 && value < 25));
            assertEquals(20.5, browser.await("setpoint", number(value -> true)), 0.01);
            double accepted = browser.await("accepted", number(value -> value > 0));
            browser.await("accepted", number(value -> value > accepted));
            browser.await("earned", number(value -> value > 0));
            browser.await("watts", number(value -> value > 0));
            browser.await("price", number(value -> value > 0));
            browser.await("outdoor", number(value -> value < 10));
            assertTrue(browser.number("document.querySelectorAll('canvas').length") >= 3, "charts");

            for (int i = 0; i < 4; i++) browser.click("setpoint-up");
            browser.await("setpoint", number(value -> value == 22.5));
            demo.await("setpoint on the terminal", SOON, line -> line.contains("setpoint 22.5 °C"));
            browser.await("room", number(value -> value >= Math.max(22, room + 0.8)));

            picture(browser, "page.png");
            browser.size(360, 780);
            assertTrue(
                    browser.number("document.scrollingElement.scrollWidth") <= 360, "the page is wider than a phone");
            assertTrue(
                    browser.number("parseFloat(getComputedStyle(document.getElementById('room')).fontSize)") >= 28,
                    "the room's temperature is too small to read");
            assertEquals(List.of(), browser.complaints());
            picture(browser, "phone.png");

            demo.interrupt();
            var printed = String.join("\n", demo.awaitEnd(SOON));
            assertTrue(printed.contains("Statement"), printed);
            assertTrue(!printed.contains("Exception") && !printed.contains("DISAGREE"), printed);
        }
    }

    private static void picture(Browser browser, String name) throws Exception {
        var pictures = System.getProperty(PICTURES);
        if (pictures != null)
            browser.picture(Files.createDirectories(Path.of(pictures)).resolve(name));
    }

    private static Function<String, Optional<Double>> number(Predicate<Double> fits) {
        return text -> {
            var matcher = NUMBER.matcher(text.replace("\u202f", "").replace("\u2212", "-"));
            if (!matcher.find()) return Optional.empty();
            double value = Double.parseDouble(matcher.group().replace(',', '.'));
            return fits.test(value) ? Optional.of(value) : Optional.empty();
        };
    }
}
