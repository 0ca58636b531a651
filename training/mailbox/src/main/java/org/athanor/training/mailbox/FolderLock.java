package org.athanor.training.mailbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** That a folder is in nobody else's hands, in this program or another. Ends with the program, whatever ends it. */
public final class FolderLock implements AutoCloseable {
    /** In the folder. */
    public static final String FILE = "lock";

    private static final long GLANCE_MILLIS = 50;

    /** By this program. A lock of Linux is lost with any channel to its file that the program closes, so none is opened then. */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final FileChannel channel;
    private final Path held;

    private FolderLock(FileChannel channel, Path held) {
        this.channel = channel;
        this.held = held;
    }

    /**
     * @param folder   that exists
     * @param patience with somebody who is just leaving
     * @throws IOException when somebody else has it
     */
    public static FolderLock take(Path folder, Duration patience) throws IOException, InterruptedException {
        var end = System.nanoTime() + patience.toNanos();
        while (true) {
            var place = folder.toRealPath();
            if (HELD.add(place)) {
                var taken = tryTake(place);
                if (taken != null) {
                    return taken;
                }
            }
            if (System.nanoTime() > end) {
                throw new IOException("another program works in " + folder + ": end it, or choose another folder");
            }
            Thread.sleep(GLANCE_MILLIS);
        }
    }

    /** Null where another program has it. */
    private static FolderLock tryTake(Path place) throws IOException {
        FolderLock taken = null;
        try {
            var channel = FileChannel.open(place.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (channel.tryLock() != null) {
                taken = new FolderLock(channel, place);
            } else {
                channel.close();
            }
            return taken;
        } finally {
            if (taken == null) {
                HELD.remove(place);
            }
        }
    }

    @Override
    public void close() {
        if (!channel.isOpen()) {
            return; // somebody of this program may have it by now
        }
        try {
            channel.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } finally {
            HELD.remove(held);
        }
    }
}
