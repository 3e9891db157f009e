package dev.sluice.rtmp.session;

/// Status codes that clients know.
public final class StatusCode {
    public static final String CONNECT_SUCCESS = "NetConnection.Connect.Success";
    public static final String CONNECT_REJECTED = "NetConnection.Connect.Rejected";
    public static final String CONNECT_INVALID_APP = "NetConnection.Connect.InvalidApp";
    public static final String CONNECT_RECONNECT_REQUEST = "NetConnection.Connect.ReconnectRequest";
    public static final String CALL_FAILED = "NetConnection.Call.Failed";
    public static final String PUBLISH_START = "NetStream.Publish.Start";
    /// The name is in use, or not allowed.
    public static final String PUBLISH_BAD_NAME = "NetStream.Publish.BadName";
    /// Not with this key.
    public static final String PUBLISH_DENIED = "NetStream.Publish.Denied";
    /// The server has stopped the publisher, or cannot take it.
    public static final String PUBLISH_REJECTED = "NetStream.Publish.Rejected";
    public static final String UNPUBLISH_SUCCESS = "NetStream.Unpublish.Success";
    public static final String PLAY_RESET = "NetStream.Play.Reset";
    public static final String PLAY_START = "NetStream.Play.Start";
    public static final String PLAY_STOP = "NetStream.Play.Stop";
    public static final String PLAY_STREAM_NOT_FOUND = "NetStream.Play.StreamNotFound";
    public static final String PLAY_FAILED = "NetStream.Play.Failed";
    /// The player can show none of the stream's codecs.
    public static final String PLAY_NO_SUPPORTED_TRACK = "NetStream.Play.NoSupportedTrackFound";
    public static final String PLAY_PUBLISH_NOTIFY = "NetStream.Play.PublishNotify";
    public static final String PLAY_UNPUBLISH_NOTIFY = "NetStream.Play.UnpublishNotify";
    public static final String PAUSE_NOTIFY = "NetStream.Pause.Notify";
    public static final String UNPAUSE_NOTIFY = "NetStream.Unpause.Notify";
    public static final String SEEK_NOTIFY = "NetStream.Seek.Notify";
    public static final String SEEK_FAILED = "NetStream.Seek.Failed";

    private StatusCode() {}
}
