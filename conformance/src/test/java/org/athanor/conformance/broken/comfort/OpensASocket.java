package org.athanor.conformance.broken.comfort;

import java.io.IOException;
import java.net.Socket;

final class OpensASocket {
    private OpensASocket() {}

    static void offend(Socket socket) throws IOException {
        socket.close();
    }
}
