package org.athanor.cli.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.athanor.cli.plan.HomePlan.Thoroughness;
import org.junit.jupiter.api.Test;

class HomePlansTest {
    private static ProgressBar silent(int homes) {
        return new ProgressBar(
                new PrintWriter(new StringWriter()),
                ProgressBar.Style.NONE,
                "home-years",
                homes,
                HomePlan.DAYS_OF_YEAR);
    }

    @Test
    void homesAtOnceAreWhatTheyAreAloneAndInTheirOrder() {
        var one = Homes.of("name: one\n" + Homes.flat(""));
        var two = Homes.of("name: two\n" + Homes.flat("setpoint: 19\n"));
        var both = HomePlans.of(List.of(one, two), Thoroughness.USUAL, silent(2));
        assertEquals(List.of("one", "two"), both.stream().map(HomePlan::name).toList());
        var alone = HomePlans.of(List.of(two), Thoroughness.USUAL, silent(1)).getFirst();
        assertEquals(alone.report(), both.get(1).report());
    }

    @Test
    void whatGoesWrongInOneIsThrown() {
        var home = Homes.of(Homes.flat(""));
        assertThrows(NullPointerException.class, () -> HomePlans.of(List.of(home, home), null, silent(2)));
    }
}
