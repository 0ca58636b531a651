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
    /** In words: what {@link #topic} accepts. */
    public static final String TOPIC = "letters, digits, _ and -, in parts joined by /,";
    /** In words: what {@link #homeId} accepts. */
    public static final String HOME_ID = "1 to 40 letters, digits, _ and -";

    public HomeAssistantConfig {
        topic(discoveryPrefix);
        topic(baseTopic);
        homeId(homeId);
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

    /** @throws IllegalArgumentException for what cannot begin a topic */
    public static String topic(String text) {
        if (!text.matches("[a-zA-Z0-9_-]+(/[a-zA-Z0-9_-]+)*"))
            throw new IllegalArgumentException("topic \"" + text + "\": " + TOPIC + " are accepted");
        return text;
    }

    /** @throws IllegalArgumentException for a name that topics cannot hold */
    public static String homeId(String text) {
        if (!text.matches("[a-zA-Z0-9_-]{1,40}"))
            throw new IllegalArgumentException("homeId \"" + text + "\": " + HOME_ID + " are accepted");
        return text;
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
