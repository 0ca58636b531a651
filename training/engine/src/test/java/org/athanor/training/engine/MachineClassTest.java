package org.athanor.training.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MachineClassTest {
    private static final String ZEN = """
            processor : 0
            vendor_id : AuthenticAMD
            cpu family : 25
            model : 17
            model name : some words
            cpu MHz : 2400.1
            flags : fpu avx avx2 fma rdrand avx512f avx512_bf16

            processor : 1
            vendor_id : AuthenticAMD
            cpu MHz : 3100.7
            """;

    private static String of(String description) {
        return MachineClass.of(
                description, Stream.of("pytorch-2.10.0-1.5.13-linux-x86_64.jar", "pytorch-2.10.0-1.5.13.jar"));
    }

    @Test
    void whatDecidesHowAnEngineRoundsIsNamedAndNothingElse() {
        assertEquals(
                "AuthenticAMD 25 17; avx avx2 avx512_bf16 avx512f fma; pytorch-2.10.0-1.5.13-linux-x86_64", of(ZEN));
        assertEquals(of(ZEN), of(ZEN.replace("2400.1", "800").replace("some words", "others")));
        assertNotEquals(of(ZEN), of(ZEN.replace(" avx512_bf16", "")));
        assertNotEquals(of(ZEN), of(ZEN.replace("model : 17", "model : 1")));
        assertNotEquals(of(ZEN), MachineClass.of(ZEN, Stream.of("pytorch-2.11.0-1.5.14-linux-x86_64.jar")));
        assertNull(of("Processor : ARM\n"));
    }
}
