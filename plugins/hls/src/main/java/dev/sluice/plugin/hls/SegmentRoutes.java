package dev.sluice.plugin.hls;

import dev.sluice.hub.StreamName;
import dev.sluice.media.TrackKind;
import dev.sluice.segments.InitSegment;
import dev.sluice.segments.Segment;
import dev.sluice.segments.TrackSegment;
import dev.sluice.server.spi.Http.Exchange;
import dev.sluice.server.spi.PerApp;
import dev.sluice.server.spi.ServerContext;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/// Answers requests for the files that playlists name. What is not in a window is not looked for.
final class SegmentRoutes {
    /// As many digits as surely fit a `long`.
    private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,17}");
    /// A name is never used for other bytes, so a cache may keep it as long as anybody can ask for it.
    private static final Map<String, String> HEADERS = Map.of("Cache-Control", "public, max-age=60, immutable");

    private static final String GAP =
            "nobody published in this stretch of the stream (EXT-X-GAP): play on with the next segment";

    private final ServerContext server;
    private final PerApp<HlsSettings> settings;
    private final HlsViewers viewers;

    SegmentRoutes(ServerContext server, PerApp<HlsSettings> settings, HlsViewers viewers) {
        this.server = server;
        this.settings = settings;
        this.viewers = viewers;
    }

    void register() {
        for (var kind : new TrackKind[] {TrackKind.VIDEO, TrackKind.AUDIO}) {
            var label = Playlists.label(kind);
            server.http().get("/{app}/{name}/" + label + "-{number}.m4s", exchange -> segment(exchange, kind));
            server.http().get("/{app}/{name}/" + label + "-init-{number}.mp4", exchange -> init(exchange, kind));
        }
    }

    private void segment(Exchange exchange, TrackKind kind) {
        var stream = stream(exchange);
        var number = number(exchange);
        if (stream.isPresent() && number.isPresent() && isGap(stream.get(), number.getAsLong())) {
            exchange.fail(404, GAP);
            return;
        }
        var path = stream.isEmpty() || number.isEmpty()
                ? Optional.<String>empty()
                : server.segments().find(stream.get(), kind, number.getAsLong()).map(TrackSegment::path);
        send(exchange, kind, stream, path);
    }

    private boolean isGap(StreamName stream, long number) {
        return server.segments()
                .of(stream)
                .flatMap(window -> window.find(number))
                .map(Segment::gap)
                .orElse(false);
    }

    private void init(Exchange exchange, TrackKind kind) {
        var stream = stream(exchange);
        var number = number(exchange);
        var path = stream.isEmpty() || number.isEmpty()
                ? Optional.<String>empty()
                : server.segments()
                        .findInit(stream.get(), kind, number.getAsLong())
                        .map(InitSegment::path);
        send(exchange, kind, stream, path);
    }

    private void send(Exchange exchange, TrackKind kind, Optional<StreamName> stream, Optional<String> path) {
        if (stream.isEmpty() || path.isEmpty()) {
            exchange.fail(404, "there is no such segment, or no longer: load the playlist again");
            return;
        }
        server.segments()
                .bytes(path.get())
                .thenAcceptAsync(
                        bytes -> {
                            if (bytes.isEmpty()) {
                                exchange.fail(404, "this segment has just gone: load the playlist again");
                                return;
                            }
                            viewers.sent(exchange, stream.get(), bytes.get().length());
                            var contentType = kind == TrackKind.VIDEO ? "video/mp4" : "audio/mp4";
                            exchange.respond(
                                    200, contentType, HEADERS, bytes.get().toArray());
                        },
                        exchange.loop())
                .exceptionally(failure -> {
                    exchange.loop().run(() -> exchange.fail(500, "this segment could not be read"));
                    return null;
                });
    }

    /// Empty where the application does not serve HLS, or the name cannot be one.
    private Optional<StreamName> stream(Exchange exchange) {
        var app = exchange.param("app");
        var name = exchange.param("name");
        return settings.of(app).enabled() && StreamName.problem(app, name).isEmpty()
                ? Optional.of(new StreamName(app, name))
                : Optional.empty();
    }

    private static OptionalLong number(Exchange exchange) {
        var text = exchange.param("number");
        return NUMBER.matcher(text).matches() ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }
}
