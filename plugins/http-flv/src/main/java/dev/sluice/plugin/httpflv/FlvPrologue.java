package dev.sluice.plugin.httpflv;

import dev.sluice.media.Track;
import dev.sluice.media.flv.FlvTag;
import java.util.List;

/// What an FLV player must have before a frame: metadata and sequence headers, as tags without a time yet.
///
/// @param audio whether the stream has audio, for the flag in the file header
/// @param video whether the stream has video
/// @param tracks what the tags are about
/// @param tags in the order they are sent; their own timestamps are not used
record FlvPrologue(boolean audio, boolean video, List<Track> tracks, List<FlvTag> tags) {}
