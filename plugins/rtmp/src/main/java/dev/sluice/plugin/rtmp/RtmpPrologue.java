package dev.sluice.plugin.rtmp;

import dev.sluice.media.Payload;
import dev.sluice.media.Track;
import java.util.List;

/// What a player must have before a frame. Compared by identity: another object is sent anew.
///
/// @param metadata body of a data message; travels on the video chunk stream, so that this has a type 0 header
/// @param headers the sequence headers, as type 1 messages without a time difference; shared
/// @param tracks what the headers are about
record RtmpPrologue(Payload metadata, Payload headers, List<Track> tracks) {}
