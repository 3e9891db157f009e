package dev.sluice.rtmp;

/// What a publisher sends, with the message type and the chunk stream that it usually travels on.
public enum MediaKind {
    AUDIO(MessageType.AUDIO, 4),
    VIDEO(MessageType.VIDEO, 6),
    DATA(MessageType.DATA_AMF0, 4);

    private final int messageType;
    private final int chunkStreamId;

    MediaKind(int messageType, int chunkStreamId) {
        this.messageType = messageType;
        this.chunkStreamId = chunkStreamId;
    }

    public int messageType() {
        return messageType;
    }

    public int chunkStreamId() {
        return chunkStreamId;
    }
}
