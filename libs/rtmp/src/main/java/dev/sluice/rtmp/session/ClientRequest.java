package dev.sluice.rtmp.session;

import dev.sluice.rtmp.RtmpUrl;
import dev.sluice.rtmp.handshake.HandshakeForm;

/// What a client wants from a server.
///
/// @param flashVer what we call ourselves; some servers behave differently by it
/// @param chunkBytes largest chunk that we send, 128 to 65536
/// @param handshake form of our side; old servers of the Adobe family want a signed one
/// @param connectQuery `?…` behind the application in `connect`, empty for none; a login goes there
public record ClientRequest(
        Action action, RtmpUrl url, String flashVer, int chunkBytes, HandshakeForm handshake, String connectQuery) {
    public enum Action {
        PUBLISH,
        PLAY
    }

    private static final int DEFAULT_CHUNK_BYTES = 4096;

    public static ClientRequest publish(RtmpUrl url) {
        return simple(Action.PUBLISH, url, "FMLE/3.0 (compatible; Sluice)");
    }

    public static ClientRequest play(RtmpUrl url) {
        return simple(Action.PLAY, url, "LNX 9,0,124,2");
    }

    private static ClientRequest simple(Action action, RtmpUrl url, String flashVer) {
        return new ClientRequest(action, url, flashVer, DEFAULT_CHUNK_BYTES, HandshakeForm.SIMPLE, "");
    }

    /// The same with a handshake of your choice.
    public ClientRequest with(HandshakeForm form) {
        return new ClientRequest(action, url, flashVer, chunkBytes, form, connectQuery);
    }

    /// The same at another address, where no login has begun.
    ClientRequest at(RtmpUrl other) {
        return new ClientRequest(action, other, flashVer, chunkBytes, handshake, "");
    }

    ClientRequest withConnectQuery(String query) {
        return new ClientRequest(action, url, flashVer, chunkBytes, handshake, query);
    }

    /// Without the login.
    @Override
    public String toString() {
        return action + " " + url;
    }
}
