package org.athanor.cli.heater;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.athanor.cli.heater.HomeSetup.DayNight;
import org.athanor.cli.heater.HomeSetup.Network;
import org.athanor.cli.heater.HomeSetup.Tank;
import org.athanor.comfort.PrimarySource;
import org.athanor.devices.DeviceException;
import org.athanor.devices.PowerLevel;
import org.athanor.devices.drivers.HeaterKind;
import org.athanor.units.Celsius;
import org.athanor.units.Watts;
import org.junit.jupiter.api.Test;

class HeaterFileTest {
    private static final String GOOD = """
            tariff: {kind: flat, price: 0.3}
            zone: Europe/Brussels
            circuits: [{id: flat, watts: 3600}]
            rooms:
              - id: living
                floorArea: 30
                thermometer: {kind: shelly, address: 127.0.0.1}
                schedule:
                  - {from: "06:30", celsius: 21}
                  - {from: "09:00", celsius: 18, days: [saturday, sunday]}
                quietHours: {from: "22:00", until: "07:00", watts: 300}
            heaters:
              - id: rack
                kind: braiins
                address: 127.0.0.1:8080
                levels: [800, 1200]
                maximumWatts: 3400
                user: root
                password: quiet
                circuit: flat
                plug: {kind: shelly, address: 127.0.0.1:81, ratingWatts: 3500}
                pool: {url: "stratum+tcp://pool.example.com:3333", user: me}
            """;

    private static HomeSetup read(String text) {
        return HeaterFile.parse("heater.yaml", text, Path.of("."));
    }

    private static String mistakes(String text) {
        return assertThrows(HeaterMistakes.class, () -> read(text)).getMessage();
    }

    @Test
    void aFileSaysWhatIsInTheHome() {
        var setup = read(GOOD);
        assertEquals(new Watts(3600), setup.circuits().get("flat"));
        var room = setup.rooms().getFirst();
        assertEquals("living", room.name());
        assertEquals(80, ((HomeSetup.ShellySensor) room.sensor()).address().getPort());
        var saturdayNoon = Instant.parse("2026-01-10T11:00:00Z");
        assertEquals(DayOfWeek.SATURDAY, saturdayNoon.atZone(setup.zone()).getDayOfWeek());
        assertEquals(new Celsius(18), room.schedule().setpoint(saturdayNoon));
        assertEquals(new Celsius(21), room.schedule().setpoint(Instant.parse("2026-01-09T11:00:00Z")));
        var rack = setup.heaters().getFirst();
        var network = assertInstanceOf(Network.class, rack.source());
        assertEquals(HeaterKind.BRAIINS, network.kind());
        assertEquals(2, network.settings().levels().size());
        assertEquals("me", rack.ours().orElseThrow().user());
        assertFalse(rack.toString().contains("quiet"), "a password stays out of messages: " + rack);
    }

    @Test
    void aFirmwareTimerIsALeaseOfThoseThatHaveOne() {
        var rack = "    kind: braiins\n    address: 127.0.0.1:8080\n    levels: [800, 1200]\n    maximumWatts: 3400\n";
        assertTrue(GOOD.contains(rack), "the text to be replaced is there");
        var setup = read(GOOD.replace(rack, "    kind: mini3\n    address: 127.0.0.1\n    lease: firmware\n"));
        var network = assertInstanceOf(Network.class, setup.heaters().getFirst().source());
        assertEquals(SinkLimits.COUNTDOWN, network.settings().lease().orElseThrow());
        var said = mistakes(GOOD.replace(rack, rack + "    lease: firmware\n"));
        assertTrue(said.contains("heaters[0].lease: a braiins has no timer of its own"), said);
        assertTrue(mistakes(GOOD.replace(rack, "    kind: mini3\n    address: 127.0.0.1\n    lease: plug\n"))
                .contains("heaters[0].lease: plug"));
    }

    @Test
    void sharesOfAWhatsminersLimitAreLevels() {
        var levels = "    kind: braiins\n    address: 127.0.0.1:8080\n    levels: [800, 1200]\n";
        var user = "    user: root\n    password: quiet\n";
        assertTrue(GOOD.contains(levels) && GOOD.contains(user), "the texts to be replaced are there");
        var miner = GOOD.replace("floorArea: 30", "floorArea: 60").replace(user, "    password: quiet\n");
        for (var kind : new String[] {"whatsminer-v2", "whatsminer-v3"}) {
            var start = "    kind: " + kind + "\n    address: 127.0.0.1\n    levels: ";
            var shares = miner.replace(levels, start + "[60% of 3400, \"80% of 3400\", 3400]\n");
            var heater = read(shares).heaters().getFirst();
            assertEquals(
                    List.of(Watts.ZERO, new Watts(2040), new Watts(2720), new Watts(3400)),
                    Nameplate.of(heater.source()).orElseThrow().levels().stream()
                            .map(PowerLevel::watts)
                            .toList());
            for (var wrong : new String[][] {
                {"[40% of 3400, 3400]", "heaters[0].levels: ", "40 %", "50 to 100 % are accepted"},
                {"[3400, 60% of 3400]", "heaters[0].levels: ", "ascending"},
                {"[60% of 4000 W]", "heaters[0].levels: ", "60 % of 4000 W", "at most its maximum of 3400 W"},
                {"[eco 3400]", "heaters[0].levels[0]: eco 3400", "such as 60% of 3400, is accepted"},
                {"[most of it]", "heaters[0].levels[0]: most of it", "accepted"}
            }) {
                var said = mistakes(miner.replace(levels, start + wrong[0] + "\n"));
                assertEquals(1, said.lines().count(), said);
                for (int i = 1; i < wrong.length; i++) assertTrue(said.contains(wrong[i]), said);
            }
        }
    }

    @Test
    void aGpuIsNamedByItsIndexOrUuid() {
        var rack = "    kind: braiins\n    address: 127.0.0.1:8080\n    levels: [800, 1200]\n    maximumWatts: 3400\n";
        var setup = read(GOOD.replace(rack, "    kind: gpu\n    card: GPU-8f6c0f3e-0000\n    levels: [150, 300]\n"));
        assertEquals(
                new HomeSetup.Gpu("GPU-8f6c0f3e-0000", List.of(new Watts(150), new Watts(300))),
                setup.heaters().getFirst().source());
        assertEquals(
                new HomeSetup.Gpu("0", List.of()),
                read(GOOD.replace(rack, "    kind: gpu\n")).heaters().getFirst().source());
        assertTrue(mistakes(GOOD.replace(rack, "    kind: gpu\n    card: nvidia\n"))
                .contains("heaters[0].card: nvidia"));
    }

    @Test
    void allMistakesAreToldAtOnceWithTheirLines() {
        var said = mistakes("""
                tariff: {kind: flatt}
                rooms:
                  - id: living
                    floorArea: huge
                    thermometer: {kind: shelly}
                heaters:
                  - id: rack
                    room: livin
                    kind: braiins
                    address: 127.0.0.1
                    maximumWats: 3400
                colour: red
                """);
        for (var part : new String[] {
            "line 1, tariff.kind: flatt",
            "line 4, rooms[0].floorArea: huge",
            "line 5, rooms[0].thermometer.address: missing",
            "heaters[0].room: livin",
            "heaters[0].levels: missing",
            "line 11, heaters[0].maximumWats: unknown key; did you mean maximumWatts?",
            "line 12, colour: unknown key"
        }) assertTrue(said.contains(part), part + " in:\n" + said);
    }

    @Test
    void aHeaterOfARoomWithAMistakeIsNoMistakeOfItsOwn() {
        var said = mistakes(GOOD.replace("floorArea: 30", "floorArea: 3"));
        assertEquals(1, said.lines().count(), said);
    }

    @Test
    void whatNeedsABrokerOrHomeAssistantSaysSo() {
        assertTrue(mistakes(GOOD.replace("{kind: shelly, address: 127.0.0.1}", "{kind: zigbee2mqtt, topic: a}"))
                .contains("mqtt: missing"));
        assertTrue(
                mistakes(GOOD.replace("{kind: shelly, address: 127.0.0.1}", "{kind: home-assistant, entity: sensor.a}"))
                        .contains("homeAssistant: missing"));
        read(GOOD.replace("{kind: shelly, address: 127.0.0.1}", "{kind: zigbee2mqtt, topic: a}")
                + "mqtt: {host: 127.0.0.1, user: me, password: secret}\n");
    }

    private static final String PRIMARY = "\n    primary: {kind: boiler, entity: climate.living, capacityWatts: 4000,"
            + " efficiency: 0.9, fuelPrice: 0.11, command: true, setback: 17}";
    private static final String HOME_ASSISTANT = "homeAssistant: {discovery: false, address: 127.0.0.1, token: abc}\n";

    private static String withPrimary(String primary) {
        return GOOD.replace("    floorArea: 30", "    floorArea: 30" + primary) + HOME_ASSISTANT;
    }

    @Test
    void theHeatingThatARoomHasAnywayIsDescribed() {
        var room = assertInstanceOf(
                HomeSetup.Room.class, read(withPrimary(PRIMARY)).rooms().getFirst());
        var primary = room.primary().orElseThrow();
        assertEquals(new PrimarySource(new PrimarySource.Boiler(0.9), new Watts(4000), true), primary.source());
        assertEquals(new Celsius(17), primary.setback());
        assertEquals(0.11, primary.fuelPerKwh().getAsDouble());
        read(withPrimary(
                "\n    primary: {kind: heat-pump, entity: climate.a, capacityWatts: 6000, pump: ground-floor}"));
    }

    @Test
    void aBoilerBehindAnOpenThermGatewayNeedsNoHomeAssistant() {
        var primary =
                "\n    primary: {kind: otgw, address: 127.0.0.1, capacityWatts: 9000, efficiency: 0.9, fuelPrice: 0.1,"
                        + " command: true}";
        var setup = read(GOOD.replace("    floorArea: 30", "    floorArea: 30" + primary));
        var entry = assertInstanceOf(HomeSetup.Room.class, setup.rooms().getFirst())
                .primary()
                .orElseThrow();
        var gateway = assertInstanceOf(HomeSetup.Gateway.class, entry.thermostat());
        assertEquals(25238, gateway.address().getPort());
        assertTrue(entry.source().commanded());
        var said = mistakes(withPrimary(primary.replace("address: 127.0.0.1", "entity: climate.living")));
        assertTrue(said.contains("primary.address: missing"), said);
        assertTrue(said.contains("primary.entity"), said);
        assertTrue(mistakes(withPrimary(PRIMARY.replace("command", "address: 127.0.0.1, command")))
                .contains("primary.address"));
    }

    @Test
    void mistakesOfTheOtherHeatingAreTold() {
        for (var wrong : new String[][] {
            {"fuelPrice: 0.11, ", "primary.fuelPrice: missing"},
            {"efficiency: 0.9, ", "primary.efficiency: missing"},
            {"capacityWatts: 4000, ", "primary.capacityWatts: missing"},
            {"entity: climate.living, ", "primary.entity: missing"},
            {"kind: boiler, ", "primary.kind: missing"}
        }) {
            var said =
                    mistakes(withPrimary(PRIMARY.replace(wrong[0].strip(), "").replace(",,", ",")));
            assertTrue(said.contains(wrong[1]), said);
        }
        for (var wrong : new String[][] {
            {"climate.living", "sensor.living", "primary.entity: sensor.living"},
            {"setback: 17", "setback: 4", "primary.setback: 4"},
            {"boiler", "stove", "primary.kind: stove"}
        }) {
            var said = mistakes(withPrimary(PRIMARY.replace(wrong[0], wrong[1])));
            assertTrue(said.contains(wrong[2]), said);
        }
        var alone = mistakes(withPrimary(PRIMARY).replace(HOME_ASSISTANT, ""));
        assertTrue(alone.contains("homeAssistant: missing"), alone);
    }

    @Test
    void anEnergyManagerIsAnAddress() {
        var setup = read(GOOD + "s2: {url: \"ws://127.0.0.1:8080/s2\", token: s3cret}\n");
        assertEquals(8080, setup.manager().orElseThrow().manager().getPort());
        assertFalse(setup.toString().contains("s3cret"), setup.toString());
        var said = mistakes(GOOD + "s2: {url: \"http://127.0.0.1\"}\n");
        assertTrue(said.contains("s2.url: http://127.0.0.1"), said);
    }

    @Test
    void anAirBlownMinerHeatsNoTank() {
        var tank = GOOD.replace("rooms:", "tanks:")
                .replace("floorArea: 30", "litres: 200")
                .replaceAll("(?s)    schedule:.*heaters:", "    setpoint: 50\nheaters:");
        assertTrue(mistakes(tank).contains("is a tank"), mistakes(tank));
        var hot = read(tank.replace("    circuit: flat", "    circuit: flat\n    waterCelsius: 60"));
        var limits = HomeSetup.limits(assertInstanceOf(Tank.class, hot.rooms().getFirst()));
        assertEquals(new Celsius(65), limits.roomMaximum());
        assertEquals(4186 * 100, limits.airCapacityJoulesPerKelvin(), 1);
    }

    private static final String TANK = """
            tariff: {kind: flat, price: 0.3}
            tanks:
              - id: tank
                litres: 200
                disinfection: {celsius: 60, everyDays: 7}
                thermometer: {kind: shelly, address: 127.0.0.1}
            heaters:
              - id: immersion
                kind: element
                watts: 2000
                plug: {kind: shelly, address: "127.0.0.1:81", ratingWatts: 2500}
            """;

    @Test
    void aTankThatIsDisinfectedMayGetHotEnoughAndHasWhatHeatsItSoFar() {
        var tank = assertInstanceOf(Tank.class, read(TANK).rooms().getFirst());
        assertEquals(70, tank.maximumCelsius());
        assertEquals(120, tank.spec().litresPerDay(), "of three people");
        assertEquals(
                Duration.ofDays(7), tank.spec().disinfection().orElseThrow().every());
        var low = mistakes(TANK.replace("litres: 200", "litres: 200\n    maximum: 62"));
        assertTrue(
                low.contains("tanks[0].maximum: 62: with disinfection at 60.0 °C, 64.0 °C or more is accepted"), low);
        var cool = mistakes(TANK + "    waterCelsius: 58\n");
        assertTrue(cool.contains("disinfection of tank takes an element"), cool);
        var never = mistakes(TANK.replace("everyDays: 7", "everyDays: 400"));
        assertTrue(never.contains("tanks[0].disinfection.everyDays: 400: a whole number from 1 to 31"), never);
    }

    @Test
    void dayAndNightHaveTheirPrices() {
        var setup = read(GOOD.replace("{kind: flat, price: 0.3}", "{kind: day-night, day: 0.32, night: 0.2}"));
        assertEquals(
                0.2, assertInstanceOf(DayNight.class, setup.tariff()).night().value());
    }

    @Test
    void anEmptyFileAndOneThatIsNoYamlAreRefused() {
        assertTrue(mistakes("").contains("empty"));
        assertTrue(mistakes("a: [").contains("not YAML"));
        assertTrue(assertThrows(HeaterMistakes.class, () -> HeaterFile.read(Path.of("no-such-file.yaml")))
                .getMessage()
                .contains("there is no such file"));
    }

    @Test
    void anotherCurrencyNeedsAPriceOfBitcoinAndNoEuropeanMarket() {
        var told = mistakes("currency: USD\n" + GOOD.replace("{kind: flat, price: 0.3}", "{kind: market, zone: BE}"));
        assertTrue(told.contains("with currency USD one of flat, day-night is accepted"), told);
        assertTrue(told.contains("mining: missing; with currency USD, bitcoinPrice in it"), told);
    }

    private static List<String> adviceOfTank(int litres, int watts, String more) {
        var setup = read("""
                zone: UTC
                tariff: {kind: flat, price: 0.3}
                circuits: [{id: flat, watts: 1000}]
                tanks:
                  - {id: tank, litres: %d, thermometer: {kind: shelly, address: 127.0.0.1}}
                heaters:
                  - id: immersion
                    room: tank
                    kind: element
                    watts: %d
                    plug: {kind: shelly, address: 127.0.0.1, ratingWatts: 3000}
                """.formatted(litres, watts) + more);
        return SinkAdvice.of(setup, setup.rooms().getFirst(), entry -> Nameplate.of(entry.source()));
    }

    @Test
    void whatAFuseOrAMaximumForbidsIsSaidWithWhatToDo() {
        assertEquals(List.of(), adviceOfTank(200, 1900, ""));
        assertEquals(
                List.of(
                        "immersion draws up to 2420 W (2000 W when the mains are 10 % high), more than the 2300 W of tank's"
                                + " circuitWatts, so it will never heat: say circuitWatts: 2420 or more if the fuse carries that, or take a smaller one"),
                adviceOfTank(200, 2000, ""));
        assertEquals(
                List.of(
                        "immersion draws up to 2420 W (2000 W when the mains are 10 % high), more than the 1000 W of its circuit"
                                + " flat, so it will never heat: say watts: 2420 or more there if the fuse carries that, or take a smaller one"),
                adviceOfTank(200, 2000, "    circuit: flat\n"));
        var small = adviceOfTank(20, 1900, "");
        assertEquals(1, small.size());
        assertTrue(small.getFirst().startsWith("tank will be no warmer than 4"), small.getFirst());
        assertTrue(small.getFirst().contains("What helps: maximum: 7"), small.getFirst());
    }

    /** Its firmware knows levels that heat and no other: without a plug it would heat a room that is too hot. */
    @Test
    void aMachineThatCannotBeSwitchedOffNeedsAPlug() {
        var nano = """
                tariff: {kind: flat, price: 0.3}
                rooms:
                  - {id: study, floorArea: 15, thermometer: {kind: shelly, address: 127.0.0.1}}
                heaters:
                  - {id: nano, kind: nano3s, address: 127.0.0.1, acceptUnprotected: true}
                """;
        var said = mistakes(nano);
        assertTrue(said.contains("heaters[0].plug: missing; the plug that it hangs on"), said);
        read(nano.replace("nano3s", "mini3"));
    }

    /** Nothing could be wished of such a room that the governor would not stop. */
    @Test
    void aRoomTooSmallForItsHeatersIsAMistake() {
        var closet = GOOD.replace("floorArea: 30", "floorArea: 5");
        var said = mistakes(closet);
        assertEquals(1, said.lines().count(), said);
        assertTrue(
                said.startsWith("heater.yaml, line 5, rooms[0].maximum: with 28 °C at most no setpoint is possible: its"
                        + " heaters could add 23.1 K before their power is certainly gone; 31 °C or more is accepted"
                        + " with them, else heaters of less power or more floorArea"),
                said);
        read(closet.replace("floorArea: 5", "floorArea: 5\n    maximum: 31"));
    }

    /** After a power cut a router may start later than this program. */
    @Test
    void aDeviceWhoseNameIsNotKnownYetIsNoMistake() {
        var setup = read(GOOD.replace("address: 127.0.0.1:8080", "address: miner.invalid:8080"));
        assertEquals(
                List.of("miner.invalid"),
                setup.hosts()
                        .filter(InetSocketAddress::isUnresolved)
                        .map(InetSocketAddress::getHostString)
                        .toList());
        try (var heater = ((HomeSetup.Network) setup.heaters().getFirst().source())
                .kind()
                .create(((HomeSetup.Network) setup.heaters().getFirst().source()).settings())) {
            var fault = assertThrows(DeviceException.class, heater::read);
            assertEquals(DeviceException.Kind.UNREACHABLE, fault.kind(), fault.getMessage());
        }
    }

    /** Two rooms, each with a heater and the words of a thermostat. */
    private static String two(String one, String other, String first, String second) {
        return """
                tariff: {kind: flat, price: 0.3}
                mqtt: {host: 127.0.0.1}
                homeAssistant: {discovery: false, address: 127.0.0.1, token: abc}
                rooms:
                  - {id: living, floorArea: 300, thermometer: {kind: shelly, address: 127.0.0.9}%s}
                  - {id: bed, floorArea: 300, thermometer: {kind: shelly, address: 127.0.0.9}%s}
                heaters:
                  - {id: one, room: living, %s}
                  - {id: two, room: bed, %s}
                """.formatted(first, second, one, other);
    }

    private static String element(String plug) {
        return "kind: element, watts: 400, plug: {" + plug + ", ratingWatts: 2500}";
    }

    /** Each heater's loop would undo what the other's commands. */
    @Test
    void whatTwoHeatersWouldCommandIsOneMistakeThatNamesBothLines() {
        var levels = ", levels: [800], maximumWatts: 900, acceptUnprotected: true";
        for (var same : new String[][] {
            {
                element("kind: shelly, address: 127.0.0.2"),
                element("kind: tasmota, address: \"127.0.0.2:80\""),
                "plug.address"
            },
            {
                element("kind: shelly, address: Plug.invalid"),
                element("kind: shelly, address: plug.INVALID.:80"),
                "plug.address"
            },
            {
                element("kind: shelly, address: localhost:81"),
                element("kind: shelly, address: \"127.0.0.1:81\""),
                "plug.address"
            },
            {element("kind: tasmota, topic: tasmota_1"), element("kind: tasmota, topic: tasmota_1"), "plug.topic"},
            {
                element("kind: zigbee2mqtt, topic: zigbee2mqtt/plug"),
                element("kind: zigbee2mqtt, topic: zigbee2mqtt/plug, countdown: on-time"),
                "plug.topic"
            },
            {
                "kind: luxos, address: 127.0.0.2" + levels.replace("800", "\"a 800\""),
                "kind: braiins, address: \"127.0.0.2:80\"" + levels,
                "address"
            },
            {"kind: mini3, address: \"127.0.0.2:8080\"", "kind: axeos, address: \"127.0.0.2:8080\"", "address"},
            {"kind: computer", "kind: computer, threads: 1", "kind"},
            {"kind: gpu", "kind: gpu, card: 0", "card"},
            {"kind: gpu, card: 1", "kind: gpu, card: 01", "card"},
            {"kind: gpu, card: GPU-8F6C0F3E-0000", "kind: gpu, card: GPU-8f6c0f3e-0000", "card"},
        }) {
            var said = mistakes(two(same[0], same[1], "", ""));
            assertEquals(1, said.lines().count(), said);
            assertTrue(said.startsWith("heater.yaml, line 9, heaters[1]." + same[2] + ": "), said);
            var before = same[2].equals("card") && !same[0].contains("card") ? "kind" : same[2];
            assertTrue(said.contains(": named in line 8, heaters[0]." + before + ", already; a "), said);
        }
        var machineAsPlug =
                mistakes(two("kind: mini3, address: 127.0.0.2", element("kind: shelly, address: 127.0.0.2"), "", ""));
        assertTrue(
                machineAsPlug.contains("line 9, heaters[1].plug.address: 127.0.0.2: named in line 8"), machineAsPlug);
        var prefixed = mistakes(two(
                element("kind: shelly, address: 127.0.0.2"),
                element("kind: shelly, address: \"http://127.0.0.2\""),
                "",
                ""));
        assertTrue(prefixed.contains("heaters[1].plug.address: http://127.0.0.2: HOST[:PORT]"), prefixed);
    }

    @Test
    void whatIsDifferentMayStandAtOneAddressOrBroker() {
        for (var different : new String[][] {
            {element("kind: shelly, address: 127.0.0.2:81"), element("kind: shelly, address: 127.0.0.2:82")},
            {element("kind: tasmota, topic: plug"), element("kind: tasmota, topic: Plug")},
            {element("kind: tasmota, topic: plug"), element("kind: zigbee2mqtt, topic: plug")},
            {"kind: gpu, card: 0", "kind: gpu, card: 1"},
            {"kind: computer", element("kind: shelly, address: 127.0.0.9")},
        })
            assertEquals(
                    2, read(two(different[0], different[1], "", "")).heaters().size());
    }

    @Test
    void aThermostatIsCommandedByOneRoomAlone() {
        var one = element("kind: shelly, address: 127.0.0.2");
        var other = element("kind: shelly, address: 127.0.0.3");
        var boiler = ", capacityWatts: 4000, efficiency: 0.9, fuelPrice: 0.1";
        for (var said : new String[][] {
            {"kind: boiler, entity: climate.home", "entity: climate.home"},
            {"kind: otgw, address: 127.0.0.5", "address: 127.0.0.5"}
        }) {
            var reads = ", primary: {" + said[0] + boiler + "}";
            var commands = reads.replace("}", ", command: true}");
            var twice = mistakes(two(one, other, commands, commands));
            var key = said[1].replaceAll(":.*", "");
            assertEquals(
                    "heater.yaml, line 6, rooms[1].primary." + said[1] + ": named in line 5, rooms[0].primary." + key
                            + ", already; with command: true a thermostat of one room alone is accepted",
                    twice.strip());
            read(two(one, other, commands, reads));
        }
    }

    @Test
    void aSecondThermometerIsNotTheFirstOne() {
        var one = element("kind: shelly, address: 127.0.0.2");
        var other = element("kind: shelly, address: 127.0.0.3");
        var second = ", secondThermometer: {kind: shelly, address: \"127.0.0.%s:80\", password: word}";
        var said = mistakes(two(one, other, "", second.formatted("9")));
        assertTrue(
                said.startsWith(
                        "heater.yaml, line 6, rooms[1].secondThermometer: it is the one in line 6, rooms[1].thermometer"),
                said);
        read(two(one, other, second.formatted("8"), second.formatted("8")));
    }

    @Test
    void anIdOfTwoThingsNamesBothLines() {
        var said = mistakes(GOOD.replace("id: rack", "id: living"));
        assertTrue(
                said.contains(
                        "heaters[0].id: living: named in line 5, rooms[0].id, already; a name of one thing alone"),
                said);
    }

    @Test
    void levelsAreToldAsTheyAreWritten() {
        for (var wrong : new String[][] {
            {"whatsminer-v2", "[800, 1200]"},
            {"whatsminer-v3", "[\"60% of 800\", 1200]"},
            {"vnish", "[800, 1200]"},
            {"vnish", "[eco 800, fast 1200]"},
            {"luxos", "[290MHz 800, 400MHz 1200]"},
            {"antminer", "[800, 1200]"}
        }) {
            var said = mistakes(two(
                    "kind: " + wrong[0] + ", address: 127.0.0.2, acceptUnprotected: true, maximumWatts: 1000, levels: "
                            + wrong[1],
                    "kind: computer",
                    "",
                    ""));
            assertTrue(said.contains("heaters[0].levels: ") && said.contains("800") && said.contains("1200"), said);
            assertFalse(said.contains("=") || said.contains("Level["), said);
        }
    }

    @Test
    void whatIsNoListIsOneMistake() {
        var rooms =
                mistakes("tariff: {kind: flat, price: 0.3}\nrooms: 5\nheaters: [{id: a, kind: computer, room: b}]\n");
        assertEquals(1, rooms.lines().count(), rooms);
        assertTrue(rooms.contains("line 2, rooms: 5: a list of "), rooms);
        for (var heaters : new String[] {"{id: x}", "5", "[5]"}) {
            var said = mistakes(GOOD.substring(0, GOOD.indexOf("heaters:")) + "heaters: " + heaters + "\n");
            assertEquals(1, said.lines().count(), said);
            assertTrue(said.contains(", heaters"), said);
        }
        for (var none : new String[] {"", "heaters: []\n"})
            assertTrue(
                    mistakes(GOOD.substring(0, GOOD.indexOf("heaters:")) + none).contains("heaters: missing"));
    }
}
