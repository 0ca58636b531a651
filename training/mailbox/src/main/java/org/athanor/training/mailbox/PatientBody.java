package org.athanor.training.mailbox;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/**
 * A body that ends with an error when nothing of it has come for some time: a line may die without saying so, and HTTP clients wait
 * for ever then.
 */
final class PatientBody extends FilterInputStream {
    private static final Duration SILENCE = Duration.ofSeconds(60);
    private static final long NOT_WAITING = Long.MAX_VALUE;

    private final Duration silence;
    private final Thread watch;
    private volatile long since = NOT_WAITING;
    private volatile boolean silent;

    PatientBody(InputStream body) {
        this(body, SILENCE);
    }

    PatientBody(InputStream body, Duration silence) {
        super(body);
        this.silence = silence;
        watch = Thread.ofVirtual().name("body").start(this::watch);
    }

    private void watch() {
        try {
            while (true) {
                Thread.sleep(silence.dividedBy(4));
                var waiting = since;
                if (waiting != NOT_WAITING && System.nanoTime() - waiting > silence.toNanos()) {
                    silent = true;
                    in.close();
                    return;
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (IOException _) {
            // it is closed all the same
        }
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        since = System.nanoTime();
        try {
            var read = super.read(into, offset, length);
            if (read < 0 && silent) {
                throw new IOException("silent");
            }
            return read;
        } catch (IOException broke) {
            throw silent ? new IOException("nothing has come for " + silence.toSeconds() + " s", broke) : broke;
        } finally {
            since = NOT_WAITING;
        }
    }

    @Override
    public void close() throws IOException {
        watch.interrupt();
        super.close();
    }
}
