package dev.sluice.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/// Says to a server what a recording says, in pieces of any size, and listens as long as there is something to hear.
final class Replay {
    /// How it came to its end.
    enum End {
        /// The server closed it, before the recording was over or when we said that it is.
        CLOSED_BY_THE_SERVER,
        /// We broke it off, as a crash or a cable does.
        BROKEN_OFF,
        /// We had nothing more to say, said so, and the server kept it all the same.
        STILL_OPEN
    }

    private static final int LISTEN_MS = 300;
    private static final int CLOSE_WITHIN_MS = 20_000;
    private static final int LISTEN_BYTES = 20_000;

    private Replay() {}

    /// Blocks until the connection is over.
    static End run(int port, byte[] bytes, RandomGenerator random) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setTcpNoDelay(true);
            if (!send(socket, bytes, random)) {
                return End.CLOSED_BY_THE_SERVER;
            }
            socket.setSoTimeout(LISTEN_MS);
            listen(socket.getInputStream());
            if (random.nextInt(8) == 0) {
                socket.setSoLinger(true, 0); // close resets
                return End.BROKEN_OFF;
            }
            socket.setSoTimeout(CLOSE_WITHIN_MS);
            return isClosed(socket) ? End.CLOSED_BY_THE_SERVER : End.STILL_OPEN;
        } catch (IOException e) {
            throw new AssertionError("the server does not take connections", e);
        }
    }

    /// False when the server has closed meanwhile.
    private static boolean send(Socket socket, byte[] bytes, RandomGenerator random) {
        try {
            int piece;
            for (int at = 0; at < bytes.length; at += piece) {
                piece = Math.min(1 + random.nextInt(random.nextBoolean() ? 100 : 5_000), bytes.length - at);
                socket.getOutputStream().write(Arrays.copyOfRange(bytes, at, at + piece));
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /// Until the server has said much, or is silent for a moment, or has closed.
    private static void listen(InputStream in) {
        var heard = new byte[4_096];
        try {
            int bytes = 0;
            for (int n = in.read(heard); n >= 0 && bytes < LISTEN_BYTES; n = in.read(heard)) {
                bytes += n;
            }
        } catch (IOException silentOrReset) {
            // what is to be known about it is found out by the next read
        }
    }

    private static boolean isClosed(Socket socket) {
        try {
            socket.shutdownOutput();
            var heard = new byte[65_536];
            while (socket.getInputStream().read(heard) >= 0) {
                // a player may have much on the way
            }
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }
}
