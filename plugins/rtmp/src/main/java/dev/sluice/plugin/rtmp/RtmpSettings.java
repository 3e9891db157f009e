package dev.sluice.plugin.rtmp;

import dev.sluice.media.flv.FlvDemuxer;
import dev.sluice.rtmp.RtmpLimits;
import dev.sluice.rtmp.RtmpUrl;
import dev.sluice.rtmp.netty.RtmpTimeouts;
import dev.sluice.rtmp.session.ServerSession;
import dev.sluice.server.config.Doc;
import dev.sluice.server.config.Range;
import dev.sluice.server.config.ServerWide;

/// Settings of RTMP. What counts before the application of a connection is known holds for the whole server.
///
/// @param port 0 takes a free one
/// @param chunkBytes largest chunk that we send
/// @param rtmpe whether clients may ask for RTMPE
/// @param tunnel RTMPT
/// @param webSocket RTMP over WebSocket
/// @param undeclared what players get that do not say which codecs they can play
/// @param redirect address of the application that clients are sent to instead; empty to serve them here
/// @param handshakeMs a connection that has not finished its handshake by then is closed
/// @param connectMs from the handshake to `connect`
/// @param startMs from `connect` to an accepted publish or play
/// @param readIdleMs a publisher from which no byte arrives
/// @param firstMediaMs from an accepted publish to its first audio or video
/// @param mediaIdleMs a publisher that sends neither audio nor video
/// @param pingMs how often a player is asked for a sign of life; 0 for never
/// @param maxTracks tracks of one stream; further ones are ignored
/// @param videoMaxBytes largest video message
/// @param audioMaxBytes largest audio message
/// @param dataMaxBytes largest data message
/// @param sharedObjects whether clients may share objects, and what those may cost
/// @param limits what else a connection may cost
public record RtmpSettings(
        @ServerWide @Doc("TCP port; 0 takes a free one.") @Range(min = 0, max = 65_535)
        int port,

        @ServerWide
        @Doc("Largest chunk that we send. Large chunks make every frame one chunk.")
        @Range(min = 128, max = 1_048_576)
        int chunkBytes,

        @ServerWide
        @Doc("Whether clients may ask for RTMPE (and RTMPTE). It scrambles the bytes, for players that know nothing "
                + "better; whoever can listen can unscramble them. Use TLS where a secret has to stay one.")
        boolean rtmpe,

        @ServerWide @Doc("RTMPT: RTMP in the bodies of HTTP requests.")
        TunnelSettings tunnel,

        @ServerWide @Doc("RTMP over WebSocket.") WebSocketSettings webSocket,

        @Doc(
                "What players get that do not say which codecs beyond H.264 and AAC they can play: 'fourcc' (all, as Enhanced "
                        + "RTMP: FFmpeg 6.1 and later play it without saying so), 'id12' (H.265 under codec id 12, nothing else), "
                        + "'none'. A player can ask for id 12 itself: name?hevc=12.")
        Undeclared undeclared,

        @Doc(
                "Send the clients of this application elsewhere, such as 'rtmp://other.example/live': publishers and players, "
                        + "with the answer to 'connect'. Empty: serve them here. Some programs do not follow, and show the address.")
        String redirect,

        @ServerWide
        @Doc("A connection without a finished handshake is closed after this.")
        @Range(min = 100, max = 60_000)
        int handshakeMs,

        @ServerWide @Doc("From the handshake to 'connect'.") @Range(min = 100, max = 60_000)
        int connectMs,

        @ServerWide @Doc("From 'connect' to an accepted publish or play.") @Range(min = 100, max = 600_000)
        int startMs,

        @ServerWide
        @Doc("A publisher from which no byte arrives is closed after this.")
        @Range(min = 100, max = 600_000)
        int readIdleMs,

        @Doc("From an accepted publish to its first audio or video.") @Range(min = 100, max = 600_000)
        int firstMediaMs,

        @Doc("A publisher that sends neither audio nor video is closed after this.") @Range(min = 100, max = 600_000)
        int mediaIdleMs,

        @ServerWide
        @Doc("How often a player is pinged, so that routers do not forget its connection; 0 for never. No answer is no "
                + "reason to close.")
        @Range(min = 0, max = 3_600_000)
        int pingMs,

        @Doc("Tracks of one stream, video and audio together; further ones are ignored.") @Range(min = 1, max = 512)
        int maxTracks,

        @ServerWide
        @Doc("Largest video message. Key frames of 4K cameras need megabytes.")
        @Range(min = 65_536, max = 16_777_215)
        int videoMaxBytes,

        @ServerWide @Doc("Largest audio message.") @Range(min = 4_096, max = 16_777_215)
        int audioMaxBytes,

        @ServerWide @Doc("Largest data message.") @Range(min = 4_096, max = 16_777_215)
        int dataMaxBytes,

        @Doc("Shared objects: named sets of values that the clients of an application see alike.")
        SharedObjectSettings sharedObjects,

        @ServerWide
        @Doc("What else one connection may cost. A hit is counted; docs/reference/limits.md says what the "
                + "client sees.")
        RtmpLimitSettings limits) {
    public static final RtmpSettings DEFAULTS = new RtmpSettings(
            1935,
            ServerSession.DEFAULT_CHUNK_BYTES,
            false,
            TunnelSettings.DEFAULTS,
            WebSocketSettings.DEFAULTS,
            Undeclared.FOURCC,
            "",
            5_000,
            5_000,
            30_000,
            30_000,
            30_000,
            15_000,
            60_000,
            FlvDemuxer.DEFAULT_MAX_TRACKS,
            10 << 20,
            256 << 10,
            256 << 10,
            SharedObjectSettings.DEFAULTS,
            RtmpLimitSettings.DEFAULTS);

    public RtmpSettings {
        if (!redirect.isEmpty()) {
            try {
                var _ = RtmpUrl.parse(redirect + "/name");
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "redirect must be the address of an application, such as rtmp://other.example/live", e);
            }
        }
    }

    /// What a player gets that says nothing about codecs.
    public enum Undeclared {
        FOURCC,
        ID12,
        NONE
    }

    RtmpTimeouts timeouts() {
        return new RtmpTimeouts(
                handshakeMs, connectMs, startMs, readIdleMs, pingMs, RtmpTimeouts.DEFAULTS.closeGraceMs());
    }

    RtmpLimits rtmpLimits() {
        return limits.with(videoMaxBytes, audioMaxBytes, dataMaxBytes);
    }
}
