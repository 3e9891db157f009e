package dev.sluice.media.flv;

import dev.sluice.media.Entry;
import dev.sluice.media.FrameKind;
import dev.sluice.media.Payload;
import dev.sluice.media.codec.av1.Av1Config;
import dev.sluice.media.codec.av1.Av1Units;
import java.util.Optional;
import java.util.function.Consumer;

/// Reads AV1. A configuration without a sequence header waits for the first key frame, which has one.
final class Av1Reader implements CodecReader {
    private final TrackOut track;
    private Optional<Av1Config> config = Optional.empty();

    Av1Reader(TrackOut track) {
        this.track = track;
    }

    @Override
    public void configuration(Payload av1C, long timestampMs, Consumer<Entry> out) {
        if (av1C.length() == 0) {
            track.ignore(Ignored.EMPTY);
            return;
        }
        var parsed = Av1Config.parse(DemuxState.configuration(av1C));
        config = Optional.of(parsed);
        if (parsed.isComplete()) {
            track.configure(parsed, timestampMs, out);
        }
    }

    @Override
    public void frame(CodedFrame frame, Consumer<Entry> out) {
        boolean still = config.map(known -> known.info().reducedStillPicture()).orElse(false);
        var units = Av1Units.of(frame.content(), still);
        var header = units.sequenceHeader();
        if (header.isPresent() && config.isPresent() && !config.get().isComplete()) {
            var complete = config.get().withSequenceHeader(DemuxState.configuration(header.get()));
            config = Optional.of(complete);
            track.configure(complete, frame.timestampMs(), out);
        }
        boolean disposable = frame.flagged() == FrameKind.DISPOSABLE && units.kind() == FrameKind.INTER;
        track.frame(frame, disposable ? FrameKind.DISPOSABLE : units.kind(), units.payload(), out);
    }
}
