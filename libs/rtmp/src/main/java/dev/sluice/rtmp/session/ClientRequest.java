package dev.sluice.rtmp.session;

import dev.sluice.rtmp.RtmpUrl;

/// What a client wants from a server.
///
/// @param flashVer what we call ourselves; some servers behave differently by it
/// @param chunkBytes largest chunk that we send, 128 to 65536
public record ClientRequest(Action action, RtmpUrl url, String flashVer, int chunkBytes) {
    public enum Action {
        PUBLISH,
        PLAY
    }

    private static final int DEFAULT_CHUNK_BYTES = 4096;

    public static ClientRequest publish(RtmpUrl url) {
        return new ClientRequest(Action.PUBLISH, url, "FMLE/3.0 (compatible; Sluice)", DEFAULT_CHUNK_BYTES);
    }

    public static ClientRequest play(RtmpUrl url) {
        return new ClientRequest(Action.PLAY, url, "LNX 9,0,124,2", DEFAULT_CHUNK_BYTES);
    }
}
