package org.athanor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeOptionsTest {
    /** Addresses only: nothing is looked up. 192.0.2.0/24 and 2001:db8::/32 are for documents (RFC 5737, 3849). */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        http://127.0.0.1:8332    | false
        http://[::1]:8332        | false
        http://192.168.1.5:8332  | false
        http://10.0.0.5:8332     | false
        http://172.16.0.5:8332   | false
        http://169.254.1.1:8332  | false
        http://[fd00::5]:8332    | false
        http://[fe80::5]:8332    | false
        http://192.0.2.7:8332    | true
        http://[2001:db8::7]:8332 | true
        https://192.0.2.7:8332   | false
        """)
    void whoSendsAPasswordFarInTheClearIsWarned(URI node, boolean warned) {
        assertEquals(warned, NodeOptions.goesUnencryptedFar(node));
    }
}
