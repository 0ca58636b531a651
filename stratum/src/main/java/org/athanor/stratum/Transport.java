package org.athanor.stratum;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** A socket that never waits, or TLS over it. */
interface Transport {
    /** @return bytes put into {@code into}, 0 if none are there now, -1 at the end */
    int read(ByteBuffer into) throws IOException;

    /** @return bytes taken, 0 if the peer must read first */
    int write(ByteBuffer from) throws IOException;

    /** Whether something of its own waits to be written, such as a handshake. */
    default boolean mustWrite() throws IOException {
        return false;
    }

    /** Whether something was taken from the socket already that {@link #read} has not given yet. */
    default boolean holdsInput() {
        return false;
    }

    /** Says farewell where the protocol has a word for it; the socket is closed afterwards by its owner. */
    default void farewell() throws IOException {}

    static Transport plain(SocketChannel channel) {
        return new Transport() {
            @Override
            public int read(ByteBuffer into) throws IOException {
                return channel.read(into);
            }

            @Override
            public int write(ByteBuffer from) throws IOException {
                return channel.write(from);
            }
        };
    }
}
