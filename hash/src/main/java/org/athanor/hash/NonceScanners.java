package org.athanor.hash;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/** The scanners of this module, and those that other modules provide. */
public final class NonceScanners {
    private static final NonceScanner PLAIN = new PlainScanner();
    private static final NonceScanner DIGEST = new DigestScanner();

    /** Should a provider's file be broken in such a way that the search for the next never ends. */
    private static final int MOST_FAILURES = 100;

    /**
     * What runs here.
     *
     * @param missing why others do not, one line each: a processor without their instructions, or a Java machine that
     *     was started without the module that they need
     */
    public record Available(List<NonceScanner> scanners, List<String> missing) {
        public Available {
            scanners = List.copyOf(scanners);
            missing = List.copyOf(missing);
        }
    }

    private NonceScanners() {}

    /** SHA-256 written out in Java: slow, readable, what every other scanner is measured against. */
    public static NonceScanner plain() {
        return PLAIN;
    }

    /** By {@code MessageDigest}, which HotSpot replaces by the processor's SHA instructions where there are any. */
    public static NonceScanner digest() {
        return DIGEST;
    }

    /**
     * What to begin with: at full speed within a second. Without SHA instructions the JDK's own SHA-256 is still no slower
     * than the plain one. Which of {@link #all} is faster, once it is compiled, only measuring tells: {@link WarmUp}.
     */
    public static NonceScanner best() {
        return DIGEST;
    }

    /** This module's scanner of that name: without a look at services, or at modules that they need. */
    public static Optional<NonceScanner> own(String name) {
        return Stream.of(PLAIN, DIGEST)
                .filter(scanner -> scanner.name().equals(name))
                .findFirst();
    }

    /** This module's scanners, then those found as services. Each call looks again and makes new ones of the latter. */
    public static Available all() {
        return available(ServiceLoader.load(NonceScanner.class, NonceScanners.class.getClassLoader())
                .iterator());
    }

    static Available available(Iterator<NonceScanner> services) {
        var scanners = new ArrayList<>(List.of(PLAIN, DIGEST));
        var missing = new ArrayList<String>();
        while (missing.size() < MOST_FAILURES) {
            try {
                if (!services.hasNext()) break;
                scanners.add(services.next());
            } catch (ServiceConfigurationError | LinkageError e) {
                missing.add(reason(e));
            }
        }
        return new Available(scanners, missing);
    }

    private static String reason(Throwable failure) {
        if (failure.getCause() instanceof UnsupportedOperationException e) return e.getMessage();
        return failure.getCause() == null ? failure.toString() : failure + ": " + failure.getCause();
    }
}
