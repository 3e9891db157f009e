package dev.sluice.media.flv;

import dev.sluice.media.Codec;
import dev.sluice.media.Entry;
import dev.sluice.media.Frame;
import dev.sluice.media.FrameKind;
import dev.sluice.media.Malformed;
import dev.sluice.media.Payload;
import dev.sluice.media.TrackKind;
import dev.sluice.media.codec.mp3.Mp3Config;
import java.util.function.Consumer;

/// Reads the bodies of audio tags. Rate, size and channel bits of the first byte are never believed.
///
/// @spec https://rtmp.veriskope.com/pdf/video_file_format_spec_v10_1.pdf FLV 10.1 §E.4.2
final class AudioBodies {
    private static final int AAC_HEADER_BYTES = 2;

    private final DemuxState state;
    private final Readers readers;
    private final EnhancedBodies enhanced;

    AudioBodies(DemuxState state, Readers readers) {
        this.state = state;
        this.readers = readers;
        this.enhanced = new EnhancedBodies(state, readers);
    }

    void accept(long timestampMs, Payload body, Consumer<Entry> out) {
        int format = body.get(0) >> 4;
        switch (format) {
            case 0 -> opaque(Codec.PCM, timestampMs, body, out);
            case 1 -> opaque(Codec.ADPCM, timestampMs, body, out);
            case 2 -> mp3(timestampMs, body, out);
            case 3 -> opaque(Codec.PCM_LE, timestampMs, body, out);
            case 4 -> opaque(Codec.NELLYMOSER_16K, timestampMs, body, out);
            case 5 -> opaque(Codec.NELLYMOSER_8K, timestampMs, body, out);
            case 6 -> opaque(Codec.NELLYMOSER, timestampMs, body, out);
            case 7 -> opaque(Codec.G711A, timestampMs, body, out);
            case 8 -> opaque(Codec.G711U, timestampMs, body, out);
            case 9 -> enhanced.audio(timestampMs, body, out);
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
        var reader = readers.of(Codec.AAC, 0);
        if (reader.isEmpty()) {
            return;
        }
        var content = body.part(AAC_HEADER_BYTES, body.length() - AAC_HEADER_BYTES);
        switch (body.get(1)) {
            case 0 -> reader.get().configuration(content, timestampMs, out);
            case 1 -> reader.get().frame(new CodedFrame(timestampMs, 0, FrameKind.KEY, content), out);
            default -> throw Malformed.frame("AAC packet type %d", body.get(1));
        }
    }

    /// The first byte is kept with the configuration. Bytes that are no MPEG frame are passed on where a frame told
    /// before what the track is.
    private void mp3(long timestampMs, Payload body, Consumer<Entry> out) {
        var track = new TrackOut(state, Codec.MP3, 0);
        var frame = new CodedFrame(timestampMs, 0, FrameKind.KEY, body.part(1, body.length() - 1));
        try {
            new FrameReader(track, content -> Mp3Config.ofFrame(content, body.get(0))).frame(frame, out);
        } catch (Malformed noFrame) {
            track.frame(frame, FrameKind.KEY, frame.content(), out);
        }
    }
}
