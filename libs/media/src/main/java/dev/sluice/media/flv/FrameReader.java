package dev.sluice.media.flv;

import dev.sluice.media.CodecConfig;
import dev.sluice.media.Entry;
import dev.sluice.media.FrameKind;
import dev.sluice.media.Payload;
import dev.sluice.media.Track;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/// Reads audio whose frames say everything themselves: AC-3, E-AC-3, MP3. The track is known from its first frame.
final class FrameReader implements CodecReader {
    private final TrackOut track;
    private final Function<Payload, CodecConfig> parse;

    /// @param parse reads the start of a frame
    FrameReader(TrackOut track, Function<Payload, CodecConfig> parse) {
        this.track = track;
        this.parse = parse;
    }

    @Override
    public void configuration(Payload record, long timestampMs, Consumer<Entry> out) {
        track.ignore(Ignored.EMPTY); // it only announces the codec
    }

    @Override
    public void frame(CodedFrame frame, Consumer<Entry> out) {
        if (frame.content().length() == 0) {
            track.ignore(Ignored.EMPTY);
            return;
        }
        var config = parse.apply(frame.content());
        if (!track.track().map(Track::config).equals(Optional.of(config))) {
            track.configure(config, frame.timestampMs(), out);
        }
        track.frame(frame, FrameKind.KEY, frame.content(), out);
    }
}
