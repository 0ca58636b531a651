package org.athanor.devices.discovery;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.athanor.devices.drivers.HeaterKind;

/**
 * Searches addresses for devices: a connection to each port, and where something listens a few questions that change nothing.
 *
 * @param addresses that a person has named
 * @param ports that are tried
 * @param connect longest wait for a connection
 * @param reply longest wait for an answer to a question
 */
public record Discovery(List<InetAddress> addresses, List<Integer> ports, Duration connect, Duration reply) {
    /** cgminer and its relatives, pages, Whatsminer's version 3. */
    public static final List<Integer> PORTS = List.of(4028, 80, 4433);

    private static final int MOST_CONNECTIONS = 64;

    public Discovery {
        addresses = List.copyOf(addresses);
        ports = List.copyOf(ports);
    }

    /** With half a second for a connection, and three for an answer. */
    public Discovery(List<InetAddress> addresses, List<Integer> ports) {
        this(addresses, ports, Duration.ofMillis(500), Duration.ofSeconds(3));
    }

    /**
     * Everything that answers, in the order of the addresses.
     *
     * @param progress is told how many connections have been tried, from any thread
     */
    public List<Finding> search(IntConsumer progress) throws InterruptedException {
        return search(List.of(), progress);
    }

    /**
     * The same, and some places more.
     *
     * @param more places whose port is known
     */
    public List<Finding> search(Collection<InetSocketAddress> more, IntConsumer progress) throws InterruptedException {
        var places = new LinkedHashSet<InetSocketAddress>();
        for (var address : addresses) for (int port : ports) places.add(new InetSocketAddress(address, port));
        places.addAll(more);
        var findings = new ArrayList<Finding>();
        var limit = new Semaphore(MOST_CONNECTIONS);
        var tried = new AtomicInteger();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = new ArrayList<Future<Optional<Finding>>>();
            for (var place : places)
                answers.add(threads.submit(() -> {
                    limit.acquire();
                    try {
                        return look(place);
                    } finally {
                        limit.release();
                        progress.accept(tried.incrementAndGet());
                    }
                }));
            for (var answer : answers) answer.get().ifPresent(findings::add);
        } catch (ExecutionException e) {
            throw new IllegalStateException("searching for devices", e.getCause());
        }
        findings.sort(Comparator.comparingLong((Finding found) -> number(found.address()))
                .thenComparingInt(found -> found.address().getPort()));
        return withoutSecondFaces(findings);
    }

    private static long number(InetSocketAddress address) {
        long number = 0;
        for (byte part : address.getAddress().getAddress()) number = (number << 8) | (part & 0xff);
        return number;
    }

    /** A miner has pages beside its API: what is unknown at the address of one that is known is part of it. */
    static List<Finding> withoutSecondFaces(List<Finding> findings) {
        var miners = findings.stream()
                .filter(found -> found instanceof Finding.Miner)
                .map(found -> found.address().getAddress())
                .toList();
        var seen = new ArrayList<Finding>();
        for (var found : findings) {
            // firmware for Antminers keeps their pages: its own answer tells more than a page that wants a password
            boolean page = isAntminer(found)
                    && findings.stream()
                            .anyMatch(other ->
                                    other instanceof Finding.Miner && !isAntminer(other) && ofOneMachine(found, other));
            boolean second = found instanceof Finding.Unknown
                    && found.address().getPort() != 4028
                    && miners.contains(found.address().getAddress());
            // a Braiins or Vnish machine also answers as an old Antminer would at 4028
            boolean sameMiner = found instanceof Finding.Miner
                    && seen.stream().anyMatch(other -> other instanceof Finding.Miner && ofOneMachine(found, other));
            // its pages may have answered, and its API, which says where they are
            boolean told = seen.stream().anyMatch(other -> other.address().equals(found.address()));
            if (told && found instanceof Finding.Miner miner && !miner.model().equals(Questions.ASKS_FOR_PASSWORD))
                seen.replaceAll(other -> saysLess(other, found) ? found : other);
            if (!page && !second && !sameMiner && !told) seen.add(found);
        }
        return List.copyOf(seen);
    }

    private static boolean saysLess(Finding one, Finding other) {
        return one.address().equals(other.address())
                && one instanceof Finding.Miner miner
                && miner.model().equals(Questions.ASKS_FOR_PASSWORD);
    }

    private static boolean isAntminer(Finding found) {
        return found instanceof Finding.Miner miner && miner.kind() == HeaterKind.ANTMINER;
    }

    /** At the usual ports of one address; behind others there may be several, as of simulated ones. */
    private static boolean ofOneMachine(Finding one, Finding other) {
        return one.address().getAddress().equals(other.address().getAddress())
                && PORTS.contains(one.address().getPort())
                && PORTS.contains(other.address().getPort());
    }

    private Optional<Finding> look(InetSocketAddress address) {
        try (var socket = new Socket()) {
            socket.connect(address, Math.toIntExact(connect.toMillis()));
        } catch (IOException e) {
            return Optional.empty(); // nothing listens there
        }
        return Optional.of(new Questions(address, reply).ask());
    }
}
