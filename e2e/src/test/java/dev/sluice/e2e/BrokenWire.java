package dev.sluice.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/// A wire between an encoder and the server that can be cut: nothing passes any more, and neither side is told.
final class BrokenWire implements AutoCloseable {
    private final ServerSocket listening;
    private final int serverPort;
    private final List<Socket> sockets = new ArrayList<>();
    private volatile boolean cut;

    BrokenWire(int serverPort) {
        this.serverPort = serverPort;
        try {
            listening = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    void cut() {
        cut = true;
    }

    /// For connections that come from now on; those that were cut stay so.
    void mend() {
        synchronized (sockets) {
            sockets.clear();
        }
        cut = false;
    }

    private void accept() {
        try {
            while (true) {
                var client = listening.accept();
                var server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
                var dead = new boolean[1];
                synchronized (sockets) {
                    sockets.add(client);
                    sockets.add(server);
                }
                Thread.ofVirtual().start(() -> copy(client, server, dead));
                Thread.ofVirtual().start(() -> copy(server, client, dead));
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    private void copy(Socket from, Socket to, boolean[] dead) {
        var bytes = new byte[16_384];
        try {
            for (int n = from.getInputStream().read(bytes);
                    n >= 0;
                    n = from.getInputStream().read(bytes)) {
                dead[0] |= cut;
                if (!dead[0]) {
                    to.getOutputStream().write(bytes, 0, n);
                }
            }
            if (!dead[0] && !cut) {
                to.shutdownOutput();
            }
        } catch (IOException gone) {
            // so is the other side, unless the wire was cut
        }
    }

    @Override
    public void close() {
        try {
            listening.close();
            synchronized (sockets) {
                for (var socket : sockets) {
                    socket.close();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
