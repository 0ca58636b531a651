package org.athanor.network.training;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;

/**
 * Which S3-compatible store a job keeps its objects in. Who may use it is told by the environment, as AWS's own tools are told.
 *
 * @param bucket    that is there already
 * @param endpoint  {@code https://HOST}; null for Amazon's
 * @param region    as the store calls it
 * @param prefix    of the names of all objects; empty for none
 * @param plainHttp whether the endpoint may be plain HTTP elsewhere than on this computer
 */
public record S3Settings(String bucket, URI endpoint, String region, String prefix, boolean plainHttp) {
    /** Where Amazon began, and what most other stores accept. */
    public static final String USUAL_REGION = "us-east-1";

    /** @throws IllegalArgumentException naming what is accepted instead */
    public S3Settings {
        if (!bucket.matches("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")) {
            throw new IllegalArgumentException("the name of a bucket, but not " + bucket);
        }
        var problem = endpoint == null ? null : problem(endpoint, plainHttp);
        if (problem != null) {
            throw new IllegalArgumentException(problem);
        }
        if (!prefix.matches("[A-Za-z0-9/_.-]*")) {
            throw new IllegalArgumentException("a prefix of letters, digits and / _ . -, but not " + prefix);
        }
    }

    /** What is accepted instead of {@code endpoint}; null when it is accepted. */
    public static String problem(URI endpoint, boolean plainHttp) {
        var plain = "http".equals(endpoint.getScheme());
        var path = endpoint.getPath();
        if (endpoint.getHost() == null
                || !(plain || "https".equals(endpoint.getScheme()))
                || endpoint.getUserInfo() != null
                || endpoint.getQuery() != null
                || !(path == null || path.isEmpty() || path.equals("/"))) {
            return "https://HOST or https://HOST:PORT";
        }
        return plain && !plainHttp && !isLoopback(endpoint.getHost())
                ? "https://HOST, since http shows updates and signatures to whoever listens (plainHttp: true allows it)"
                : null;
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException _) {
            return false;
        }
    }
}
