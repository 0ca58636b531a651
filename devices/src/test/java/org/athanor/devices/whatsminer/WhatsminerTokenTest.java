package org.athanor.devices.whatsminer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Vectors by OpenSSL: {@code passwd -1 -salt BQ5hoXV9 admin}, and {@code enc -aes-256-ecb -nopad}. */
class WhatsminerTokenTest {
    private static final WhatsminerToken TOKEN = WhatsminerToken.of("admin", "BQ5hoXV9", "4521", "jbzkfQls");

    @Test
    void keyAndSignAreThoseOfOpenssl() {
        assertEquals("RxmaDUO33TS7O26yeMHZ81", TOKEN.key());
        assertEquals("2YYdQoBVCd7ew1.sxvS8P.", TOKEN.sign());
    }

    @Test
    void aCommandIsHiddenAsByOpenssl() {
        var plain = "{\"cmd\":\"power_off\",\"token\":\"abc\"}";
        var hidden = "p/QzYk8jszmQrR9dnOEVtbWdixCEXv1S64Ig5n+7d/wAemWrnNim9Sh/ybbgrzgY";
        assertEquals(hidden, TOKEN.encrypt(plain));
        assertEquals(plain, TOKEN.decrypt(hidden));
    }

    @Property(tries = 50)
    void whatIsHiddenIsFoundAgain(@ForAll @StringLength(min = 1, max = 70) String text) {
        var whole = "{" + text.replace("\0", "") + "}";
        assertEquals(
                whole.replaceAll("[\\ud800-\\udfff]", "?"),
                TOKEN.decrypt(TOKEN.encrypt(whole)).replaceAll("[\\ud800-\\udfff]", "?"));
    }

    @Test
    void theTokenOfVersion3IsTheBeginningOfASha256() {
        assertEquals("ZX5U3WLy", WhatsminerToken.v3("set.miner.service", "athanor", "uhCiDyVj", 1_773_869_570));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "salt too long", "ab$c"})
    void whatIsNoSaltIsRefused(String salt) {
        assertThrows(IllegalArgumentException.class, () -> WhatsminerToken.of("admin", salt, "4521", "jbzkfQls"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "AAAA"})
    void whatIsNoWholeBlocksIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> TOKEN.decrypt(text));
    }

    @Test
    void itStaysOutOfMessages() {
        assertFalse(TOKEN.toString().contains(TOKEN.key()) || TOKEN.toString().contains(TOKEN.sign()));
    }
}
