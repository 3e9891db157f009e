package dev.sluice.segments;

import dev.sluice.media.Payload;
import dev.sluice.media.Track;
import dev.sluice.media.VideoConfig;
import dev.sluice.media.mp4.CmafMuxer;
import dev.sluice.media.mp4.Sample;
import dev.sluice.media.mp4.TrackRun;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/// What one track contributes to a segment, before it is bytes.
///
/// @param baseTicks decode time of the first sample in the track's timescale
/// @param samples at least one
record Part(Track track, long baseTicks, List<Sample> samples, long startNs, long endNs) {
    private static final int TRACK_ID = 1;

    /// Written once, into an array of exactly its size.
    Payload fragment(int fragmentNumber) {
        var runs = List.of(new TrackRun(TRACK_ID, baseTicks, samples));
        var bytes = new byte[CmafMuxer.fragmentBytes(runs)];
        CmafMuxer.writeFragment(Unpooled.wrappedBuffer(bytes).clear(), fragmentNumber, runs);
        return Payload.of(bytes);
    }

    /// The same with the parameter sets in front of its first frame, if that is a key frame. A player that does
    /// not read a second initialisation, as FFmpeg, finds them there.
    Part withParameterSets() {
        if (!(track.config() instanceof VideoConfig video) || !beginsWithKey()) {
            return this;
        }
        var changed = new ArrayList<>(samples);
        changed.set(0, withSets(video, samples.getFirst()));
        return new Part(track, baseTicks, changed, startNs, endNs);
    }

    private static Sample withSets(VideoConfig video, Sample first) {
        return new Sample(
                video.withParameterSets(first.payload()), first.durationTicks(), first.compositionTicks(), first.key());
    }

    boolean beginsWithKey() {
        return samples.getFirst().key();
    }
}
