package org.athanor.training.mailbox;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;
import org.athanor.training.job.JobSpec;

/**
 * Version of what worker and coordinator say to each other. Its first number is in every path: with another one nothing is understood. Its
 * second grows with what has to be understood beyond the words, such as how a job is named; each side says its own in a header.
 */
public record Protocol(int major, int minor) implements Comparable<Protocol> {
    /** Of requests and answers. */
    public static final String HEADER = "Athanor-Protocol";

    /** Of whoever says none, being older than the header. */
    public static final Protocol UNSAID = new Protocol(1, 0);

    /**
     * By this program. From 1.1 on a job's id may be a digest of all that it is, and workers sign for that; from 1.2 on it may end by
     * a budget of tokens; from 1.3 on what a module freezes is no part of it.
     */
    public static final Protocol SPOKEN = new Protocol(1, 3);

    private static final Pattern TEXT = Pattern.compile("v(\\d{1,4})(?:\\.(\\d{1,4}))?");
    private static final Pattern PATH = Pattern.compile("/v(\\d{1,4})/.*");

    /** The least that a worker speaks who understands a job. */
    public static Protocol neededFor(JobSpec job) {
        if (job.model().program().isPresent()) {
            return new Protocol(1, 3); // frozen parameters of a module are no part of an update
        }
        if (job.tokens() > 0) {
            return new Protocol(1, 2);
        }
        return job.named() == JobSpec.Named.BY_WORK ? new Protocol(1, 1) : UNSAID;
    }

    /** What a header says; empty where it is null, or no version. */
    public static Optional<Protocol> said(String header) {
        var text = TEXT.matcher(header == null ? "" : header);
        return text.matches()
                ? Optional.of(new Protocol(
                        Integer.parseInt(text.group(1)), text.group(2) == null ? 0 : Integer.parseInt(text.group(2))))
                : Optional.empty();
    }

    /** What the path of a request says, if it is one of a version. */
    public static Optional<Protocol> ofPath(String path) {
        var version = PATH.matcher(path);
        return version.matches() ? Optional.of(new Protocol(Integer.parseInt(version.group(1)), 0)) : Optional.empty();
    }

    /** With which every path begins. */
    public String root() {
        return "/v" + major + "/";
    }

    /** Why two do not understand each other, and what to do. */
    public static String difference(Protocol coordinator, Protocol worker) {
        return "the coordinator speaks version " + coordinator + " of the protocol and the worker " + worker
                + ": update Athanor on the computer of the "
                + (worker.compareTo(coordinator) < 0 ? "worker" : "coordinator");
    }

    /** The same of something that one of them said and the other could not read; of two that speak the same, only that. */
    public static String difference(Protocol coordinator, Protocol worker, String garbled) {
        return coordinator.equals(worker) ? garbled : difference(coordinator, worker) + " (" + garbled + ")";
    }

    @Override
    public int compareTo(Protocol other) {
        return Comparator.comparingInt(Protocol::major)
                .thenComparingInt(Protocol::minor)
                .compare(this, other);
    }

    @Override
    public String toString() {
        return "v" + major + (minor == 0 ? "" : "." + minor);
    }
}
