package org.athanor.devices.mqtt;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where the broker is and how to log in there.
 *
 * @param authority file with the certificate (PEM) that signed the broker's, for one that the JDK does not know; only with TLS
 * @param client its name at the broker, where no two may have the same
 * @param will said by the broker when the connection breaks, and by us when it is closed; retained
 * @param keepAlive after one and a half times this the broker gives up a silent client
 */
public record MqttConfig(
        String host,
        int port,
        boolean tls,
        Optional<Path> authority,
        Optional<String> user,
        Optional<String> password,
        String client,
        Optional<Will> will,
        Duration keepAlive) {
    public static final int PORT = 1883;
    public static final int TLS_PORT = 8883;
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(30);
    /** As much as every broker must take, by the standard's section 3.1.3.1, is 23; all that are in use take more. */
    private static final int LONGEST_CLIENT = 64;

    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}._-]+");
    private static final Pattern CONTROLS = Pattern.compile("\\p{Cntrl}");

    public record Will(String topic, String text) {}

    public MqttConfig {
        host(host);
        if (port < 1 || port > 65_535) throw new IllegalArgumentException("MQTT port " + port + " (1 to 65535)");
        if (authority.isPresent() && !tls)
            throw new IllegalArgumentException("MQTT authority " + authority.get() + " is of use with TLS alone");
        if (password.isPresent() && user.isEmpty())
            throw new IllegalArgumentException("MQTT password without a user (MQTT 3.1.1 knows no such thing)");
        user.ifPresent(MqttConfig::user);
        if (client.isBlank() || client.getBytes(StandardCharsets.UTF_8).length > LONGEST_CLIENT)
            throw new IllegalArgumentException(
                    "MQTT client \"" + client + "\" (1 to " + LONGEST_CLIENT + " bytes are accepted)");
        if (keepAlive.toSeconds() < 1 || keepAlive.toSeconds() > 65_535)
            throw new IllegalArgumentException("MQTT keep-alive " + keepAlive + " (1 to 65535 seconds)");
    }

    /** @throws IllegalArgumentException for what is neither a host's name nor its address alone */
    public static String host(String text) {
        var bare = text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
        try {
            if (bare.contains(":")) InetAddress.ofLiteral(bare);
            else if (!NAME.matcher(text).matches()) throw new IllegalArgumentException("no name");
            return text;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "MQTT host \"" + text + "\" (a name or an address alone, without port and tcp://)", e);
        }
    }

    /** @throws IllegalArgumentException for a user whom the protocol cannot carry */
    public static String user(String name) {
        if (name.isBlank() || CONTROLS.matcher(name).find())
            throw new IllegalArgumentException(
                    "MQTT user \"" + CONTROLS.matcher(name).replaceAll("?") + "\" (a name without line breaks)");
        return name;
    }

    /** Without TLS, user and will. */
    public static MqttConfig plain(String host, int port, String client) {
        return new MqttConfig(
                host,
                port,
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                client,
                Optional.empty(),
                KEEP_ALIVE);
    }

    public MqttConfig withTls(Optional<Path> signer) {
        return new MqttConfig(host, port, true, signer, user, password, client, will, keepAlive);
    }

    public MqttConfig withUser(String name, String secret) {
        return new MqttConfig(
                host, port, tls, authority, Optional.of(name), Optional.of(secret), client, will, keepAlive);
    }

    public MqttConfig withWill(String topic, String text) {
        return new MqttConfig(
                host, port, tls, authority, user, password, client, Optional.of(new Will(topic, text)), keepAlive);
    }

    public MqttConfig withKeepAlive(Duration time) {
        return new MqttConfig(host, port, tls, authority, user, password, client, will, time);
    }

    String url() {
        var literal = host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
        return (tls ? "ssl://" : "tcp://") + literal + ":" + port;
    }

    /** Without the password. */
    @Override
    public String toString() {
        return user.map(name -> name + " at ").orElse("") + url();
    }
}
