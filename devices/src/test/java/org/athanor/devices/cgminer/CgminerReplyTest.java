package org.athanor.devices.cgminer;

import static org.athanor.devices.testing.Failures.assertMentions;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CgminerReplyTest {
    @Test
    void jsonIsRead() {
        var reply = CgminerReply.parse("""
                {"STATUS":[{"STATUS":"S","When":1765004019,"Code":22,"Msg":"CGMiner versions","Description":"cgminer 4.11.1"}],
                 "VERSION":[{"API":"3.7","PROD":"Avalon Nano3s","MODEL":"Nano3s"}],"id":1}""");
        assertEquals('S', reply.status());
        assertEquals(22, reply.code());
        assertEquals(1765004019, reply.when());
        assertFalse(reply.refused());
        assertEquals(Optional.of("Nano3s"), reply.field("VERSION", "MODEL"));
        assertEquals(Optional.empty(), reply.field("VERSION", "DNA"));
    }

    @Test
    void plainTextIsReadAndCommasInBracketsAreNoSeparators() {
        var reply = CgminerReply.parse("STATUS=S,When=6397,Code=70,Msg=CGMiner stats,Description=cgminer 4.11.1|"
                + "STATS=0,ID=AVA100,Elapsed=6354,"
                + "MM ID0=Ver[1066-1] SYSTEMSTATU[Work: In Work, Hash Board: 3 ] WORKMODE[1],MM Count=1|");
        assertEquals(6397, reply.when());
        assertEquals(
                Optional.of("Ver[1066-1] SYSTEMSTATU[Work: In Work, Hash Board: 3 ] WORKMODE[1]"),
                reply.field("STATS", "MM ID0"));
        assertEquals(Optional.of("1"), reply.field("STATS", "MM Count"));
    }

    @Test
    void plainTextMayEscapeItsSeparators() {
        var reply = CgminerReply.parse("STATUS=S,When=1,Code=11,Msg=a\\, b \\| c,Description=x|SUMMARY,Elapsed=5|");
        assertEquals("a, b | c", reply.message());
        assertEquals(Optional.of("5"), reply.field("SUMMARY", "Elapsed"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', textBlock = """
            STATUS=S,When=1052,Code=119,Msg=ASC 0 set OK,Description=cgminer 4.11.1|                       ~ 119 ~ false
            STATUS=I,When=19189,Code=118,Msg=ASC 0 set info: WORKMODE[1],Description=cgminer 4.11.1|       ~ 118 ~ false
            STATUS=E,When=1052,Code=120,Msg=ASC 0 set failed: current mode 0 is caling Don't permit switch mode,Description=c| ~ 120 ~ true
            STATUS=E,When=1052,Code=14,Msg=Invalid command,Description=cgminer 4.11.1|                     ~ 14  ~ true
            STATUS=W,When=1,Code=1,Msg=careful,Description=c|                                              ~ 1   ~ true
            """)
    void errorsAndWarningsAreRefusals(String text, int code, boolean refused) {
        assertEquals(code, CgminerReply.parse(text).code());
        assertEquals(refused, CgminerReply.parse(text).refused());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', textBlock = """
            <html>502 Bad Gateway</html>                       ~ neither JSON nor STATUS=
            {}                                                 ~ no STATUS section
            []                                                 ~ neither JSON nor STATUS=
            {"STATUS":[{"STATUS":"Q","When":1,"Code":1}]}      ~ STATUS is "Q"
            {"STATUS":[{"STATUS":"S","When":"x","Code":1}]}    ~ STATUS.When is "x"
            {"STATUS":[{"STATUS":"S","When":1}]}               ~ STATUS.Code is ""
            STATUS=S                                           ~ STATUS.Code is ""
            STATUX=S,When=1,Code=1                             ~ no STATUS section
            """)
    void whatIsNoReplyIsRefusedSayingWhy(String text, String why) {
        assertMentions(assertThrows(IllegalArgumentException.class, () -> CgminerReply.parse(text)), why);
    }

    @Test
    void brokenJsonIsRepairedOnTheWay() {
        var reply = CgminerReply.parse(
                "{\"STATUS\":[,{\"STATUS\":\"S\",\"When\":1,\"Code\":70,\"Rate\":inf,}]\"STATS\":[{\"a\":1}{\"MM ID0\":\"x\ny\"},],}");
        assertTrue(reply.field("STATS", "MM ID0").isPresent());
    }

    @Test
    void aWhatsminersFlatReplyIsOneToo() {
        var reply = CgminerReply.parse("""
                {"STATUS":"S","When":1773953446,"Code":131,"Msg":{"mineroff":"false","power_limit_set":"3600"},"Description":""}""");
        assertEquals(131, reply.code());
        assertEquals(Optional.of("3600"), reply.field("Msg", "power_limit_set"));
        assertEquals("can't access write cmd (code 45)", CgminerReply.parse("""
                        {"STATUS":"E","When":1,"Code":45,"Msg":"can't access write cmd","Description":""}""").described());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', textBlock = """
            {"STATUS":[{"STATUS":"S","When":1,"Code":7}],"POOLS":[{"URL":"a"}]} ~ true
            {"STATUS":[{"STATUS":"S","When":1,"Code":7,}],"POOLS":[]}           ~ true
            {"STATUS":[{"STATUS":"S","When":1,"Code":7}],"POOLS":[{"URL":"a     ~ false
            STATUS=S,When=1,Code=7,Msg=x|POOL=0,URL=a|                          ~ true
            STATUS=S,When=1,Code=7,Msg=x|POOL=0,UR                              ~ false
            """)
    void aReplyThatWasCutSaysSo(String text, boolean whole) {
        assertEquals(whole, CgminerReply.parse(text).whole());
    }
}
