package dev.sluice.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// A wire between an encoder and the server that fails as wires do: nothing passes any more and neither side is told,
/// or one side is told, or both.
final class BrokenWire implements AutoCloseable {
    private final ServerSocket listening;
    private final int serverPort;
    private final InetAddress from;
    private final List<Link> links = new CopyOnWriteArrayList<>();
    private volatile boolean down;

    BrokenWire(int serverPort) {
        this(serverPort, InetAddress.getLoopbackAddress());
    }

    /// @param from the address that the server sees
    BrokenWire(int serverPort, InetAddress from) {
        this.serverPort = serverPort;
        this.from = from;
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

    /// What is sent is lost, for the connections of now. Neither side is told.
    void cut() {
        links.forEach(link -> link.cut = true);
    }

    /// As when a router forgot its connections: the encoder hears that its connection is gone, the server hears
    /// nothing.
    void cutAndTellEncoder() {
        cut();
        links.forEach(link -> closeQuietly(link.encoder));
    }

    /// Both sides hear that their connections are gone, and new ones end at once, until it is mended.
    void breakDown() {
        down = true;
        links.forEach(Link::close);
    }

    /// For new connections.
    void mend() {
        down = false;
    }

    private void accept() {
        try {
            while (true) {
                var encoder = listening.accept();
                if (down) {
                    closeQuietly(encoder);
                } else {
                    var link = new Link(encoder, new Socket(InetAddress.getLoopbackAddress(), serverPort, from, 0));
                    links.add(link);
                    link.start();
                }
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        links.forEach(Link::close);
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// One connection.
    private static final class Link {
        private final Socket encoder;
        private final Socket server;
        private volatile boolean cut;

        Link(Socket encoder, Socket server) {
            this.encoder = encoder;
            this.server = server;
        }

        void start() {
            Thread.ofVirtual().start(() -> copy(encoder, server));
            Thread.ofVirtual().start(() -> copy(server, encoder));
        }

        private void copy(Socket from, Socket to) {
            var bytes = new byte[16_384];
            try {
                for (int n = from.getInputStream().read(bytes);
                        n >= 0;
                        n = from.getInputStream().read(bytes)) {
                    if (!cut) {
                        to.getOutputStream().write(bytes, 0, n);
                    }
                }
            } catch (IOException gone) {
                // so is the other side, unless the wire was cut
            }
            if (!cut) {
                close();
            }
        }

        void close() {
            closeQuietly(encoder);
            closeQuietly(server);
        }
    }
}
