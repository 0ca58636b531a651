package org.athanor.devices.mqtt;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.athanor.devices.http.JsonHttp;
import org.eclipse.paho.client.mqttv3.IMqttActionListener;
import org.eclipse.paho.client.mqttv3.IMqttDeliveryToken;
import org.eclipse.paho.client.mqttv3.IMqttToken;
import org.eclipse.paho.client.mqttv3.MqttAsyncClient;
import org.eclipse.paho.client.mqttv3.MqttCallback;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttTopic;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;

/**
 * One connection to an MQTT broker (3.1.1), shared by all who speak through it. It is made in the background, again and again
 * until it holds, and subscriptions are restored each time. Listeners are called one at a time, on a thread that they must not hold up.
 */
public final class MqttBroker implements AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final Duration LONGEST_RETRY = Duration.ofMinutes(1);
    private static final Duration FAREWELL = Duration.ofSeconds(2);
    /** So that a thousand homes do not fall upon a broker that comes back at the same moment. */
    private static final double JITTER = 0.2;

    private static final int AT_LEAST_ONCE = 1;
    /** In the acknowledgement of a subscription: refused. */
    private static final int REFUSED = 0x80;
    /** Sent and not acknowledged yet; what is beyond is refused. */
    private static final int MOST_IN_FLIGHT = 1_000;

    /** The list of all devices of a Zigbee network is the longest that is of interest. */
    private static final int LARGEST_MESSAGE = 1 << 20;

    private static final Pattern TOPIC = Pattern.compile("[^+#\\p{Cntrl}]+");
    private static final int LONGEST_TOPIC = 1_000;

    private final MqttConfig config;
    private final Optional<SSLSocketFactory> sockets;
    private final Duration connectTimeout;
    private final Consumer<String> notes;
    private final List<Subscription> subscriptions = new CopyOnWriteArrayList<>();
    private final List<Runnable> greetings = new ArrayList<>();
    private final Thread connector;
    private volatile Optional<Connection> connection = Optional.empty();
    private volatile Optional<String> trouble = Optional.of("not connected yet");
    private volatile boolean closed;

    /** Ends with {@link #close}. */
    public final class Subscription implements AutoCloseable {
        private final String filter;
        private final Consumer<MqttMessage> listener;

        private Subscription(String filter, Consumer<MqttMessage> listener) {
            this.filter = filter;
            this.listener = listener;
        }

        @Override
        public void close() {
            subscriptions.remove(this);
            if (subscriptions.stream().noneMatch(other -> other.filter.equals(filter)))
                connection.ifPresent(each -> each.unsubscribe(filter));
        }
    }

    private MqttBroker(MqttConfig config, Duration connectTimeout, Consumer<String> notes) {
        this.config = config;
        this.connectTimeout = connectTimeout;
        this.notes = notes;
        this.sockets = config.tls() ? config.authority().map(MqttBroker::trusting) : Optional.empty();
        this.connector = Thread.ofVirtual().name("mqtt-" + config.client()).unstarted(this::keepConnected);
    }

    /**
     * Returns at once; the connection is made in the background.
     *
     * @param notes told in a sentence when trouble begins, changes and ends
     * @throws IllegalArgumentException if the authority's file is no certificate
     */
    public static MqttBroker open(MqttConfig config, Consumer<String> notes) {
        return open(config, CONNECT_TIMEOUT, notes);
    }

    /** @param connectTimeout of one attempt, until the broker has accepted it */
    static MqttBroker open(MqttConfig config, Duration connectTimeout, Consumer<String> notes) {
        var broker = new MqttBroker(config, connectTimeout, notes);
        broker.connector.start();
        return broker;
    }

    /** @throws IllegalArgumentException if the file cannot be read, or holds no certificate */
    public static Path authority(Path file) {
        trusting(file);
        return file;
    }

    /** @throws IllegalArgumentException for what is no topic of one device: a pattern, or with line breaks */
    public static String topic(String text) {
        if (!isTopic(text))
            throw new IllegalArgumentException("MQTT topic " + JsonHttp.quote(text) + " (1 to " + LONGEST_TOPIC
                    + " characters without +, # and line breaks)");
        return text;
    }

    static boolean isTopic(String text) {
        return !text.isBlank()
                && text.length() <= LONGEST_TOPIC
                && TOPIC.matcher(text).matches();
    }

    private static SSLSocketFactory trusting(Path authority) {
        try (var file = Files.newInputStream(authority)) {
            var store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int count = 0;
            for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(file))
                store.setCertificateEntry("authority-" + count++, certificate);
            if (count == 0) throw new IllegalArgumentException("MQTT authority " + authority + " holds no certificate");
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            var context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context.getSocketFactory();
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "MQTT authority " + authority + ": " + e + " (a certificate in PEM form is accepted)", e);
        }
    }

    /** @return whether it is connected within that time */
    public boolean awaitConnection(Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!connected()) {
            if (System.nanoTime() - deadline > 0) return false;
            Thread.sleep(50);
        }
        return true;
    }

    public boolean connected() {
        return connection.isPresent();
    }

    /** Why there is no connection, in words; empty while there is one. */
    public Optional<String> trouble() {
        return trouble;
    }

    /**
     * Hears what arrives on {@code filter}, from now on and after every reconnection.
     *
     * @param filter a topic, or a pattern with {@code +} and {@code #}
     * @throws IllegalArgumentException for a filter that the standard forbids
     */
    public Subscription subscribe(String filter, Consumer<MqttMessage> listener) {
        MqttTopic.validate(filter, true);
        var subscription = new Subscription(filter, listener);
        subscriptions.add(subscription);
        connection.ifPresent(each -> each.subscribe(filter));
        return subscription;
    }

    /** Runs after each connection was made and all subscriptions were asked for; at once, too, if there is one now. */
    public void whenConnected(Runnable greeting) {
        synchronized (greetings) {
            greetings.add(greeting);
            if (connection.filter(each -> each.greeted).isPresent()) greet(greeting);
        }
    }

    private void greet(Runnable greeting) {
        try {
            greeting.run();
        } catch (RuntimeException e) {
            notes.accept("MQTT " + config + ": after connecting: " + e);
        }
    }

    /**
     * Hands a message over for delivery; it is sent again until the broker has it, as long as the connection holds.
     *
     * @param retained whether the broker keeps it for those who come later; an empty one makes it forget
     * @return false if there is no connection, or too much waits already
     */
    public boolean publish(String topic, String text, boolean retained) {
        var held = connection;
        return held.isPresent() && held.get().publish(topic, text, retained).isPresent();
    }

    // ---- the connection

    private void keepConnected() {
        int failures = 0;
        while (!closed) {
            var attempt = new Connection();
            try {
                attempt.open();
                failures = 0;
                attempt.lost.await();
                if (!closed) said("connection lost: " + attempt.cause);
            } catch (MqttException e) {
                if (!closed) said(reason(e));
            } catch (InterruptedException e) {
                break; // closing
            } finally {
                connection = Optional.empty();
                attempt.abandon();
            }
            try {
                if (!closed) Thread.sleep(pause(failures++));
            } catch (InterruptedException e) {
                break;
            }
        }
    }

    private static Duration pause(int failures) {
        var wait = FIRST_RETRY.multipliedBy(1L << Math.min(failures, 6));
        if (wait.compareTo(LONGEST_RETRY) > 0) wait = LONGEST_RETRY;
        double factor = 1 + JITTER * ThreadLocalRandom.current().nextDouble();
        return Duration.ofNanos((long) (wait.toNanos() * factor));
    }

    private void said(String what) {
        var sentence = Optional.of(what);
        if (!sentence.equals(trouble)) notes.accept("MQTT " + config + ": " + what);
        trouble = sentence;
    }

    private String reason(MqttException e) {
        return switch (e.getReasonCode()) {
            case MqttException.REASON_CODE_FAILED_AUTHENTICATION, MqttException.REASON_CODE_NOT_AUTHORIZED ->
                "the broker refuses user and password ("
                        + config.user().map(name -> "user " + name).orElse("none given") + ")";
            case MqttException.REASON_CODE_INVALID_CLIENT_ID ->
                "the broker refuses the client's name " + config.client();
            case MqttException.REASON_CODE_CLIENT_TIMEOUT -> "no answer within " + connectTimeout.toMillis() + " ms";
            default -> e.getCause() == null ? String.valueOf(e.getMessage()) : String.valueOf(e.getCause());
        };
    }

    private void dispatch(MqttMessage message) {
        for (var subscription : subscriptions) {
            if (!MqttTopic.isMatched(subscription.filter, message.topic())) continue;
            try {
                subscription.listener.accept(message);
            } catch (RuntimeException e) { // a listener's trouble must not cost the others their messages
                notes.accept("MQTT " + config + ": a message on " + message.topic() + " was not understood: " + e);
            }
        }
    }

    /** One life of the client: a new one for each attempt leaves nothing behind of one that half failed. */
    private final class Connection implements MqttCallback {
        private final CountDownLatch lost = new CountDownLatch(1);
        private volatile String cause = "closed";
        private MqttAsyncClient client;
        private volatile boolean greeted;
        private boolean stillConnecting;

        void open() throws MqttException, InterruptedException {
            client = new MqttAsyncClient(config.url(), config.client(), new MemoryPersistence());
            client.setCallback(this);
            try {
                client.connect(options()).waitForCompletion(connectTimeout.toMillis());
            } catch (MqttException e) {
                if (e.getCause() instanceof InterruptedException) stillConnecting = true;
                throw e;
            }
            connection = Optional.of(this);
            for (var filter :
                    subscriptions.stream().map(each -> each.filter).distinct().toList()) subscribe(filter);
            if (trouble.isPresent()) notes.accept("MQTT " + config + ": connected");
            trouble = Optional.empty();
            synchronized (greetings) {
                greeted = true;
                for (var greeting : greetings) greet(greeting);
            }
        }

        private MqttConnectOptions options() {
            var options = new MqttConnectOptions();
            options.setMqttVersion(MqttConnectOptions.MQTT_VERSION_3_1_1);
            options.setCleanSession(true); // what happened meanwhile is told by retained messages, or is too old
            options.setAutomaticReconnect(false);
            options.setConnectionTimeout((int) Math.max(1, connectTimeout.toSeconds()));
            options.setKeepAliveInterval((int) config.keepAlive().toSeconds());
            options.setMaxInflight(MOST_IN_FLIGHT);
            config.user().ifPresent(options::setUserName);
            config.password().ifPresent(secret -> options.setPassword(secret.toCharArray()));
            config.will()
                    .ifPresent(will -> options.setWill(
                            will.topic(), will.text().getBytes(StandardCharsets.UTF_8), AT_LEAST_ONCE, true));
            sockets.ifPresent(options::setSocketFactory);
            return options;
        }

        void subscribe(String filter) {
            try {
                client.subscribe(filter, AT_LEAST_ONCE, null, new IMqttActionListener() {
                    @Override
                    public void onSuccess(IMqttToken token) {
                        var granted = token.getGrantedQos();
                        if (granted.length > 0 && granted[0] == REFUSED)
                            notes.accept("MQTT " + config + ": the broker does not let us hear " + filter);
                    }

                    @Override
                    public void onFailure(IMqttToken token, Throwable why) {
                        notes.accept("MQTT " + config + ": subscribing to " + filter + " failed: " + why);
                    }
                });
            } catch (MqttException e) {
                notes.accept("MQTT " + config + ": subscribing to " + filter + " failed: " + reason(e));
            }
        }

        void unsubscribe(String filter) {
            try {
                client.unsubscribe(filter);
            } catch (MqttException e) {
                notes.accept("MQTT " + config + ": unsubscribing from " + filter + " failed: " + reason(e));
            }
        }

        Optional<IMqttDeliveryToken> publish(String topic, String text, boolean retained) {
            try {
                return Optional.of(
                        client.publish(topic, text.getBytes(StandardCharsets.UTF_8), AT_LEAST_ONCE, retained));
            } catch (MqttException e) {
                notes.accept("MQTT " + config + ": a message on " + topic + " was not sent: " + reason(e));
                return Optional.empty();
            }
        }

        @Override
        public void connectionLost(Throwable why) {
            cause = why instanceof MqttException e ? reason(e) : String.valueOf(why);
            connection = Optional.empty();
            lost.countDown();
        }

        @Override
        public void messageArrived(String topic, org.eclipse.paho.client.mqttv3.MqttMessage message) {
            if (message.getPayload().length > LARGEST_MESSAGE) {
                notes.accept("MQTT " + config + ": a message of " + message.getPayload().length + " bytes on " + topic
                        + " is ignored (at most " + LARGEST_MESSAGE + ")");
                return;
            }
            dispatch(new MqttMessage(
                    topic, new String(message.getPayload(), StandardCharsets.UTF_8), message.isRetained()));
        }

        @Override
        public void deliveryComplete(IMqttDeliveryToken token) {}

        /** A close in good order does not make the broker say the will, so it is said before. */
        void leave() {
            try {
                var will = config.will();
                if (will.isPresent()) {
                    var sent = publish(will.get().topic(), will.get().text(), true);
                    if (sent.isPresent()) sent.get().waitForCompletion(FAREWELL.toMillis());
                }
                client.disconnect(FAREWELL.toMillis()).waitForCompletion(FAREWELL.toMillis());
            } catch (MqttException e) {
                notes.accept("MQTT " + config + ": leaving: " + reason(e));
            }
            lost.countDown();
        }

        /** A client that is left while it connects would start its threads afterwards: it is waited for, by nobody else. */
        void abandon() {
            if (client == null) return;
            client.setCallback(null);
            if (!stillConnecting) {
                dispose();
                return;
            }
            Thread.ofVirtual().name("mqtt-leaving-" + config.client()).start(() -> {
                try {
                    Thread.sleep(connectTimeout);
                } catch (InterruptedException _) {
                    // nobody does; and it is to be disposed of in any case
                }
                dispose();
            });
        }

        private void dispose() {
            try {
                client.disconnectForcibly(0, 0, false); // one that only began to connect has threads too
            } catch (MqttException _) {
                // it was of no use any more
            }
            try {
                client.close(true);
            } catch (MqttException _) {
                // as above
            }
        }
    }

    /** Says the will and goes, within a few seconds. */
    @Override
    public void close() {
        if (closed) return;
        closed = true;
        connection.ifPresent(Connection::leave);
        connector.interrupt();
        try {
            if (!connector.join(Duration.ofNanos(TimeUnit.SECONDS.toNanos(5))))
                notes.accept("MQTT " + config + ": the connection does not end");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
