package dev.sluice.media.flv;

import dev.sluice.media.Codec;
import dev.sluice.media.CodecConfig;
import dev.sluice.media.Entry;
import dev.sluice.media.Frame;
import dev.sluice.media.FrameKind;
import dev.sluice.media.Payload;
import dev.sluice.media.Track;
import java.util.Optional;
import java.util.function.Consumer;

/// Where the reader of one track puts what it read.
///
/// @param id of the track
record TrackOut(DemuxState state, Codec codec, int id) {
    /// The track, once it is configured.
    Optional<Track> track() {
        return state.track(codec, id);
    }

    void configure(CodecConfig config, long timestampMs, Consumer<Entry> out) {
        state.configure(codec, id, config, timestampMs, out);
    }

    void ignore(Ignored why) {
        state.ignored.count(why);
    }

    /// Writes a frame of the configured track; counts it where there is none yet, or nothing in it.
    void frame(CodedFrame frame, FrameKind kind, Payload payload, Consumer<Entry> out) {
        var track = track();
        if (track.isEmpty()) {
            ignore(Ignored.BEFORE_CONFIGURATION);
        } else if (payload.length() == 0) {
            ignore(Ignored.EMPTY);
        } else {
            long dtsNs = state.clock.frameNs(codec.kind(), frame.timestampMs());
            out.accept(new Frame(track.get(), dtsNs, dtsNs + frame.compositionNs(), kind, payload));
        }
    }
}
