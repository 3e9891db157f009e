package dev.sluice.media.flv;

import dev.sluice.media.Entry;
import dev.sluice.media.Payload;
import dev.sluice.media.Track;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Turns the tag bodies of one publication, which are also its RTMP messages, into the entries of a stream.
///
/// The bitstream decides: a track exists once its configuration has come, whatever the metadata promised, and a
/// frame is a key frame when its bytes say so. Codecs that have a configuration class are read; all other codecs of
/// the original FLV pass through as they are. What is changed on the way is stated: NAL unit lengths become 4 bytes,
/// start codes, empty units, AV1 temporal delimiters and ADTS headers go, equal configurations are dropped.
///
/// Times are nanoseconds on the publisher's own clock, unwrapped. One object per publication, for one thread.
/// After a [dev.sluice.media.Malformed] of scope FRAME the next message may be given as if nothing had happened.
///
/// @spec https://rtmp.veriskope.com/pdf/video_file_format_spec_v10_1.pdf FLV 10.1 §E.4
public final class FlvDemuxer {
    /// What the demuxer did not use.
    ///
    /// @param ignored how many messages made no entry, by reason; reasons that did not occur are absent
    public record Stats(Map<Ignored, Long> ignored) {
        public long of(Ignored reason) {
            return ignored.getOrDefault(reason, 0L);
        }
    }

    private final DemuxState state;
    private final VideoBodies video;
    private final AudioBodies audio;
    private final ScriptBodies script;

    /// How many tracks a stream may have; each has a number of 8 bits, and each costs.
    public static final int DEFAULT_MAX_TRACKS = 16;

    /// @param epoch the number of the publication, carried by its [dev.sluice.media.TracksChanged]
    public FlvDemuxer(int epoch) {
        this(epoch, DEFAULT_MAX_TRACKS);
    }

    /// @param epoch the number of the publication, carried by its [dev.sluice.media.TracksChanged]
    /// @param maxTracks further ones are ignored and counted
    public FlvDemuxer(int epoch, int maxTracks) {
        state = new DemuxState(epoch);
        var readers = new Readers(state, maxTracks);
        video = new VideoBodies(state, readers);
        audio = new AudioBodies(state, readers);
        script = new ScriptBodies(state);
    }

    /// Reads one body; `out` gets no, one or two entries before this returns.
    ///
    /// @param timestampMs 0 to 2^32-1
    /// @param body is kept: nobody may change its bytes afterwards
    /// @throws dev.sluice.media.Malformed for a body that breaks its format
    public void accept(int tagType, long timestampMs, Payload body, Consumer<Entry> out) {
        if (body.length() == 0) {
            state.ignored.count(Ignored.EMPTY);
            return;
        }
        switch (tagType) {
            case FlvTag.AUDIO -> audio.accept(timestampMs, body, out);
            case FlvTag.VIDEO -> video.accept(timestampMs, body, out);
            case FlvTag.SCRIPT -> script.accept(timestampMs, body, out);
            default -> state.ignored.unsupported("tag type %d is not supported".formatted(tagType));
        }
    }

    /// The tracks known so far, video before audio.
    public List<Track> tracks() {
        return state.tracks();
    }

    public Stats stats() {
        return state.ignored.stats();
    }

    /// One sentence on the latest message that we cannot carry, for the log and for the publisher's operator.
    public Optional<String> unsupported() {
        return state.ignored.unsupported();
    }
}
