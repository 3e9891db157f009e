package dev.sluice.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// One HTTP request written as it stands, so that nothing tidies a hostile path or header on its way.
final class RawHttp {
    private static final int TIMEOUT_MS = 10_000;

    private RawHttp() {}

    /// @param headers names in lower case; of several equal ones the first
    record Answer(int status, Map<String, String> headers, String body) {
        String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }

    static Answer get(int port, String target) {
        return request(port, "GET " + target + " HTTP/1.1", "Host: 127.0.0.1:" + port, "Connection: close");
    }

    /// Reads until the server closes: the headers have to ask for that.
    static Answer request(int port, String requestLine, String... headers) {
        var request = new StringBuilder(requestLine).append("\r\n");
        for (var header : headers) {
            request.append(header).append("\r\n");
        }
        request.append("\r\n");
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(TIMEOUT_MS);
            socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.UTF_8));
            return parse(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(requestLine, e);
        }
    }

    private static Answer parse(String answer) {
        int end = answer.indexOf("\r\n\r\n");
        if (end < 0) {
            throw new AssertionError("not an HTTP answer: " + answer);
        }
        var head = answer.substring(0, end).split("\r\n");
        var headers = Arrays.stream(head)
                .skip(1)
                .map(line -> line.split(":\\s*", 2))
                .collect(Collectors.toMap(h -> h[0].toLowerCase(Locale.ROOT), h -> h[1], (first, second) -> first));
        return new Answer(Integer.parseInt(head[0].split(" ", 3)[1]), headers, answer.substring(end + 4));
    }
}
