package dev.sluice.bench;

/// Is told of each message that a walker has passed.
interface MediaSink {
    /// @param type as in RTMP and FLV: 8 audio, 9 video
    /// @param body its first bytes; valid during the call
    /// @param known how many of them are there
    /// @param length of the whole message
    void onMessage(int type, byte[] body, int known, int length);
}
