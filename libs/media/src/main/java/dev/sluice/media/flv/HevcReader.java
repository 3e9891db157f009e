package dev.sluice.media.flv;

import dev.sluice.media.Entry;
import dev.sluice.media.Payload;
import dev.sluice.media.codec.h264.NalUnits;
import dev.sluice.media.codec.h265.HevcConfig;
import dev.sluice.media.codec.h265.HevcUnits;
import java.util.List;
import java.util.function.Consumer;

/// Reads H.265, by the same rules as H.264: parameter sets among the frames make up for a configuration that is
/// missing or lacks them.
final class HevcReader implements CodecReader {
    private static final int DEFAULT_LENGTH_BYTES = 4;

    private record Sets(List<Payload> vps, List<Payload> sps, List<Payload> pps) {
        static final Sets NONE = new Sets(List.of(), List.of(), List.of());

        /// With those of an access unit in the place of the older ones.
        Sets after(Payload units) {
            return new Sets(
                    AvcReader.foundOr(vps, HevcUnits.ofType(units, HevcConfig.NAL_VPS)),
                    AvcReader.foundOr(sps, HevcUnits.ofType(units, HevcConfig.NAL_SPS)),
                    AvcReader.foundOr(pps, HevcUnits.ofType(units, HevcConfig.NAL_PPS)));
        }

        boolean areComplete() {
            return !vps.isEmpty() && !sps.isEmpty() && !pps.isEmpty();
        }
    }

    private final TrackOut track;
    private int lengthBytes = DEFAULT_LENGTH_BYTES;
    private boolean configuredByHeader;
    private Sets sets = Sets.NONE;

    HevcReader(TrackOut track) {
        this.track = track;
    }

    @Override
    public void configuration(Payload hvcC, long timestampMs, Consumer<Entry> out) {
        if (hvcC.length() == 0) {
            track.ignore(Ignored.EMPTY);
            return;
        }
        var config = HevcConfig.parse(DemuxState.configuration(hvcC));
        lengthBytes = config.lengthSize();
        if (config.isComplete()) {
            configuredByHeader = true;
            track.configure(config, timestampMs, out);
        } else if (!configuredByHeader) {
            sets = new Sets(
                    AvcReader.foundOr(sets.vps, config.vps()),
                    AvcReader.foundOr(sets.sps, config.sps()),
                    AvcReader.foundOr(sets.pps, config.pps()));
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
        var kind = HevcUnits.kindOf(units, frame.flagged());
        if (!configuredByHeader) {
            configureFromBand(units, frame.timestampMs(), out);
        }
        track.frame(frame, kind, units, out);
    }

    private void configureFromBand(Payload units, long timestampMs, Consumer<Entry> out) {
        var found = sets.after(units);
        boolean known = track.track().isPresent() && found.equals(sets);
        if (!known && found.areComplete()) {
            track.configure(HevcConfig.ofParameterSets(found.vps, found.sps, found.pps), timestampMs, out);
        }
        sets = found;
    }
}
