package dev.sluice.server.spi;

import dev.sluice.hub.Loop;
import dev.sluice.hub.Outlet;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;

/// The HTTP front that all plugins share. Handlers run on the event loop of the request and never wait.
public interface Http {
    /// Answers GET and HEAD of a path pattern such as `/{app}/{name}.flv`. `{app}` matches one to eight segments,
    /// any other parameter one segment or the part of one. Adds CORS headers and refuses foreign hosts by itself.
    void get(String pattern, Handler handler);

    /// Accepts WebSocket upgrades of a path pattern. Foreign origins are refused before the handler is asked.
    void webSocket(String pattern, Handler handler);

    /// Answers POST of a path pattern. The handler is asked once the whole body is there. Only HTTP/1.1 with a
    /// `Content-Length` is taken, and no request of a foreign origin: whatever is doubtful ends its connection.
    ///
    /// @param maxBodyBytes a request that announces more is refused
    void post(String pattern, int maxBodyBytes, Handler handler);

    @FunctionalInterface
    interface Handler {
        void handle(Exchange exchange);
    }

    /// One request. All methods on [#loop()].
    interface Exchange {
        Loop loop();

        InetSocketAddress remote();

        /// Where the connection came in.
        InetSocketAddress local();

        /// A parameter of the path pattern, decoded once.
        String param(String name);

        /// Query parameters; the last of equal names.
        Map<String, String> query();

        Optional<String> header(String name);

        /// The whole answer at once. Headers may be empty.
        void respond(int status, String contentType, Map<String, String> headers, byte[] body);

        /// An error with a sentence that a person can read, as text/plain.
        void fail(int status, String why);

        /// Sends the head of an endless answer (`Connection: close`, no length; chunked for HTTP/1.1 clients), or
        /// accepts the WebSocket, and gives the connection away: from now on bytes go straight to it, past the
        /// HTTP encoder. Bytes of a WebSocket must come framed, and whole frames between two flushes; its owner
        /// writes a close frame before he closes the outlet.
        Outlet takeOver(String contentType);

        /// What a POST request brought; nothing with any other.
        byte[] body();

        /// Accepts the WebSocket and gives its connection away as a stream of bytes: binary messages arrive as
        /// bytes, and bytes that are written leave as binary messages. Pings and closes are answered by
        /// themselves, text ends the connection, and so does a message that is too long.
        ///
        /// @param subprotocol confirmed to a client that offers it
        /// @param maxMessageBytes of one frame, held until it is complete
        /// @return the channel, on [#loop()], for the handlers of another protocol
        Channel takeOverStream(String subprotocol, int maxMessageBytes);

        /// Called once if the client leaves before an answer was sent or taken over.
        void onClosed(Runnable gone);
    }
}
