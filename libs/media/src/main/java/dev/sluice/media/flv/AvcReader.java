package dev.sluice.media.flv;

import dev.sluice.media.Entry;
import dev.sluice.media.FrameKind;
import dev.sluice.media.Payload;
import dev.sluice.media.codec.h264.AvcConfig;
import dev.sluice.media.codec.h264.NalUnits;
import java.util.List;
import java.util.function.Consumer;

/// Reads H.264. A publisher that sends no configuration, or one without parameter sets, gets its configuration from
/// the parameter sets among its frames; as long as it is built from there it also follows their changes.
final class AvcReader implements CodecReader {
    private static final int DEFAULT_LENGTH_BYTES = 4;

    private final TrackOut track;
    private int lengthBytes = DEFAULT_LENGTH_BYTES;
    private boolean configuredByHeader;
    private List<Payload> sps = List.of();
    private List<Payload> pps = List.of();

    AvcReader(TrackOut track) {
        this.track = track;
    }

    @Override
    public void configuration(Payload avcC, long timestampMs, Consumer<Entry> out) {
        if (avcC.length() == 0) {
            track.ignore(Ignored.EMPTY);
            return;
        }
        var config = AvcConfig.parse(DemuxState.configuration(avcC));
        lengthBytes = config.lengthSize();
        if (config.isComplete()) {
            configuredByHeader = true;
            track.configure(config, timestampMs, out);
        } else if (!configuredByHeader) {
            sps = config.sps().isEmpty() ? sps : config.sps();
            pps = config.pps().isEmpty() ? pps : config.pps();
            track.ignore(Ignored.EMPTY);
        }
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
        var kind = NalUnits.kindOf(units, frame.flagged() == FrameKind.KEY);
        if (!configuredByHeader) {
            configureFromBand(units, frame.timestampMs(), out);
        }
        track.frame(frame, kind, units, out);
    }

    private void configureFromBand(Payload units, long timestampMs, Consumer<Entry> out) {
        var newSps = foundOr(sps, NalUnits.ofType(units, NalUnits.TYPE_SPS));
        var newPps = foundOr(pps, NalUnits.ofType(units, NalUnits.TYPE_PPS));
        boolean known = track.track().isPresent() && newSps.equals(sps) && newPps.equals(pps);
        if (!known && !newSps.isEmpty() && !newPps.isEmpty()) {
            track.configure(AvcConfig.ofParameterSets(newSps, newPps), timestampMs, out);
        }
        sps = newSps;
        pps = newPps;
    }

    static List<Payload> foundOr(List<Payload> known, List<Payload> found) {
        return found.isEmpty() ? known : found;
    }
}
