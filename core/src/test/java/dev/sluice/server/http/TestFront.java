package dev.sluice.server.http;

import dev.sluice.server.netty.Loops;
import dev.sluice.server.netty.SocketSettings;
import dev.sluice.server.observe.LimitHits;
import dev.sluice.server.ports.PortLimits;
import dev.sluice.server.ports.PortsImpl;
import dev.sluice.server.spi.Ports.PortTaken;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/// A front on a free port of loopback, with two loops, and clients for it.
final class TestFront implements AutoCloseable {
    static final HttpSettings SETTINGS = HttpSettings.DEFAULTS.withPort(0);

    private final VertxBridge bridge = VertxBridge.start(SocketSettings.DEFAULTS.withLoops(2));
    final LimitHits limits = new LimitHits(bridge.loops().acceptLoop(), 60_000);
    final PortsImpl ports =
            new PortsImpl(bridge.loops(), InetAddress.getLoopbackAddress(), PortLimits.DEFAULTS, limits);
    final HttpFront http;
    final InetSocketAddress address;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    TestFront(HttpSettings settings) throws PortTaken {
        http = new HttpFront(bridge, ports, settings, limits);
        address = http.open();
    }

    static HttpSettings settings(List<String> hosts, List<String> origins, int requestHeadTimeoutMs) {
        return new HttpSettings(0, hosts, origins, 16 * 1024, requestHeadTimeoutMs, 60_000, 16);
    }

    Loops loops() {
        return bridge.loops();
    }

    HttpClient client() {
        return client;
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + address.getPort() + path);
    }

    HttpResponse<String> send(String method, String path, String... headers) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(uri(path))
                .timeout(Duration.ofSeconds(10))
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        return send("GET", path, headers);
    }

    Socket connect() throws IOException {
        var socket = new Socket();
        socket.setSoTimeout(10_000);
        socket.connect(address, 5_000);
        return socket;
    }

    /// Sends bytes and returns everything until the server closes.
    String exchange(String raw) throws IOException {
        try (var socket = connect()) {
            socket.getOutputStream().write(raw.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    /// Reads the head of an answer, up to and with the empty line.
    static String head(InputStream in) throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int letter = in.read();
            if (letter < 0) {
                throw new IOException("the connection ended in the head: " + head);
            }
            head.append((char) letter);
        }
        return head.toString();
    }

    @Override
    public void close() {
        client.close();
        ports.close();
        http.close();
        bridge.close();
    }
}
