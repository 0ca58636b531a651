package org.athanor.network.training;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Takes connections from outside and passes their bytes on to a server on this computer, which cannot tell by itself whose
 * connections to keep. Who has not shown yet to be a member is a stranger; where there are more strangers than there is room for,
 * the oldest goes for the newest. So nobody keeps members out by holding connections: members' own are never taken away for a
 * stranger, and a stranger's last only as long as nobody comes after it.
 */
final class Door implements AutoCloseable {
    /** Strangers of one address; behind that of a home all of its workers connect at the same time. */
    static final int MOST_OF_ADDRESS = 64;

    static final int MOST_STRANGERS = 512;
    /** Connections of one member: its requests at a time, and what a broken line has left. */
    static final int MOST_OF_MEMBER = 32;

    private static final System.Logger LOGGER = System.getLogger(Door.class.getName());
    private static final int BACKLOG = 128;
    private static final int CHUNK = 1 << 14;
    private static final int INNER_BUFFER = 1 << 16;
    private static final long PAUSE_MILLIS = 100;
    private static final int LAST_WORDS_SECONDS = 1;
    /** Of an IPv6 address: the rest is its owner's to choose. */
    private static final int NETWORK_BYTES = 8;

    private final ServerSocket listener = new ServerSocket();
    private final InetSocketAddress inside;
    private final Patience patience;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Set<Guest> strangers = new LinkedHashSet<>();
    private final Map<String, Set<Guest>> groups = new HashMap<>();
    private final Map<Integer, Guest> byPort = new HashMap<>();

    /**
     * Listens; nobody is let in before {@link #open}.
     *
     * @param inside   the server's address
     * @param patience with who sends nothing or reads nothing
     */
    Door(InetSocketAddress listen, InetSocketAddress inside, Patience patience) throws IOException {
        this.inside = inside;
        this.patience = patience;
        try {
            listener.bind(listen, BACKLOG);
        } catch (IOException taken) {
            listener.close();
            throw taken;
        }
    }

    void open() {
        threads.execute(this::accept);
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    /** Whether a connection to the server comes from here. */
    synchronized boolean passes(InetSocketAddress from) {
        return byPort.containsKey(from.getPort());
    }

    /** Who is behind a connection to the server has shown to be {@code member}. */
    void shown(InetSocketAddress from, String member) {
        Guest pushedOut;
        synchronized (this) {
            var guest = byPort.get(from.getPort());
            var group = "member " + member;
            if (guest == null || guest.group.equals(group)) {
                return;
            }
            forget(guest);
            pushedOut = oldestIf(MOST_OF_MEMBER, groups.getOrDefault(group, Set.of()));
            guest.group = group;
            groups.computeIfAbsent(group, _ -> new LinkedHashSet<>()).add(guest);
        }
        if (pushedOut != null) {
            pushedOut.close();
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                arrive(new Guest(listener.accept()));
            } catch (IOException failed) {
                if (!listener.isClosed()) {
                    LOGGER.log(Level.WARNING, "nobody can be let in just now: {0}", failed.getMessage());
                    pause();
                }
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void arrive(Guest guest) {
        Guest pushedOut;
        synchronized (this) {
            pushedOut = oldestIf(MOST_OF_ADDRESS, groups.getOrDefault(guest.group, Set.of()));
            if (pushedOut == null) {
                pushedOut = oldestIf(MOST_STRANGERS, strangers);
            }
            strangers.add(guest);
            groups.computeIfAbsent(guest.group, _ -> new LinkedHashSet<>()).add(guest);
        }
        if (pushedOut != null) {
            pushedOut.close();
        }
        try {
            threads.execute(guest::serve);
        } catch (RejectedExecutionException _) {
            guest.close(); // the door has just closed
        }
    }

    /** The one that goes; null while there is room. */
    private Guest oldestIf(int most, Set<Guest> full) {
        if (full.size() < most) {
            return null;
        }
        var oldest = full.iterator().next();
        forget(oldest);
        return oldest;
    }

    private synchronized void forget(Guest guest) {
        strangers.remove(guest);
        groups.computeIfPresent(guest.group, (_, all) -> all.remove(guest) && all.isEmpty() ? null : all);
    }

    /** Its own network, as far as an address tells. */
    private static String network(InetAddress address) {
        var bytes = address.getAddress();
        return "address "
                + Arrays.toString(address instanceof Inet6Address ? Arrays.copyOf(bytes, NETWORK_BYTES) : bytes);
    }

    private final class Guest {
        private final Socket outer;
        private final Socket inner = new Socket();
        private String group;

        Guest(Socket outer) {
            this.outer = outer;
            group = network(outer.getInetAddress());
        }

        /** The server hears of it with its first byte. */
        void serve() {
            var port = 0;
            try (outer;
                    inner) {
                var buffer = new byte[CHUNK];
                outer.setSoTimeout((int) patience.grace().toMillis());
                var first = outer.getInputStream().read(buffer);
                if (first < 0) {
                    return;
                }
                outer.setSoTimeout(0);
                outer.setTcpNoDelay(true);
                inner.setReceiveBufferSize(INNER_BUFFER); // what waits here has left the server's patience
                inner.setTcpNoDelay(true);
                inner.setSoLinger(true, 0); // ended connections keep no port
                inner.bind(new InetSocketAddress(inside.getAddress(), 0));
                port = inner.getLocalPort();
                synchronized (Door.this) {
                    byPort.put(port, this);
                }
                inner.connect(inside);
                inner.getOutputStream().write(buffer, 0, first);
                threads.execute(this::answer);
                pass(outer, inner, buffer, false);
            } catch (IOException | RejectedExecutionException _) {
                // silent, gone or pushed out, or the door has just closed
            } finally {
                forget(this);
                synchronized (Door.this) {
                    byPort.remove(port, this);
                }
            }
        }

        private void answer() {
            try (outer;
                    inner) {
                pass(inner, outer, new byte[CHUNK], true);
            } catch (IOException _) {
                // gone, or it reads nothing
            }
        }

        private void pass(Socket from, Socket into, byte[] buffer, boolean timed) throws IOException {
            var in = from.getInputStream();
            var out = into.getOutputStream();
            for (var read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                var count = read;
                Patience.Transfer<Void> write = () -> {
                    out.write(buffer, 0, count);
                    return null;
                };
                if (timed) {
                    patience.within(count, write);
                } else {
                    write.run(); // the server has its own patience with what it reads
                }
            }
        }

        void close() {
            try (outer;
                    inner) {
                LOGGER.log(Level.DEBUG, "a connection of {0} makes room for another", outer.getInetAddress());
            } catch (IOException _) {
                // it is closed all the same
            }
        }
    }

    /** After the server: what it said last is still passed on. */
    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException _) {
            // it listens no more all the same
        }
        List<Guest> unheard;
        synchronized (this) {
            unheard = List.copyOf(strangers);
        }
        unheard.forEach(Guest::close);
        threads.shutdown();
        try {
            threads.awaitTermination(LAST_WORDS_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        threads.shutdownNow(); // an interruption closes what a thread waits for
    }
}
