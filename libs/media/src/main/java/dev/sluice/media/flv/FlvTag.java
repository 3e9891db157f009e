package dev.sluice.media.flv;

import dev.sluice.media.Payload;

/// One tag of an FLV file. Its body is what an RTMP message of the same type carries.
///
/// @param type [#AUDIO], [#VIDEO], [#SCRIPT] or another value of five bits
/// @param timestampMs decode time in milliseconds, 0 to 2^32-1; wraps
/// @param body without the tag header
/// @spec https://rtmp.veriskope.com/pdf/video_file_format_spec_v10_1.pdf FLV 10.1 §E.4.1
public record FlvTag(int type, long timestampMs, Payload body) {
    public static final int AUDIO = 8;
    public static final int VIDEO = 9;
    public static final int SCRIPT = 18;

    /// A tag's size field has 24 bits.
    public static final int MAX_BODY_BYTES = 0xff_ffff;
}
