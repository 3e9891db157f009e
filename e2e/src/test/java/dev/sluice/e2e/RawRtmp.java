package dev.sluice.e2e;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.function.LongConsumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/// RTMP written by hand, to say what no encoder says. Answers are looked at as text: names of commands and
/// status codes stand in them as they are.
final class RawRtmp implements AutoCloseable {
    static final int VIDEO = 9;
    static final int COMMAND = 20;
    private static final int CHUNK_BYTES = 128;
    private static final int HANDSHAKE_BYTES = 1536;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final SSLContext TRUSTING = trusting();

    private final Socket socket;
    private final StringBuilder received = new StringBuilder();

    private RawRtmp(Socket socket) {
        this.socket = socket;
    }

    /// A connection on which nothing was said yet.
    static RawRtmp open(int port) {
        return open(port, 0);
    }

    /// The same inside TLS, whoever answers.
    static RawRtmp openTls(int port) {
        var plain = open(port).socket;
        try {
            var tls = (SSLSocket) TRUSTING.getSocketFactory().createSocket(plain, "localhost", port, true);
            tls.startHandshake();
            return new RawRtmp(tls);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SSLContext trusting() {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Anybody()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every JDK has TLS", e);
        }
    }

    private static final class Anybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    /// @param receiveBufferBytes what the kernel takes for a client that does not read; 0 is its default
    static RawRtmp open(int port, int receiveBufferBytes) {
        var rtmp = new RawRtmp(new Socket());
        try {
            if (receiveBufferBytes > 0) {
                rtmp.socket.setReceiveBufferSize(receiveBufferBytes);
            }
            rtmp.socket.setTcpNoDelay(true);
            rtmp.socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 5_000);
            return rtmp;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    RawRtmp handshake() {
        var hello = new byte[1 + 2 * HANDSHAKE_BYTES];
        hello[0] = 3;
        send(hello);
        readUntil(() -> received.length() >= 1 + 2 * HANDSHAKE_BYTES, PATIENCE, "S0, S1 and S2");
        received.setLength(0);
        return this;
    }

    RawRtmp connect(String app) {
        return connect(app, "FMLE/3.0 (compatible; FMSc/1.0)");
    }

    RawRtmp connect(String app, String client) {
        command(0, "connect", 1, Map.of("app", app, "type", "nonprivate", "flashVer", client));
        return expect("NetConnection.Connect.Success");
    }

    /// The only stream of the connection; servers give it the id 1.
    RawRtmp createStream() {
        received.setLength(0);
        command(0, "createStream", 2, null);
        return expect("_result");
    }

    void publish(String name) {
        command(1, "publish", 3, null, name, "live");
    }

    void play(String name) {
        command(1, "play", 3, null, name, -2000);
    }

    void command(int messageStream, Object... values) {
        message(3, COMMAND, messageStream, amf(values));
    }

    /// One message, cut into chunks of 128 bytes.
    void message(int chunkStream, int type, int messageStream, byte[] body) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(header(chunkStream, type, messageStream, body.length));
        for (int at = 0; at < body.length; at += CHUNK_BYTES) {
            if (at > 0) {
                out.write(0xc0 | chunkStream);
            }
            out.write(body, at, Math.min(CHUNK_BYTES, body.length - at));
        }
        send(out.toByteArray());
    }

    /// One message of the stream 1 with its own time, which from 2^24 - 1 ms on follows every chunk header of it.
    ///
    /// @param timestampMs modulo 2^32
    void media(int type, long timestampMs, byte[] body) {
        var header = header(4, type, 1, body.length);
        boolean extended = timestampMs >= 0xff_ffff;
        int inHeader = extended ? 0xff_ffff : (int) timestampMs;
        ByteBuffer.wrap(header).put(1, (byte) (inHeader >> 16)).putShort(2, (short) inHeader);
        var time = ByteBuffer.allocate(4).putInt((int) timestampMs).array();
        var out = new ByteArrayOutputStream();
        for (int at = 0; at < body.length; at += CHUNK_BYTES) {
            out.writeBytes(at == 0 ? header : new byte[] {(byte) 0xc4});
            if (extended) {
                out.writeBytes(time);
            }
            out.write(body, at, Math.min(CHUNK_BYTES, body.length - at));
        }
        send(out.toByteArray());
    }

    /// A type 0 chunk header that promises `length` bytes.
    static byte[] header(int chunkStream, int type, int messageStream, int length) {
        return ByteBuffer.allocate(12)
                .put((byte) chunkStream)
                .put(new byte[3])
                .put((byte) (length >> 16))
                .putShort((short) length)
                .put((byte) type)
                .putInt(Integer.reverseBytes(messageStream))
                .array();
    }

    /// AMF0: strings, numbers, null, and maps as objects.
    static byte[] amf(Object... values) {
        var out = new ByteArrayOutputStream();
        for (var value : values) {
            switch (value) {
                case null -> out.write(5);
                case Boolean flag -> {
                    out.write(1);
                    out.write(flag ? 1 : 0);
                }
                case String text -> {
                    out.write(2);
                    name(out, text);
                }
                case Number number ->
                    out.writeBytes(ByteBuffer.allocate(9)
                            .put((byte) 0)
                            .putDouble(number.doubleValue())
                            .array());
                case Map<?, ?> properties -> {
                    out.write(3);
                    properties.forEach((key, property) -> {
                        name(out, (String) key);
                        out.writeBytes(amf(property));
                    });
                    out.writeBytes(new byte[] {0, 0, 9});
                }
                default -> throw new IllegalArgumentException("no AMF0 for " + value);
            }
        }
        return out.toByteArray();
    }

    private static void name(ByteArrayOutputStream out, String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeBytes(ByteBuffer.allocate(2).putShort((short) bytes.length).array());
        out.writeBytes(bytes);
    }

    RawRtmp sendHex(String hex) {
        send(HexFormat.of().parseHex(hex.replace(" ", "")));
        return this;
    }

    void send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Whether bytes still go out; a server that closed its end lets one write through and no second.
    boolean trySend(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    RawRtmp expect(String text) {
        readUntil(() -> received.indexOf(text) >= 0, PATIENCE, "'" + text + "'");
        return this;
    }

    /// What came so far, a character per byte.
    String received() {
        return received.toString();
    }

    /// Reads to the end, which has to come in time.
    void expectClosed(Duration atMost) {
        readUntil(() -> false, atMost, "the end of the connection");
    }

    /// Reads what is there; true when the server has closed.
    boolean isClosed() {
        return read(1) == Came.END;
    }

    /// Reads and forgets what comes until the connection ends, and says how much it is.
    void drain(LongConsumer onBytes) {
        var bytes = new byte[65_536];
        try {
            socket.setSoTimeout(0);
            for (int n = socket.getInputStream().read(bytes);
                    n >= 0;
                    n = socket.getInputStream().read(bytes)) {
                onBytes.accept(n);
            }
        } catch (IOException e) {
            // closed by us
        }
    }

    private interface Enough {
        boolean is();
    }

    /// The end of the connection is enough only for who waits for nothing else.
    private void readUntil(Enough enough, Duration atMost, String what) {
        long endNs = System.nanoTime() + atMost.toNanos();
        while (!enough.is()) {
            long leftMs = (endNs - System.nanoTime()) / 1_000_000;
            var came = leftMs <= 0 ? Came.NOTHING : read((int) leftMs);
            if (came == Came.END && what.startsWith("the end")) {
                return;
            }
            if (came != Came.BYTES) {
                throw new AssertionError(what + " did not come (" + came + "); received so far: " + printable());
            }
        }
    }

    private enum Came {
        BYTES,
        NOTHING,
        END
    }

    private Came read(int timeoutMs) {
        try {
            socket.setSoTimeout(timeoutMs);
            var bytes = new byte[65_536];
            int n = socket.getInputStream().read(bytes);
            if (n < 0) {
                return Came.END;
            }
            received.append(new String(bytes, 0, n, StandardCharsets.ISO_8859_1));
            return Came.BYTES;
        } catch (SocketTimeoutException e) {
            return Came.NOTHING;
        } catch (IOException e) {
            return Came.END; // reset: the server had closed with bytes of ours unread
        }
    }

    private String printable() {
        return received.toString().replaceAll("[^\\x20-\\x7e]+", ".");
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
