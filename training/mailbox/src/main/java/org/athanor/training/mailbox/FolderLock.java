package org.athanor.training.mailbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/** That a folder is in nobody else's hands, in this program or another. Ends with the program, whatever ends it. */
public final class FolderLock implements AutoCloseable {
    /** In the folder. */
    public static final String FILE = "lock";

    private static final long GLANCE_MILLIS = 50;

    private final FileChannel channel;

    private FolderLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * @param folder   that exists
     * @param patience with somebody who is just leaving
     * @throws IOException when somebody else has it
     */
    public static FolderLock take(Path folder, Duration patience) throws IOException, InterruptedException {
        var end = System.nanoTime() + patience.toNanos();
        while (true) {
            var channel = FileChannel.open(folder.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                if (channel.tryLock() != null) {
                    return new FolderLock(channel);
                }
            } catch (OverlappingFileLockException _) {
                // by this program: as by another
            }
            channel.close();
            if (System.nanoTime() > end) {
                throw new IOException("another program works in " + folder + ": end it, or choose another folder");
            }
            Thread.sleep(GLANCE_MILLIS);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
