package dev.sluice.media.flv;

import dev.sluice.media.Codec;
import dev.sluice.media.Entry;
import dev.sluice.media.Frame;
import dev.sluice.media.FrameKind;
import dev.sluice.media.Malformed;
import dev.sluice.media.Payload;
import dev.sluice.media.TrackKind;
import dev.sluice.media.codec.aac.AacConfig;
import dev.sluice.media.codec.aac.Adts;
import java.util.function.Consumer;

/// Reads the bodies of audio tags. Rate, size and channel bits of the first byte are never believed.
///
/// @spec https://rtmp.veriskope.com/pdf/video_file_format_spec_v10_1.pdf FLV 10.1 §E.4.2
final class AudioBodies {
    private static final int AAC_HEADER_BYTES = 2;

    private final DemuxState state;

    AudioBodies(DemuxState state) {
        this.state = state;
    }

    void accept(long timestampMs, Payload body, Consumer<Entry> out) {
        int format = body.get(0) >> 4;
        switch (format) {
            case 0 -> opaque(Codec.PCM, timestampMs, body, out);
            case 1 -> opaque(Codec.ADPCM, timestampMs, body, out);
            case 2 -> opaque(Codec.MP3, timestampMs, body, out);
            case 3 -> opaque(Codec.PCM_LE, timestampMs, body, out);
            case 4 -> opaque(Codec.NELLYMOSER_16K, timestampMs, body, out);
            case 5 -> opaque(Codec.NELLYMOSER_8K, timestampMs, body, out);
            case 6 -> opaque(Codec.NELLYMOSER, timestampMs, body, out);
            case 7 -> opaque(Codec.G711A, timestampMs, body, out);
            case 8 -> opaque(Codec.G711U, timestampMs, body, out);
            case 9 -> state.ignored.unsupported(EnhancedBodies.describeAudio(body));
            case 10 -> aac(timestampMs, body, out);
            case 11 -> opaque(Codec.SPEEX, timestampMs, body, out);
            case 14 -> opaque(Codec.MP3_8K, timestampMs, body, out);
            default -> state.ignored.unsupported("FLV sound format %d is not supported".formatted(format));
        }
    }

    private void opaque(Codec codec, long timestampMs, Payload body, Consumer<Entry> out) {
        if (body.length() == 1) {
            state.ignored.count(Ignored.EMPTY);
            return;
        }
        var track = state.trackWithoutConfiguration(codec, timestampMs, out);
        long timeNs = state.clock.frameNs(TrackKind.AUDIO, timestampMs);
        out.accept(new Frame(track, timeNs, timeNs, FrameKind.KEY, body));
    }

    private void aac(long timestampMs, Payload body, Consumer<Entry> out) {
        if (body.length() <= AAC_HEADER_BYTES) {
            state.ignored.count(Ignored.EMPTY);
            return;
        }
        var content = body.part(AAC_HEADER_BYTES, body.length() - AAC_HEADER_BYTES);
        switch (body.get(1)) {
            case 0 -> {
                var config = AacConfig.parse(DemuxState.configuration(content));
                state.configure(Codec.AAC, config, timestampMs, out);
            }
            case 1 -> aacFrame(timestampMs, Adts.strip(content), out);
            default -> throw Malformed.frame("AAC packet type %d", body.get(1));
        }
    }

    private void aacFrame(long timestampMs, Payload raw, Consumer<Entry> out) {
        var track = state.track(Codec.AAC);
        if (track.isEmpty()) {
            state.ignored.count(Ignored.BEFORE_CONFIGURATION);
        } else if (raw.length() == 0) {
            state.ignored.count(Ignored.EMPTY);
        } else {
            long timeNs = state.clock.frameNs(TrackKind.AUDIO, timestampMs);
            out.accept(new Frame(track.get(), timeNs, timeNs, FrameKind.KEY, raw));
        }
    }
}
