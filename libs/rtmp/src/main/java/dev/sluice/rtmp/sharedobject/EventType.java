package dev.sluice.rtmp.sharedobject;

/// The byte in front of every event.
final class EventType {
    static final int USE = 1;
    static final int RELEASE = 2;
    static final int REQUEST_CHANGE = 3;
    static final int CHANGE = 4;
    static final int SUCCESS = 5;
    static final int SEND_MESSAGE = 6;
    static final int STATUS = 7;
    static final int CLEAR = 8;
    static final int REMOVE = 9;
    static final int REQUEST_REMOVE = 10;
    static final int USE_SUCCESS = 11;

    private EventType() {}
}
