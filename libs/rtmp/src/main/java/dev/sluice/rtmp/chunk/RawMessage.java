package dev.sluice.rtmp.chunk;

/// A complete message as the chunk stream delivers it, not yet interpreted.
///
/// @param csid chunk stream it came on
/// @param type message type number
/// @param timestampMs milliseconds, unsigned 32 bits, wrapping every 49.7 days
/// @param msid message stream
/// @param body exactly the payload; belongs to the receiver
@SuppressWarnings("ArrayRecordComponent") // media bodies are handed over, neither copied nor compared
public record RawMessage(int csid, int type, long timestampMs, int msid, byte[] body) {}
