import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.athanor.comfort.ComfortBand;
import org.athanor.comfort.ComfortConfig;
import org.athanor.comfort.HeaterReading;
import org.athanor.comfort.HeaterSpec;
import org.athanor.comfort.Outlook;
import org.athanor.comfort.PlanningConfig;
import org.athanor.comfort.PlanningController;
import org.athanor.comfort.Readings;
import org.athanor.comfort.SafetyLimits;
import org.athanor.comfort.Schedule;
import org.athanor.comfort.ThermostatMode;
import org.athanor.comfort.learning.Construction;
import org.athanor.comfort.learning.Insulation;
import org.athanor.comfort.learning.RoomPrior;
import org.athanor.comfort.series.Forecast;
import org.athanor.comfort.series.PriceOutlook;
import org.athanor.units.Celsius;
import org.athanor.units.Joules;
import org.athanor.units.Kelvins;
import org.athanor.units.Watts;

/**
 * Drives Athanor's controller against a room of one's own: here a few lines of Euler's rule. It knows nothing of the room but
 * its floor area and that it is of medium weight; it learns the rest while it heats, and plans once it knows enough.
 *
 * <p>Once the program has been built (./athanor --version builds it):
 *
 * <pre>java --class-path comfort/target/classes:units/target/classes examples/OwnRoom.java [DAYS]</pre>
 */
public final class OwnRoom {
    // ---- the room: replace it by yours

    private double air = 20;
    private double walls = 19;

    /** One minute. */
    private void live(double outdoor, double sunWatts, double heaterWatts) {
        double exchange = 220 * (walls - air);
        double lost = 18 * (air - outdoor);
        air += 60 * (heaterWatts + 0.3 * sunWatts + exchange - lost) / 500_000;
        walls += 60 * (0.7 * sunWatts - exchange - 24 * (walls - outdoor)) / 9_000_000;
    }

    // ---- the world around it

    private static double hour(Instant time) {
        return time.getEpochSecond() % 86_400 / 3600.0;
    }

    private static double outdoor(Instant time) {
        return 1 + 4 * Math.sin((hour(time) - 9) / 12 * Math.PI);
    }

    /** W/m² on the windows, of which there are 2.5 m². */
    private static double sun(Instant time) {
        return Math.max(0, 260 * Math.sin((hour(time) - 7) / 10 * Math.PI));
    }

    private static double price(Instant time) {
        double hour = hour(time);
        return hour >= 17 && hour < 21 ? 0.48 : hour < 6 ? 0.14 : 0.26;
    }

    /** A weather service and a tariff, 30 hours ahead; yours will be less certain. */
    private static Outlook outlook(Instant time) {
        var start = time.truncatedTo(ChronoUnit.HOURS);
        var celsius = new double[30];
        var sun = new double[30];
        var prices = new double[30];
        for (int i = 0; i < 30; i++) {
            var middle = start.plus(Duration.ofMinutes(60L * i + 30));
            celsius[i] = outdoor(middle);
            sun[i] = sun(middle);
            prices[i] = price(middle);
        }
        var hour = Duration.ofHours(1);
        return new Outlook(
                Optional.of(new Forecast(start, start, hour, celsius, sun)),
                Optional.of(new PriceOutlook(start, hour, prices)),
                Map.of("miner", List.of(0.0, 0.04, 0.07, 0.08))); // what its work earns an hour, at each level
    }

    // ---- the controller

    private static PlanningConfig config() {
        var miner = new HeaterSpec(
                "miner",
                List.of(Watts.ZERO, new Watts(500), new Watts(1000), new Watts(1500)),
                new Watts(1600),
                Duration.ofMinutes(10),
                Duration.ofMinutes(10),
                Duration.ofMinutes(5),
                new Joules(200_000),
                Optional.of(new Celsius(95)),
                Optional.empty(),
                true,
                0);
        var limits = new SafetyLimits(
                new Celsius(28),
                new Celsius(7),
                400_000,
                new Watts(300),
                new Watts(2300),
                Duration.ofMinutes(1),
                Duration.ofMinutes(2),
                new Kelvins(0.2),
                Duration.ofSeconds(150),
                Duration.ofMinutes(3));
        var comfort = new ComfortConfig(
                List.of(miner),
                Schedule.constant(ZoneOffset.UTC, new Celsius(21)),
                ComfortBand.of(1),
                new ThermostatMode.Tpi(0.6, 0.02),
                limits);
        return new PlanningConfig(
                comfort,
                new RoomPrior(45, Construction.MEDIUM, Insulation.AVERAGE),
                Duration.ofHours(24),
                Duration.ofMinutes(15));
    }

    public static void main(String[] arguments) {
        int days = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 8;
        var room = new OwnRoom();
        var controller = new PlanningController(config());
        var time = Instant.parse("2026-01-05T00:00:00Z");
        long monotonic = 0;
        int level = 0;
        boolean plug = true;
        for (int day = 1; day <= days; day++) {
            double kwh = 0;
            double cost = 0;
            double lowest = 99;
            double highest = 0;
            int planned = 0;
            var said = "";
            for (int minute = 0; minute < 1440; minute++) {
                var power = new Watts(plug ? 500.0 * level : 0);
                var readings = new Readings(
                        time,
                        monotonic,
                        Optional.of(new Celsius(Math.rint(room.air * 10) / 10)),
                        Optional.empty(),
                        Optional.of(new Celsius(outdoor(time))),
                        Map.of("miner", reading(level, power, plug)));
                var step = controller.step(readings, outlook(time));
                var command = step.control().commands().get("miner");
                level = command.level();
                plug = command.plugOn();
                if (step.standIn().isEmpty()) planned++;
                if (minute == 16 * 60) said = step.control().explanation();
                double watts = plug ? 500.0 * level : 0;
                room.live(outdoor(time), 2.5 * sun(time), watts);
                kwh += watts / 60_000;
                cost += watts / 60_000 * price(time);
                lowest = Math.min(lowest, room.air);
                highest = Math.max(highest, room.air);
                time = time.plusSeconds(60);
                monotonic += 60_000_000_000L;
            }
            System.out.printf(
                    "day %d: %.1f kWh for %.2f, room %.1f to %.1f °C, %d %% planned, known to %s%n   at 16:00: %s%n",
                    day, kwh, cost, lowest, highest, 100 * planned / 1440, controller.quality(), said);
            // what was learned survives a restart
            controller = PlanningController.ofBytes(config(), controller.toBytes());
        }
    }

    private static HeaterReading reading(int level, Watts power, boolean plug) {
        return new HeaterReading(
                OptionalInt.of(level),
                Optional.of(power),
                Optional.of(power),
                Optional.of(plug),
                Optional.of(new Celsius(60)),
                Optional.empty(),
                Optional.empty());
    }
}
