package org.athanor.cli;

import java.io.PrintStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.athanor.stratum.PoolAddress;
import org.athanor.stratum.PoolTrust;
import org.athanor.stratum.UpstreamPool;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Options of a pool that is a proxy for other pools. */
final class UpstreamOptions {
    static final String PASSWORD_VARIABLE = "ATHANOR_UPSTREAM_PASSWORD";

    /** What miners send where a pool asks for no password. */
    private static final String NO_PASSWORD = "x";

    private static final Pattern FORM = Pattern.compile("(stratum\\+(?:tcp|ssl)://)(.*)@([^@]*)");
    private static final String ACCEPTED =
            "accepted is stratum+tcp://USER@HOST:PORT or stratum+ssl://USER@HOST:PORT, with :PASSWORD after the user if"
                    + " need be (special characters as %XX)";

    @ArgGroup(exclusive = false, multiplicity = "0..*")
    private List<One> upstreams = new ArrayList<>();

    /** One pool; what follows its address is about it. */
    private static final class One {
        @Option(
                names = "--upstream",
                required = true,
                paramLabel = "URL",
                description = {
                    "Be a proxy: all miners work for this pool over one connection. stratum+tcp://USER@HOST:PORT, or"
                            + " stratum+ssl:// for TLS. The password comes from " + PASSWORD_VARIABLE
                            + " in the environment, or stands in the URL as USER:PASSWORD@, where others may read it"
                            + " (default: x). Repeat it for pools to fall back to, the most preferred first."
                })
        private String url;

        @Option(
                names = "--upstream-certificate",
                paramLabel = "SHA256",
                description = "The certificate that the --upstream before it must show, whoever made it (default: one"
                        + " that an authority of Java's store gave to its name).")
        private String certificate;
    }

    boolean given() {
        return !upstreams.isEmpty();
    }

    /** @throws ParameterException if they cannot be understood */
    void check(CommandLine command) {
        try {
            if (given()) config();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command, e.getMessage());
        }
    }

    /**
     * Waits for the first of the pools, and says what keeps them away.
     *
     * @param span at most; null for as long as it takes
     * @return empty if the user wants to end before
     */
    Optional<UpstreamPool> connect(CountDownLatch stop, Duration span, PrintStream out) throws InterruptedException {
        if (upstreams.stream().anyMatch(one -> secretInside(one.url)))
            out.println("warning: other users of this computer can read the password in --upstream; better is "
                    + PASSWORD_VARIABLE + " in the environment");
        return new UpstreamStart(config(), stop, span, out).connect();
    }

    private static boolean secretInside(String url) {
        var form = FORM.matcher(url);
        return form.matches()
                && form.group(2).contains(":")
                && !form.group(2).endsWith(":" + NO_PASSWORD)
                && !form.group(2).endsWith(":");
    }

    private UpstreamPool.Config config() {
        var accounts = upstreams.stream().map(UpstreamOptions::account).toList();
        var places = accounts.stream().collect(Collectors.groupingBy(account -> account.place, Collectors.counting()));
        return UpstreamPool.Config.of(accounts.stream()
                .map(account -> account.upstream(places.get(account.place) > 1))
                .toList());
    }

    private record Account(String place, PoolAddress address, String user, String password, Optional<PoolTrust> trust) {
        /** @param shared whether it is another account at the same pool */
        UpstreamPool.Upstream upstream(boolean shared) {
            return new UpstreamPool.Upstream(shared ? user + "@" + place : place, address, user, password, trust);
        }

        @Override
        public String toString() {
            return place; // not the password
        }
    }

    private static Account account(One one) {
        var form = FORM.matcher(one.url);
        // the value is not repeated: it may hold a password
        if (!form.matches()) throw new IllegalArgumentException("--upstream: " + ACCEPTED);
        PoolAddress address;
        try {
            address = PoolAddress.parseWithTls(form.group(1) + form.group(3));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--upstream: " + e.getMessage() + ", with USER@ before the host", e);
        }
        var parts = form.group(2).split(":", 2);
        var user = decode(parts[0]);
        if (user.isBlank()) throw new IllegalArgumentException("--upstream: the user is missing; " + ACCEPTED);
        return new Account(
                (address.host().contains(":") ? "[" + address.host() + "]" : address.host()) + ":" + address.port(),
                address,
                user,
                parts.length == 2 ? decode(parts[1]) : password(),
                trust(one, address));
    }

    private static String password() {
        var password = System.getenv(PASSWORD_VARIABLE);
        return password == null ? NO_PASSWORD : password;
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8); // a plus sign is no space here
        } catch (IllegalArgumentException e) {
            // its message repeats the text
            throw new IllegalArgumentException("--upstream: a % that is none of %00 to %FF; " + ACCEPTED);
        }
    }

    private static Optional<PoolTrust> trust(One one, PoolAddress address) {
        if (!address.tls()) {
            if (one.certificate != null)
                throw new IllegalArgumentException(
                        "--upstream-certificate: " + address + " shows none: accepted is it after stratum+ssl://");
            return Optional.empty();
        }
        if (one.certificate == null) return Optional.of(new PoolTrust.SystemStore());
        try {
            return Optional.of(new PoolTrust.Pinned(one.certificate));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--upstream-certificate: " + e.getMessage(), e);
        }
    }
}
