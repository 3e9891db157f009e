package dev.sluice.media.flv;

import dev.sluice.media.Codec;
import dev.sluice.media.Entry;
import dev.sluice.media.Frame;
import dev.sluice.media.FrameKind;
import dev.sluice.media.Malformed;
import dev.sluice.media.Payload;
import dev.sluice.media.TrackKind;
import java.util.function.Consumer;
import java.util.function.Function;

/// Reads the bodies of video tags: decides by the first byte who reads the rest.
///
/// @spec https://rtmp.veriskope.com/pdf/video_file_format_spec_v10_1.pdf FLV 10.1 §E.4.3.1
final class VideoBodies {
    static final int FRAME_KEY = 1;
    static final int FRAME_INTER = 2;
    static final int FRAME_DISPOSABLE = 3;
    static final int FRAME_GENERATED_KEY = 4;
    static final int FRAME_COMMAND = 5;

    private final DemuxState state;
    private final Readers readers;
    private final EnhancedBodies enhanced;
    private final CodecIdSeven codecIdSeven;

    VideoBodies(DemuxState state, Readers readers) {
        this.state = state;
        this.readers = readers;
        this.enhanced = new EnhancedBodies(state, readers);
        this.codecIdSeven = new CodecIdSeven(state);
    }

    void accept(long timestampMs, Payload body, Consumer<Entry> out) {
        int first = body.get(0);
        boolean isEnhanced = (first & 0x80) != 0;
        int frameType = first >> 4 & (isEnhanced ? 7 : 15);
        boolean isCommand =
                isEnhanced ? !enhanced.video(timestampMs, frameType, body, out) : frameType == FRAME_COMMAND;
        if (isCommand) {
            command(timestampMs, body, out);
        } else if (!isEnhanced) {
            coded(first & 15, flagged(frameType), timestampMs, body, out);
        }
    }

    static FrameKind flagged(int frameType) {
        return switch (frameType) {
            case FRAME_KEY, FRAME_GENERATED_KEY -> FrameKind.KEY;
            case FRAME_INTER -> FrameKind.INTER;
            case FRAME_DISPOSABLE -> FrameKind.DISPOSABLE;
            default -> throw Malformed.frame("video frame type %d", frameType);
        };
    }

    private void coded(int codecId, FrameKind flagged, long timestampMs, Payload body, Consumer<Entry> out) {
        switch (codecId) {
            case 2 -> opaque(Codec.SORENSON, flagged, timestampMs, body, out);
            case 3 -> opaque(Codec.SCREEN, flagged, timestampMs, body, out);
            case 4 -> opaque(Codec.VP6, flagged, timestampMs, body, out);
            case 5 -> opaque(Codec.VP6A, flagged, timestampMs, body, out);
            case 6 -> opaque(Codec.SCREEN2, flagged, timestampMs, body, out);
            case 7 -> avcLayout(codecIdSeven::of, flagged, timestampMs, body, out);
            case 12 -> avcLayout(packet -> Codec.H265, flagged, timestampMs, body, out);
            default -> state.ignored.unsupported("FLV video codec id %d is not supported".formatted(codecId));
        }
    }

    private void avcLayout(
            Function<AvcPacket, Codec> codec, FrameKind flagged, long timestampMs, Payload body, Consumer<Entry> out) {
        var packet = AvcPacket.parse(body);
        if (packet.type() == AvcPacket.Type.END_OF_SEQUENCE) {
            state.ignored.count(Ignored.END_OF_SEQUENCE);
            return;
        }
        var reader = readers.of(codec.apply(packet), 0);
        if (reader.isEmpty()) {
            return;
        }
        if (packet.type() == AvcPacket.Type.CONFIGURATION) {
            reader.get().configuration(packet.content(), timestampMs, out);
        } else {
            reader.get().frame(new CodedFrame(timestampMs, packet.compositionNs(), flagged, packet.content()), out);
        }
    }

    /// A command to the player belongs to whatever video track there is, and is passed on whole.
    private void command(long timestampMs, Payload body, Consumer<Entry> out) {
        var track = state.first(TrackKind.VIDEO);
        if (track.isEmpty()) {
            state.ignored.count(Ignored.BEFORE_CONFIGURATION);
            return;
        }
        long timeNs = state.clock.frameNs(TrackKind.VIDEO, timestampMs);
        out.accept(new Frame(track.get(), timeNs, timeNs, FrameKind.COMMAND, body));
    }

    private void opaque(Codec codec, FrameKind kind, long timestampMs, Payload body, Consumer<Entry> out) {
        if (body.length() == 1) {
            state.ignored.count(Ignored.EMPTY);
            return;
        }
        var track = state.trackWithoutConfiguration(codec, timestampMs, out);
        long timeNs = state.clock.frameNs(TrackKind.VIDEO, timestampMs);
        out.accept(new Frame(track, timeNs, timeNs, kind, body));
    }
}
