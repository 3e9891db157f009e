package dev.sluice.media.flv;

import dev.sluice.media.Entry;
import dev.sluice.media.Payload;
import dev.sluice.media.codec.h264.NalUnits;
import dev.sluice.media.codec.h266.VvcConfig;
import java.util.function.Consumer;

/// Reads H.266: the units are put into their normal form and not looked at, so the message's flag says which frames
/// are key frames.
final class VvcReader implements CodecReader {
    private static final int DEFAULT_LENGTH_BYTES = 4;

    private final TrackOut track;
    private int lengthBytes = DEFAULT_LENGTH_BYTES;

    VvcReader(TrackOut track) {
        this.track = track;
    }

    @Override
    public void configuration(Payload vvcC, long timestampMs, Consumer<Entry> out) {
        if (vvcC.length() == 0) {
            track.ignore(Ignored.EMPTY);
            return;
        }
        var config = VvcConfig.parse(DemuxState.configuration(vvcC));
        lengthBytes = config.lengthSize();
        track.configure(config, timestampMs, out);
    }

    @Override
    public void frame(CodedFrame frame, Consumer<Entry> out) {
        if (frame.content().length() == 0) {
            track.ignore(Ignored.EMPTY);
            return;
        }
        var units = NalUnits.normalise(frame.content(), lengthBytes);
        if (units.length() == 0) {
            track.ignore(Ignored.WITHOUT_NAL_UNITS);
            return;
        }
        track.frame(frame, frame.flagged(), units, out);
    }
}
