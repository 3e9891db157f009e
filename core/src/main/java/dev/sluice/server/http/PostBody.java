package dev.sluice.server.http;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// The body of a request: which one is taken at all, and how long it may take. Only what has one length is
/// taken, so that we and a proxy in front of us never disagree about where the next request begins. On the
/// loop of the request.
final class PostBody {
    private PostBody() {}

    /// Why a request is refused before its body is read.
    record Problem(int status, String why) {}

    static Optional<Problem> problem(HttpServerRequest request, int maxBytes) {
        if (request.version() != HttpVersion.HTTP_1_1) {
            return refuse(505, "this path speaks HTTP/1.1");
        }
        if (request.getHeader("Transfer-Encoding") != null) {
            return refuse(411, "a request here brings a Content-Length, and no Transfer-Encoding");
        }
        if (request.getHeader("Expect") != null) {
            return refuse(417, "nobody is asked here whether he may send");
        }
        var lengths = request.headers().getAll("Content-Length");
        if (lengths.size() != 1 || !lengths.getFirst().strip().matches("[0-9]{1,18}")) {
            return refuse(411, "a request here brings one Content-Length");
        }
        return Long.parseLong(lengths.getFirst().strip()) > maxBytes
                ? refuse(413, "a request here brings at most " + maxBytes + " bytes")
                : Optional.empty();
    }

    private static Optional<Problem> refuse(int status, String why) {
        return Optional.of(new Problem(status, why));
    }

    /// Waits for the whole body. Nobody hears of one that does not come in time: its connection is closed.
    ///
    /// @param late told before the connection is closed
    static void read(HttpServerRequest request, int timeoutMs, Runnable late, Consumer<byte[]> then) {
        var channel = VertxBridge.channelOf(request);
        var deadline = channel.eventLoop()
                .schedule(
                        () -> {
                            late.run();
                            channel.close();
                        },
                        timeoutMs,
                        TimeUnit.MILLISECONDS);
        request.exceptionHandler(gone -> deadline.cancel(false));
        request.bodyHandler(body -> {
            deadline.cancel(false);
            then.accept(body.getBytes());
        });
    }
}
