package dev.sluice.media.flv;

import dev.sluice.media.Codec;
import dev.sluice.media.Track;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/// What a receiver of FLV bodies understands beyond the original FLV. A value: receivers of equal dialects can share
/// their bytes.
///
/// @param enhanced codecs that may be sent by FourCC; those of the original FLV need not be among them
/// @param multitrack whether tracks other than the default ones may be sent
/// @param nanoseconds whether packets may carry the part of their time below a millisecond
/// @param hevcAsId12 whether H.265 goes under codec id 12 instead of its FourCC
/// @spec https://veovera.org/docs/enhanced/enhanced-rtmp-v2 E-RTMP v2, Enhancing NetConnection connect Command
public record FlvDialect(Set<Codec> enhanced, boolean multitrack, boolean nanoseconds, boolean hevcAsId12) {
    private static final Set<Codec> ALL_FOURCCS = Arrays.stream(Codec.values())
            .filter(codec -> !codec.fourCc().isEmpty())
            .collect(Collectors.toUnmodifiableSet());

    /// The original FLV.
    public static final FlvDialect PLAIN = new FlvDialect(Set.of(), false, false, false);

    /// Every codec, default tracks only: what receivers get that say nothing.
    public static final FlvDialect SINGLE_TRACKS = new FlvDialect(ALL_FOURCCS, false, false, false);

    public static final FlvDialect EVERYTHING = new FlvDialect(ALL_FOURCCS, true, true, false);

    public FlvDialect {
        enhanced = Set.copyOf(enhanced);
    }

    /// Whether a receiver gets this track at all.
    public boolean carries(Track track) {
        if (track.id() != 0) {
            return multitrack && enhanced.contains(track.codec());
        }
        return Form.isOriginal(track)
                || enhanced.contains(track.codec())
                || (hevcAsId12 && track.codec() == Codec.H265);
    }
}
