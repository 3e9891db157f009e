package dev.sluice.rtmp.message;

/// Numbers of user control events. @spec RTMP 1.0 §7.1.7
public final class UserEvent {
    public static final int STREAM_BEGIN = 0;
    public static final int STREAM_EOF = 1;
    public static final int SET_BUFFER_LENGTH = 3;
    public static final int PING_REQUEST = 6;
    public static final int PING_RESPONSE = 7;

    private UserEvent() {}
}
