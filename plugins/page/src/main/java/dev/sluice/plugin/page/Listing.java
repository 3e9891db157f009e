package dev.sluice.plugin.page;

import dev.sluice.hub.LiveStream;
import dev.sluice.hub.Repair;
import dev.sluice.media.AudioConfig;
import dev.sluice.media.Track;
import dev.sluice.media.VideoConfig;
import dev.sluice.plugin.page.ListingAnswer.Event;
import dev.sluice.plugin.page.ListingAnswer.Picture;
import dev.sluice.plugin.page.ListingAnswer.Sound;
import dev.sluice.plugin.page.ListingAnswer.Stream;
import dev.sluice.plugin.page.ListingAnswer.TrackInfo;
import dev.sluice.plugin.page.ListingAnswer.Unread;
import dev.sluice.server.spi.Http.Exchange;
import dev.sluice.server.spi.ServerContext;
import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/// Answers what is live. On a server that listens on loopback only, every stream is listed; beyond, those of
/// applications marked `listed`.
final class Listing {
    static final String PATH = "/-/streams.json";

    private static final long NS_PER_MS = 1_000_000L;

    private final ServerContext server;
    private final LongSupplier wallClockMs;

    /// @param wallClockMs milliseconds since 1970
    Listing(ServerContext server, LongSupplier wallClockMs) {
        this.server = server;
        this.wallClockMs = wallClockMs;
    }

    void serve(Exchange exchange) {
        JsonAnswer.send(exchange, JsonAnswer.bytes(answer()));
    }

    ListingAnswer answer() {
        long nowMs = wallClockMs.getAsLong();
        return new ListingAnswer(nowMs, server.loopbackOnly(), ports(server.listeners()), streams(nowMs));
    }

    /// Ports only: the browser knows by which name it reached the host.
    private static Map<String, Integer> ports(Map<String, InetSocketAddress> listeners) {
        var ports = new TreeMap<String, Integer>();
        listeners.forEach((protocol, address) -> ports.put(protocol, address.getPort()));
        return ports;
    }

    private List<Stream> streams(long nowMs) {
        return server.hub().live().stream()
                .filter(this::isListed)
                .sorted(Comparator.comparing(
                        (LiveStream stream) -> stream.name().toString()))
                .map(stream -> describe(stream, nowMs))
                .toList();
    }

    private boolean isListed(LiveStream stream) {
        return server.loopbackOnly() || server.apps().of(stream.name().app()).listed();
    }

    private Stream describe(LiveStream stream, long nowMs) {
        var stats = stream.stats();
        return new Stream(
                stream.name().app(),
                stream.name().name(),
                stream.startedAtMs(),
                Math.max(0, nowMs - stream.startedAtMs()),
                stats.bitsPerSecond(),
                stats.framesPerSecond(),
                server.sessions().viewersOf(stream.name()),
                stream.silentNs() / NS_PER_MS,
                byLabel(stats.repairs()),
                stats.driftNs() / NS_PER_MS,
                stream.gaps().count(),
                stream.gaps().totalNs() / NS_PER_MS,
                stream.waiting(),
                stream.state().tracks().stream().map(Listing::describe).toList(),
                stream.events().stream()
                        .map(event -> new Event(event.atMs(), event.kind().label(), event.text()))
                        .toList());
    }

    private static Map<String, Long> byLabel(Map<Repair, Long> repairs) {
        var byLabel = new TreeMap<String, Long>();
        repairs.forEach((repair, times) -> byLabel.put(repair.label(), times));
        return byLabel;
    }

    private static TrackInfo describe(Track track) {
        var kind = track.kind().name().toLowerCase(Locale.ROOT);
        var codec = track.codec().label();
        return switch (track.config()) {
            case VideoConfig video when video.width() > 0 -> new Picture(kind, codec, video.width(), video.height());
            case AudioConfig audio -> new Sound(kind, codec, audio.sampleRate(), audio.channels());
            default -> new Unread(kind, codec);
        };
    }
}
