package org.athanor.devices.avalon;

import static org.athanor.devices.testing.Failures.assertMentions;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import java.util.OptionalInt;
import org.athanor.devices.avalon.AvalonTelemetry.Work;
import org.athanor.devices.cgminer.CgminerReply;
import org.athanor.units.Celsius;
import org.athanor.units.Hashrate;
import org.athanor.units.Watts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The strings are ours, in the shapes and with the values that real devices were seen to send. */
class AvalonTelemetryTest {
    private static final String NANO_3S = "Ver[Nano3s-25021401_x] FW[Release] SYSTEMSTATU[Work: In Work, Hash Board: 1]"
            + " Elapsed[10027] DH[2.374%] ITemp[-273] OTemp[65] TMax[95] TAvg[90] TarT[90] Fan1[1520] FanR[33%]"
            + " PS[0 0 27541 4 0 3756 133] GHSspd[6598.84] GHSmm[6783.65] GHSavg[6695.18] SoftOFF[0]"
            + " PVT_T0[ 85  91  91] WORKMODE[2] WORKLEVEL[0] MPO[133] CALIALL[7] ADJ[1]";
    private static final String Q_STANDBY =
            "'STATS':{Ver[Q-25052801_x] STATE[2] SYSTEMSTATU[Work: In Idle, Hash Board: 1]"
                    + " ITemp[24] HBITemp[32] TMax[0] TAvg[0] TarT[65] Fan1[0] Fan2[0] Fan3[0] Fan4[0] FanR[0%] FanErr[0]"
                    + " PS[0 1216 1 0 0 2243 17] GHSspd[0.00] GHSmm[56112.38] GHSavg[70967.01] SoftOFF[4] WORKMODE[0]"
                    + " WORKLEVEL[0] MPO[800] Nonce Mask[25]}";
    private static final String MINIMAL = "SYSTEMSTATU[Work: In Work, Hash Board: 1] WORKMODE[0] SoftOFF[0] ";

    @Test
    void aWorkingNano3sIsUnderstood() {
        assertEquals(
                new AvalonTelemetry(
                        Work.WORK,
                        false,
                        OptionalInt.of(2),
                        OptionalInt.of(0),
                        Optional.of(new Watts(133)),
                        Optional.of(new Celsius(95)),
                        Optional.empty(), // -273 means that there is no sensor
                        OptionalInt.of(1520),
                        Optional.of(Hashrate.parse("6598.84 GH/s")),
                        Optional.empty()),
                AvalonTelemetry.of(NANO_3S, AvalonModel.NANO_3S));
    }

    @Test
    void anIdleQHashesNothingWhateverItsAverageSays() {
        var telemetry = AvalonTelemetry.of(Q_STANDBY, AvalonModel.Q);
        assertEquals(Work.IDLE, telemetry.work());
        assertEquals(true, telemetry.softOff());
        assertEquals(Optional.of(Hashrate.ZERO), telemetry.hashrate());
        assertEquals(Optional.of(new Watts(17)), telemetry.power());
        assertEquals(Optional.empty(), telemetry.chip());
        assertEquals(Optional.of(new Celsius(24)), telemetry.inlet());
        assertEquals(OptionalInt.of(0), telemetry.fanRpm());
    }

    @ParameterizedTest
    @CsvSource({"MM ID0", "MM ID0:Summary"})
    void theStringIsFoundUnderBothItsNames(String key) {
        var reply = CgminerReply.parse(
                "{\"STATUS\":[{\"STATUS\":\"S\",\"When\":1,\"Code\":70}],\"STATS\":[{\"ID\":\"AVALON0\",\"" + key
                        + "\":\"" + NANO_3S + "\"},{\"ID\":\"POOL0\"}]}");
        assertEquals(AvalonTelemetry.of(NANO_3S, AvalonModel.NANO_3S), AvalonTelemetry.of(reply, AvalonModel.NANO_3S));
    }

    @Test
    void keysMayHoldSpaces() {
        assertEquals("25", AvalonTelemetry.fields(Q_STANDBY).get("Nonce Mask"));
        assertEquals("Q-25052801_x", AvalonTelemetry.fields(Q_STANDBY).get("Ver"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            fields                                              | watts | whose
            PS[0 1218 2091 36 755 2090 839]                     |   839 | Mini 3
            PS[0 1217 1279 221 2834 1280]                       |  2834 | A10
            PS[0 1217 1279 221 2834]                            |  2834 | five items
            PS[0 1209 1187 297 3526 1188 3731] WALLPOWER[3700]  |  3700 | A15
            """)
    void powerComesFromTheRightField(String fields, double watts, String whose) {
        assertEquals(
                Optional.of(new Watts(watts)),
                AvalonTelemetry.of(MINIMAL + fields, AvalonModel.A15).power(),
                whose);
    }

    @Test
    void whatTheDeviceDoesNotSayIsEmptyNeverZero() {
        var telemetry = AvalonTelemetry.of(MINIMAL, AvalonModel.NANO_3S);
        assertEquals(Optional.empty(), telemetry.power());
        assertEquals(Optional.empty(), telemetry.chip());
        assertEquals(Optional.empty(), telemetry.hashrate());
        assertEquals(OptionalInt.empty(), telemetry.fanRpm());
    }

    @Test
    void faultsAreReportedInTheDevicesWords() {
        assertEquals(
                Optional.of("fan error 2"),
                AvalonTelemetry.of(MINIMAL + "FanErr[2]", AvalonModel.NANO_3S).fault());
        assertEquals(
                Optional.of("Work: In Fault, Hash Board: 1"),
                AvalonTelemetry.of("SYSTEMSTATU[Work: In Fault, Hash Board: 1] WORKMODE[0]", AvalonModel.NANO_3S)
                        .fault());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            WORKMODE[0]                                                            | no SYSTEMSTATU
            SYSTEMSTATU[Work: In Work, Hash Board: 1]                              | no WORKMODE
            SYSTEMSTATU[Dancing] WORKMODE[0]                                       | SYSTEMSTATU[Dancing]
            SYSTEMSTATU[Work: In Work] WORKMODE[two]                               | WORKMODE[two] is not a number
            SYSTEMSTATU[Work: In Work] WORKMODE[0] PS[0 0 0 0 0 0 99999]           | 99999.0 W
            SYSTEMSTATU[Work: In Work] WORKMODE[0] PS[0 0 0 0 0 0 -5]              | -5.0 W
            SYSTEMSTATU[Work: In Work] WORKMODE[0] TMax[3000]                      | TMax[3000.0]
            SYSTEMSTATU[Work: In Work] WORKMODE[0] GHSspd[nan]                     | GHSspd[nan] is not a number
            """)
    void whatCannotBeTrueIsRefusedNamingTheField(String mm, String why) {
        assertMentions(
                assertThrows(IllegalArgumentException.class, () -> AvalonTelemetry.of(mm, AvalonModel.NANO_3S)), why);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, nullValues = "-", textBlock = """
            model   | mode | level | heaterLevel
            MINI_3  |    2 |     0 | 1
            MINI_3  |    2 |    -1 | 1
            MINI_3  |    0 |    -1 | 2
            MINI_3  |    0 |     0 | 3
            MINI_3  |    1 |    -1 | 2
            MINI_3  |    1 |     0 | 3
            MINI_3  |    7 |     0 | -
            MINI_3  |    0 |     4 | -
            MINI_3  |    0 |     - | -
            MINI_3  |    2 |     - | 1
            NANO_3S |    0 |     0 | 1
            NANO_3S |    1 |     0 | 2
            NANO_3S |    2 |     5 | 3
            NANO_3S |    3 |     0 | -
            NANO_3  |    - |     0 | 1
            NANO_3  |    1 |     2 | 3
            NANO_3  |    - |     - | -
            Q       |    1 |     0 | 2
            Q       |    3 |     0 | -
            A15     |    - |     - | 1
            """)
    void registersMeanLevels(AvalonModel model, Integer mode, Integer level, Integer heaterLevel) {
        assertEquals(
                heaterLevel == null ? OptionalInt.empty() : OptionalInt.of(heaterLevel),
                model.levelOf(register(mode), register(level)));
    }

    private static OptionalInt register(Integer value) {
        return value == null ? OptionalInt.empty() : OptionalInt.of(value);
    }

    @Test
    void aNano3OfTheNewerFirmwareSaysItInOtherWords() {
        var telemetry = AvalonTelemetry.of(
                "HashStatus[1] Ver[nano3-25103101_x] Elapsed[40600] Temp[54] OTemp[46] TMax[95] TAvg[91] TarT[90]"
                        + " Fan1[5280] FanR[75%] GHSspd[4115.12] PS[0 0 0 4 2756 126 330] WORKLEVEL[2]",
                AvalonModel.NANO_3);
        assertEquals(Work.WORK, telemetry.work());
        assertEquals(Optional.of(new Watts(126)), telemetry.power(), "330 W it cannot draw");
        assertEquals(OptionalInt.of(3), AvalonModel.NANO_3.levelOf(telemetry.workMode(), telemetry.workLevel()));
        assertEquals(Optional.empty(), telemetry.inlet(), "54 degrees are not of the air it takes in");
        assertEquals(
                Optional.of(new Watts(80)),
                AvalonTelemetry.of(MINIMAL + "WORKLEVEL[0] PS[0 0 18000 4 0 5000 80]", AvalonModel.NANO_3)
                        .power());
    }

    @Test
    void anA15HasNoModeButAnInletSensorAndItsOwnFieldForTheWall() {
        var telemetry = AvalonTelemetry.of(
                "Ver[15-194-24102401_x] SYSTEMSTATU[Work: In Work, Hash Board: 3 ] Temp[31] TMax[78] TAvg[70] Fan1[4275]"
                        + " Fan2[4282] PS[0 1209 1187 297 3526 1188 3731] WALLPOWER[3731] GHSspd[199241.07] SoftOFF[0]",
                AvalonModel.A15);
        assertEquals(Optional.of(new Watts(3731)), telemetry.power());
        assertEquals(Optional.of(new Celsius(31)), telemetry.inlet());
        assertEquals(OptionalInt.of(4282), telemetry.fanRpm());
        assertEquals(OptionalInt.of(1), AvalonModel.A15.levelOf(telemetry.workMode(), telemetry.workLevel()));
    }

    @ParameterizedTest
    @CsvSource({"MINI_3, WORKLEVEL", "Q, SoftOFF", "A15, SoftOFF", "NANO_3S, WORKMODE", "NANO_3, WORKLEVEL"})
    void aTextThatWasCutBeforeWhatMattersIsRefused(AvalonModel model, String missing) {
        var cut = "SYSTEMSTATU[Work: In Idle, Hash Board: 1]" + (missing.equals("WORKMODE") ? "" : " WORKMODE[0]");
        assertMentions(
                assertThrows(IllegalArgumentException.class, () -> AvalonTelemetry.of(cut, model)), "no " + missing);
    }

    @ParameterizedTest
    @CsvSource(useHeadersInDisplayName = true, textBlock = """
            reported,           model
            nano3,              NANO_3
            Avalonnano,         NANO_3
            Nano3s,             NANO_3S
            Avalon Nano3s,      NANO_3S
            Mini3,              MINI_3
            Avalon Mini3,       MINI_3
            Q,                  Q
            Avalon Q,           Q
            15-194,             A15
            AvalonMiner 15-194, A15
            """)
    void eachProductIsOneModel(String reported, AvalonModel model) {
        for (var each : AvalonModel.values()) assertEquals(each == model, each.isProduct(reported), each.title());
        assertEquals(Optional.of(model), AvalonModel.ofProduct(reported));
        assertEquals(Optional.empty(), AvalonModel.ofProduct("Avalon 921"));
    }
}
