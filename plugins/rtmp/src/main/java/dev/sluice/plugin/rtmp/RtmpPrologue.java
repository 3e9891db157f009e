package dev.sluice.plugin.rtmp;

import dev.sluice.media.Payload;

/// What a player must have before a frame. Compared by identity: another object is sent anew.
///
/// @param metadata body of a data message; travels on the video chunk stream, so that this has a type 0 header
/// @param headers the sequence headers, as type 1 messages without a time difference; shared
record RtmpPrologue(Payload metadata, Payload headers) {}
