package dev.sluice.plugin.hls;

import dev.sluice.hub.StreamName;
import dev.sluice.plugin.hls.PlaylistCache.Kind;
import dev.sluice.segments.LiveWindow;
import dev.sluice.server.spi.Admission.AccessRequest;
import dev.sluice.server.spi.Admission.Action;
import dev.sluice.server.spi.Admission.Granted;
import dev.sluice.server.spi.Admission.Refused;
import dev.sluice.server.spi.Http.Exchange;
import dev.sluice.server.spi.LimitKind;
import dev.sluice.server.spi.PerApp;
import dev.sluice.server.spi.ServerContext;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Answers requests for playlists. Each asks admission; a stream that has just begun has no segment yet, so its
/// first viewers wait for one instead of being sent away.
final class PlaylistRoutes {
    private static final String CONTENT_TYPE = "application/vnd.apple.mpegurl";
    private static final Map<String, String> HEADERS = Map.of("Cache-Control", "no-cache");

    private final ServerContext server;
    private final PerApp<HlsSettings> settings;
    private final HlsViewers viewers;
    private final HoldLimits holds = new HoldLimits();
    private final PlaylistCache cache = new PlaylistCache();

    PlaylistRoutes(ServerContext server, PerApp<HlsSettings> settings, HlsViewers viewers) {
        this.server = server;
        this.settings = settings;
        this.viewers = viewers;
    }

    void register() {
        var http = server.http();
        http.get("/{app}/{name}/index.m3u8", exchange -> handle(exchange, Kind.MULTIVARIANT));
        http.get("/{app}/{name}/video.m3u8", exchange -> handle(exchange, Kind.VIDEO));
        http.get("/{app}/{name}/audio.m3u8", exchange -> handle(exchange, Kind.AUDIO));
    }

    /// Drops the playlists of streams that are no more.
    void forgetEnded() {
        cache.keepOnly(stream -> server.segments().of(stream).isPresent());
    }

    private void handle(Exchange exchange, Kind kind) {
        var app = exchange.param("app");
        if (!settings.of(app).enabled()) {
            exchange.fail(404, "HLS is switched off here (hls.enabled)");
            return;
        }
        var request =
                new AccessRequest(Action.PLAY, "hls", app, exchange.param("name"), exchange.query(), exchange.remote());
        server.admission()
                .decide(request)
                .thenAcceptAsync(
                        verdict -> {
                            switch (verdict) {
                                case Granted(var stream) -> answer(exchange, stream, kind);
                                case Refused(int status, var why) -> exchange.fail(status, why);
                            }
                        },
                        exchange.loop())
                .exceptionally(failure -> {
                    exchange.loop().run(() -> exchange.fail(500, "the server could not decide who you are"));
                    return null;
                });
    }

    private void answer(Exchange exchange, StreamName stream, Kind kind) {
        var window = server.segments().want(stream);
        boolean live = server.hub().find(stream).isPresent();
        if (window.isEmpty()) {
            exchange.fail(404, live ? stream + " is live, but not cut into segments here" : stream + " is not live");
        } else if (!live
                && (kind == Kind.MULTIVARIANT || window.get().segments().isEmpty())) {
            // who watched until the end gets the end; a newcomer is told to come back
            exchange.fail(404, stream + " is not live any more");
        } else if (!window.get().segments().isEmpty()) {
            send(exchange, window.get(), kind);
        } else if (nothingFits(window.get())) {
            exchange.fail(415, cannotCarry(window.get()));
        } else {
            hold(exchange, stream, kind);
        }
    }

    private void send(Exchange exchange, LiveWindow window, Kind kind) {
        var text = cache.get(window, kind);
        if (text.isEmpty()) {
            exchange.fail(404, window.stream() + " has no " + kind.name().toLowerCase(Locale.ROOT) + reason(window));
            return;
        }
        var limits = settings.of(window.stream().app());
        switch (viewers.seen(exchange, window, limits.maxViewers())) {
            case WELCOME -> exchange.respond(200, CONTENT_TYPE, HEADERS, text.get());
            case FULL -> {
                server.limits().hit(LimitKind.VIEWERS, exchange.remote().getAddress());
                exchange.fail(503, "too many viewers: the limit of HLS is reached");
            }
            case SENT_AWAY -> exchange.fail(403, "this viewer was disconnected");
        }
    }

    private void hold(Exchange exchange, StreamName stream, Kind kind) {
        var limits = settings.of(stream.app());
        if (!holds.enter(exchange.remote().getAddress(), limits.maxHeld())) {
            server.limits().hit(LimitKind.HELD_REQUESTS, exchange.remote().getAddress());
            exchange.fail(404, notYet(stream));
            return;
        }
        var client = exchange.remote().getAddress();
        new Held(exchange, server.segments(), stream, limits.holdMs(), this::isEnough, () -> holds.leave(client))
                .start(first -> afterHold(exchange, stream, kind, first));
    }

    private boolean isEnough(LiveWindow window) {
        return window.ended() || !window.segments().isEmpty() || nothingFits(window);
    }

    private void afterHold(Exchange exchange, StreamName stream, Kind kind, Optional<LiveWindow> first) {
        if (first.isEmpty()) {
            exchange.fail(404, stream + " is not live any more");
        } else if (!first.get().segments().isEmpty()) {
            send(exchange, first.get(), kind);
        } else if (nothingFits(first.get())) {
            exchange.fail(415, cannotCarry(first.get()));
        } else {
            exchange.fail(404, notYet(stream));
        }
    }

    /// Whether all that the publisher sends is of codecs that no segment carries.
    private boolean nothingFits(LiveWindow window) {
        int tracks = server.hub()
                .find(window.stream())
                .map(live -> live.state().tracks().size())
                .orElse(0);
        return tracks > 0 && window.unsupportedTracks().size() == tracks;
    }

    private static String cannotCarry(LiveWindow window) {
        return "%s has %s, which HLS cannot carry here: publish H.264 and AAC"
                .formatted(window.stream(), Playlists.labels(window.unsupportedTracks()));
    }

    private static String reason(LiveWindow window) {
        return window.unsupportedTracks().isEmpty()
                ? ""
                : " that HLS can carry here: it is " + Playlists.labels(window.unsupportedTracks());
    }

    private static String notYet(StreamName stream) {
        return stream + " is live, but its first segment is not complete yet: try again";
    }
}
