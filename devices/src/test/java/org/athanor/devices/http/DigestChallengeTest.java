package org.athanor.devices.http;

import static org.athanor.devices.testing.Failures.assertMentions;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.athanor.devices.Credentials;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DigestChallengeTest {
    /** The example of RFC 7616, section 3.9.1. */
    @ParameterizedTest
    @CsvSource({
        "MD5, 8ca523f5e9506fed4657c9700eebdbec",
        "SHA-256, 753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"
    })
    void theExampleOfTheRfcIsAnsweredAsItSays(String algorithm, String response) {
        var challenge = DigestChallenge.parse(
                        "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm="
                                + algorithm + ", nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\","
                                + " opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"")
                .orElseThrow();
        var answer = challenge.answer(
                "GET",
                "/dir/index.html",
                new Credentials("Mufasa", "Circle of Life"),
                1,
                "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ");
        for (var part : new String[] {
            "response=\"" + response + "\"",
            "nc=00000001",
            "qop=auth,",
            "uri=\"/dir/index.html\"",
            "opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\""
        }) assertTrue(answer.contains(part), answer);
        assertTrue(!answer.contains("Circle of Life"), answer);
    }

    @Test
    void withoutAProtectionItAnswersAsTheOlderRfc() {
        var answer = DigestChallenge.parse("Digest realm=\"a\", nonce=\"b\"")
                .orElseThrow()
                .answer("GET", "/", new Credentials("root", "root"), 1, "c");
        assertTrue(!answer.contains("nc=") && answer.contains("algorithm=MD5"), answer);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Basic realm=\"x\"",
                "Digest realm=\"x\"",
                "Digest realm=\"x\", nonce=\"y\", algorithm=SHA-512-256",
                "Digest realm=\"x\", nonce=\"y\", qop=\"auth-int\""
            })
    void whatCannotBeAnsweredIsNoChallenge(String header) {
        assertEquals(Optional.empty(), DigestChallenge.parse(header));
    }

    @Test
    void aPasswordStaysOutOfMessages() {
        assertMentions(new IllegalStateException(new Credentials("root", "secret") + "!"), "root!");
    }
}
