package dev.sluice.app.media;

import dev.sluice.media.Malformed;
import dev.sluice.media.Payload;
import dev.sluice.media.flv.FlvFileReader;
import dev.sluice.media.flv.FlvTag;
import dev.sluice.rtmp.RtmpScheme;
import dev.sluice.rtmp.RtmpUrl;
import dev.sluice.rtmp.netty.ClientTls;
import dev.sluice.rtmp.netty.RtmpClient;
import dev.sluice.rtmp.session.ClientEvent;
import dev.sluice.rtmp.session.ClientRequest;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// Where the tags of a stream come from: an RTMP server, an FLV stream over HTTP, or a file. Read by one thread.
final class TagSource {
    /// Larger than any message that our own server takes.
    private static final int MAX_TAG_BYTES = FlvTag.MAX_BODY_BYTES;
    private static final int READ_BYTES = 64 << 10;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final long FOREVER_NS = Long.MAX_VALUE;
    /// How long the first tag may take, whatever the limit.
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(10);

    /// Is told what comes, in order, on the reader's thread.
    interface Listener {
        /// @param arrivedNs since the source was opened, nanoseconds
        void onTag(FlvTag tag, long arrivedNs);

        /// Only from RTMP servers.
        default void onConnected(ClientEvent.Connected connected) {}
    }

    private static final long LOOK_UP_NS = TimeUnit.MILLISECONDS.toNanos(200);

    private final String url;
    private final ClientTls tls;
    private final Stop stop;
    private final Listener listener;
    private final long openedNs = System.nanoTime();
    private final long limitNs;
    private long firstTagNs = FOREVER_NS;

    private TagSource(String url, ClientTls tls, long limitNs, Stop stop, Listener listener) {
        this.url = url;
        this.tls = tls;
        this.stop = stop;
        this.limitNs = limitNs;
        this.listener = listener;
    }

    /// Reads until the end, or for so long.
    ///
    /// @param url an [RtmpUrl], `http://…`, `https://…` or the path of a file
    /// @param limit from the first tag on; zero is for ever; files are always read whole
    /// @param stop looked at while reading
    /// @throws MediaFailed with a sentence that says what to do
    static void read(String url, Duration limit, Stop stop, Listener listener)
            throws MediaFailed, InterruptedException {
        read(url, ClientTls.system(), limit, stop, listener);
    }

    /// @param tls whom to trust behind `rtmps://`
    static void read(String url, ClientTls tls, Duration limit, Stop stop, Listener listener)
            throws MediaFailed, InterruptedException {
        var source = new TagSource(url, tls, limit.isZero() ? FOREVER_NS : limit.toNanos(), stop, listener);
        if (RtmpScheme.of(url).isPresent()) {
            source.readRtmp();
        } else if (url.startsWith("http://") || url.startsWith("https://")) {
            source.readHttp();
        } else {
            source.readFile();
        }
    }

    private long elapsedNs() {
        return System.nanoTime() - openedNs;
    }

    private long leftNs() {
        long elapsedNs = elapsedNs();
        if (limitNs == FOREVER_NS) {
            return FOREVER_NS;
        }
        return firstTagNs == FOREVER_NS ? PATIENCE_NS - elapsedNs : limitNs - (elapsedNs - firstTagNs);
    }

    private void onTag(FlvTag tag) {
        firstTagNs = Math.min(firstTagNs, elapsedNs());
        listener.onTag(tag, elapsedNs());
    }

    /// What one of our connections was told.
    private record Told(RtmpClient by, ClientEvent event) {}

    /// A server may ask us to go on elsewhere: then the old connection plays until the new one does.
    @SuppressWarnings("ReferenceEquality") // two connections are two, however alike
    private void readRtmp() throws MediaFailed, InterruptedException {
        var events = new LinkedBlockingQueue<Told>();
        RtmpClient.Listener all = (client, event) -> events.add(new Told(client, event));
        var playing = RtmpClient.connect(ClientRequest.play(address(url)), tls, all);
        var next = playing;
        try {
            while (leftNs() > 0 && !stop.wanted()) {
                var told = events.poll(Math.min(LOOK_UP_NS, leftNs()), TimeUnit.NANOSECONDS);
                if (told == null) {
                    continue;
                }
                if (told.by() == next && next != playing && told.event() instanceof ClientEvent.Playing) {
                    playing.close();
                    playing = next;
                } else if (told.by() == playing && told.event() instanceof ClientEvent.ReconnectAsked asked) {
                    if (next != playing) {
                        next.close();
                    }
                    next = RtmpClient.connect(ClientRequest.play(asked.url()), tls, all);
                } else if (told.by() == playing && !take(told.event())) {
                    return;
                }
            }
        } finally {
            playing.close();
            next.close();
        }
    }

    static RtmpUrl address(String url) throws MediaFailed {
        try {
            return RtmpUrl.parse(url);
        } catch (IllegalArgumentException e) {
            throw new MediaFailed(String.valueOf(e.getMessage()));
        }
    }

    /// @return false at the end of the stream
    private boolean take(ClientEvent event) throws MediaFailed {
        switch (event) {
            case ClientEvent.Connected connected -> listener.onConnected(connected);
            case ClientEvent.Media media ->
                onTag(new FlvTag(media.kind().messageType(), media.timestampMs(), Payload.of(media.body())));
            case ClientEvent.Status status -> {
                if (status.code().equals("NetStream.Play.UnpublishNotify")) {
                    return false;
                }
            }
            case ClientEvent.Ended(var cause, var reason) ->
                throw new MediaFailed(url.replaceFirst("\\?.*", "") + ": " + reason);
            case ClientEvent.ComeAgain again -> {} // the client does so itself
            case ClientEvent.ReconnectAsked asked -> {} // followed already
            case ClientEvent.Playing playing -> {}
            case ClientEvent.Publishing publishing -> {}
        }
        return true;
    }

    private void readHttp() throws MediaFailed, InterruptedException {
        try (var client =
                HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build()) {
            var response = client.send(
                    HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofInputStream());
            try (var body = response.body()) {
                if (response.statusCode() != 200) {
                    throw new MediaFailed(url + ": HTTP status " + response.statusCode() + " "
                            + new String(body.readNBytes(200), java.nio.charset.StandardCharsets.UTF_8).strip());
                }
                readFlv(body, false);
            }
            client.shutdownNow();
        } catch (IOException | IllegalArgumentException e) {
            throw new MediaFailed(url + ": " + e.getMessage());
        }
    }

    private void readFile() throws MediaFailed {
        try (var file = Files.newInputStream(Path.of(url))) {
            readFlv(file, true);
        } catch (IOException e) {
            throw new MediaFailed("cannot read the file " + url + ": " + e.getMessage()
                    + " (an address begins with rtmp:// or http://)");
        }
    }

    private void readFlv(InputStream in, boolean whole) throws IOException, MediaFailed {
        var reader = new FlvFileReader(MAX_TAG_BYTES);
        var bytes = new byte[READ_BYTES];
        try {
            for (int length = in.read(bytes);
                    length > 0 && (whole || leftNs() > 0) && !stop.wanted();
                    length = in.read(bytes)) {
                reader.feed(Unpooled.copiedBuffer(bytes, 0, length), this::onTag);
            }
        } catch (Malformed e) {
            throw new MediaFailed(url + ": " + e.getMessage());
        }
    }
}
