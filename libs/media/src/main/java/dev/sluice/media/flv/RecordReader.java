package dev.sluice.media.flv;

import dev.sluice.media.CodecConfig;
import dev.sluice.media.Entry;
import dev.sluice.media.FrameKind;
import dev.sluice.media.Payload;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// Reads audio that has a configuration of its own: AAC, Opus, FLAC.
final class RecordReader implements CodecReader {
    private final TrackOut track;
    private final Function<Payload, CodecConfig> parse;
    private final UnaryOperator<Payload> strip;

    /// @param parse reads a configuration; may be given an empty one
    /// @param strip takes out of a frame what does not belong into it
    RecordReader(TrackOut track, Function<Payload, CodecConfig> parse, UnaryOperator<Payload> strip) {
        this.track = track;
        this.parse = parse;
        this.strip = strip;
    }

    @Override
    public void configuration(Payload record, long timestampMs, Consumer<Entry> out) {
        track.configure(parse.apply(DemuxState.configuration(record)), timestampMs, out);
    }

    @Override
    public void frame(CodedFrame frame, Consumer<Entry> out) {
        track.frame(frame, FrameKind.KEY, strip.apply(frame.content()), out);
    }
}
