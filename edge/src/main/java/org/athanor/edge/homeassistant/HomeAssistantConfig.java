package org.athanor.edge.homeassistant;

import java.nio.file.Path;
import java.util.Optional;
import org.athanor.devices.mqtt.MqttConfig;

/**
 * Where Home Assistant's broker is, and under which names this home appears there.
 *
 * @param authority file with the certificate (PEM) that signed the broker's; only with TLS
 * @param discoveryPrefix as set in Home Assistant
 * @param baseTopic above all our own topics
 * @param homeId letters, digits, {@code _} and {@code -}: tells homes at one broker apart
 */
public record HomeAssistantConfig(
        String host,
        int port,
        boolean tls,
        Optional<Path> authority,
        Optional<String> user,
        Optional<String> password,
        String discoveryPrefix,
        String baseTopic,
        String homeId) {
    public static final String DISCOVERY_PREFIX = "homeassistant";
    public static final String BASE_TOPIC = "athanor";

    public HomeAssistantConfig {
        topic("discoveryPrefix", discoveryPrefix);
        topic("baseTopic", baseTopic);
        if (!homeId.matches("[a-zA-Z0-9_-]{1,40}"))
            throw new IllegalArgumentException(
                    "homeId \"" + homeId + "\": 1 to 40 letters, digits, _ and - are accepted");
    }

    /** Without TLS and user, under the usual names. */
    public static HomeAssistantConfig of(String host, int port, String homeId) {
        return new HomeAssistantConfig(
                host,
                port,
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                DISCOVERY_PREFIX,
                BASE_TOPIC,
                homeId);
    }

    public HomeAssistantConfig withUser(String name, String secret) {
        return new HomeAssistantConfig(
                host, port, tls, authority, Optional.of(name), Optional.of(secret), discoveryPrefix, baseTopic, homeId);
    }

    private static void topic(String field, String value) {
        if (!value.matches("[a-zA-Z0-9_-]+(/[a-zA-Z0-9_-]+)*"))
            throw new IllegalArgumentException(
                    field + " \"" + value + "\": letters, digits, _ and -, in parts joined by /, are accepted");
    }

    /** @param purpose end of the client's name: no two at a broker may have the same */
    MqttConfig broker(String purpose) {
        var plain = MqttConfig.plain(host, port, "athanor-" + homeId + purpose);
        var secured = tls ? plain.withTls(authority) : plain;
        return user.map(name -> secured.withUser(name, password.orElse(""))).orElse(secured);
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "home " + homeId + " at " + broker("");
    }
}
