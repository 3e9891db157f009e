package dev.sluice.media.flv;

import dev.sluice.media.Codec;
import dev.sluice.media.CodecConfig;
import dev.sluice.media.Payload;
import dev.sluice.media.TrackKind;
import dev.sluice.media.codec.aac.AacConfig;
import dev.sluice.media.codec.aac.Adts;
import dev.sluice.media.codec.ac3.Ac3Config;
import dev.sluice.media.codec.ac3.Eac3Config;
import dev.sluice.media.codec.flac.FlacConfig;
import dev.sluice.media.codec.mp3.Mp3Config;
import dev.sluice.media.codec.opus.OpusConfig;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The readers of a publication's tracks, one for each that it sends. Both forms of a message, old and enhanced, come
/// to the same reader, because they share their track numbers.
final class Readers {
    private static final int MONO = 1;
    private static final int STEREO = 2;

    private record Key(TrackKind kind, int id) {}

    private record Entry(Codec codec, int id, CodecReader reader) {}

    private final DemuxState state;
    private final int maxTracks;
    private final Map<Key, Entry> readers = new HashMap<>();
    /// Asked for last, of each kind: nearly always the next one too.
    private final @Nullable Entry[] latest = new @Nullable Entry[TrackKind.values().length];

    Readers(DemuxState state, int maxTracks) {
        this.state = state;
        this.maxTracks = maxTracks;
    }

    /// The reader of a track; a new one when the track changes its codec. Empty for a track too many, which is
    /// counted.
    Optional<CodecReader> of(Codec codec, int id) {
        var last = latest[codec.kind().ordinal()];
        if (last != null && last.codec == codec && last.id == id) {
            return Optional.of(last.reader);
        }
        var key = new Key(codec.kind(), id);
        var present = readers.get(key);
        if (present != null && present.codec == codec) {
            latest[codec.kind().ordinal()] = present;
            return Optional.of(present.reader);
        }
        if (present == null && readers.size() >= maxTracks) {
            state.ignored.count(Ignored.TOO_MANY_TRACKS);
            return Optional.empty();
        }
        var made = new Entry(codec, id, make(new TrackOut(state, codec, id)));
        readers.put(key, made);
        latest[codec.kind().ordinal()] = made;
        return Optional.of(made.reader);
    }

    private CodecReader make(TrackOut track) {
        return switch (track.codec()) {
            case H264 -> new AvcReader(track);
            case H265 -> new HevcReader(track);
            case H266 -> new VvcReader(track);
            case AV1 -> new Av1Reader(track);
            case VP8, VP9 -> new VpReader(track);
            case AAC -> new RecordReader(track, AacConfig::parse, Adts::strip);
            case OPUS -> new RecordReader(track, record -> opus(record, track), UnaryOperator.identity());
            case FLAC -> new RecordReader(track, FlacConfig::parse, UnaryOperator.identity());
            case AC3 -> new FrameReader(track, Ac3Config::ofFrame);
            case EAC3 -> new FrameReader(track, Eac3Config::ofFrame);
            case MP3 -> new FrameReader(track, frame -> Mp3Config.ofFrame(frame, Mp3Config.NO_FLV_HEADER));
            default -> throw new IllegalArgumentException(track.codec() + " is not read but passed on whole");
        };
    }

    /// An empty header leaves the number of channels to the channel layout, and that to the habit of stereo.
    private static CodecConfig opus(Payload head, TrackOut track) {
        if (head.length() > 0) {
            return OpusConfig.parse(head);
        }
        var layout = track.state().side(track.codec(), track.id()).channelLayout();
        boolean mono = layout.length() > 1 && layout.get(1) == MONO;
        return OpusConfig.ofChannels(mono ? MONO : STEREO);
    }
}
