package org.athanor.devices.cgminer;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonRepairTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String WHOLE = """
            {"STATUS":[{"STATUS":"S","When":1765004144,"Code":70,"Msg":"CGMiner stats"}],\
            "STATS":[{"STATS":0,"Elapsed":975,"Wait":0.0,"MM ID0":"Ver[x] PS[0 1 2]","Flag":true,"Gone":null},{"a":-1.5e3}],"id":1}""";

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', textBlock = """
            {"a":1,}                  ~ {"a":1}
            {"a":[1,2,],}             ~ {"a":[1,2]}
            {"a":[{"b":1}{"c":2}]}    ~ {"a":[{"b":1},{"c":2}]}
            {"a":[,{"b":1}]}          ~ {"a":[{"b":1}]}
            {"a":1,,"b":2}            ~ {"a":1,"b":2}
            {"a":1 "b":2}             ~ {"a":1,"b":2}
            {"a":[1]"b":2}            ~ {"a":[1],"b":2}
            {"a":nan,"b":-inf,"c":Infinity} ~ {"a":null,"b":null,"c":null}
            {"a":,"b":1}              ~ {"a":null,"b":1}
            {"a"}                     ~ {"a":null}
            {"a":1}} trailing         ~ {"a":1}
            {"a":[1}                  ~ {"a":[1]}
            {"a":1]}                  ~ {"a":1}
            {"a":007}                 ~ {"a":"007"}
            {"a":"\\x"}               ~ {"a":"\\\\x"}
            {a:1}                     ~ {"a":1}
            {"a":"x                   ~ {"a":"x"}
            {"a":"x\\                 ~ {"a":"x\\\\"}
            {"a":1,"cut               ~ {"a":1}
            {"a":1,"b":13             ~ {"a":1,"b":null}
            {"a":1,"b":               ~ {"a":1,"b":null}
            {"a":[{"b":1              ~ {"a":[{"b":null}]}
            """)
    void eachKnownMistakeIsMended(String broken, String expected) throws JsonProcessingException {
        var mended = repaired(broken);
        assertEquals(JSON.readTree(expected), JSON.readTree(mended), mended);
    }

    @ParameterizedTest
    @CsvSource({"'{\"a\":\"x\ny\"}'", "'{\"a\":\"x\ty\"}'"})
    void controlCharactersInTextBecomeSpaces(String broken) throws JsonProcessingException {
        assertEquals("x y", JSON.readTree(repaired(broken)).path("a").textValue());
    }

    private static String repaired(String broken) {
        return JsonRepair.mend(broken).json();
    }

    @Test
    void wholeJsonIsNotChanged() throws JsonProcessingException {
        assertEquals(JSON.readTree(WHOLE), JSON.readTree(repaired(WHOLE)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', textBlock = """
            {"a":1,}                  ~ false
            {"a":[{"b":1}{"c":2}]}    ~ false
            {"a":[1}                  ~ false
            {"a":1}} trailing         ~ false
            {"a":1,"b":13             ~ true
            {"a":"x                   ~ true
            {"a":[{"b":1}]            ~ true
            """)
    void whatIsCutIsToldFromWhatIsOnlyBroken(String broken, boolean cut) {
        assertEquals(cut, JsonRepair.mend(broken).cut());
    }

    @Property
    void aReplyCutAnywhereIsJsonAndHasNoNumberThatWasNotThere(@ForAll @IntRange(min = 1, max = 205) int length)
            throws JsonProcessingException {
        var mended = JSON.readTree(repaired(WHOLE.substring(0, Math.min(length, WHOLE.length()))));
        var when = mended.path("STATUS").path(0).path("When");
        if (when.isNumber()) assertEquals(1765004144, when.longValue());
    }

    @Property
    void whateverBeginsAsAnObjectBecomesJson(
            @ForAll
                    @StringLength(max = 60)
                    @Chars({'{', '}', '[', ']', ',', ':', '"', '\\', 'u', '1', '-', 'a', '\n', ' '})
                    String rest) {
        assertDoesNotThrow(() -> JSON.readTree(repaired("{" + rest)), () -> repaired("{" + rest));
    }

    @Property
    void anyTextAfterAnOpenQuoteBecomesJson(@ForAll @StringLength(max = 30) @CharRange(to = '\u00ff') String rest) {
        assertDoesNotThrow(() -> JSON.readTree(repaired("{\"a\":\"" + rest)));
    }
}
