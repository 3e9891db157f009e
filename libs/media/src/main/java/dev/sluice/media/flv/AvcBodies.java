package dev.sluice.media.flv;

import dev.sluice.media.Codec;
import dev.sluice.media.Entry;
import dev.sluice.media.Frame;
import dev.sluice.media.FrameKind;
import dev.sluice.media.Payload;
import dev.sluice.media.TrackKind;
import dev.sluice.media.codec.h264.AvcConfig;
import dev.sluice.media.codec.h264.NalUnits;
import java.util.List;
import java.util.function.Consumer;

/// Reads H.264 bodies. A publisher that sends no configuration, or one without parameter sets, gets its
/// configuration from the parameter sets among its frames; as long as it is built from there it also follows
/// their changes.
final class AvcBodies {
    private static final int DEFAULT_LENGTH_BYTES = 4;

    private final DemuxState state;
    private int lengthBytes = DEFAULT_LENGTH_BYTES;
    private boolean configuredByHeader;
    private List<Payload> sps = List.of();
    private List<Payload> pps = List.of();

    AvcBodies(DemuxState state) {
        this.state = state;
    }

    void accept(FrameKind flagged, long timestampMs, Payload body, Consumer<Entry> out) {
        var packet = AvcPacket.parse(body);
        if (packet.type() == AvcPacket.Type.END_OF_SEQUENCE) {
            state.ignored.count(Ignored.END_OF_SEQUENCE);
        } else if (packet.content().length() == 0) {
            state.ignored.count(Ignored.EMPTY);
        } else if (packet.type() == AvcPacket.Type.CONFIGURATION) {
            configuration(packet.content(), timestampMs, out);
        } else {
            accessUnit(packet, flagged == FrameKind.KEY, timestampMs, out);
        }
    }

    private void configuration(Payload avcC, long timestampMs, Consumer<Entry> out) {
        var config = AvcConfig.parse(DemuxState.configuration(avcC));
        lengthBytes = config.lengthSize();
        if (config.isComplete()) {
            configuredByHeader = true;
            state.configure(Codec.H264, config, timestampMs, out);
        } else if (!configuredByHeader) {
            sps = config.sps().isEmpty() ? sps : config.sps();
            pps = config.pps().isEmpty() ? pps : config.pps();
            state.ignored.count(Ignored.EMPTY);
        }
    }

    private void accessUnit(AvcPacket packet, boolean flaggedKey, long timestampMs, Consumer<Entry> out) {
        var units = NalUnits.normalise(packet.content(), lengthBytes);
        if (units.length() == 0) {
            state.ignored.count(Ignored.WITHOUT_NAL_UNITS);
            return;
        }
        var kind = NalUnits.kindOf(units, flaggedKey);
        if (!configuredByHeader) {
            configureFromBand(units, timestampMs, out);
        }
        var track = state.track(Codec.H264);
        if (track.isEmpty()) {
            state.ignored.count(Ignored.BEFORE_CONFIGURATION);
            return;
        }
        long dtsNs = state.clock.frameNs(TrackKind.VIDEO, timestampMs);
        out.accept(new Frame(track.get(), dtsNs, dtsNs + packet.compositionNs(), kind, units));
    }

    private void configureFromBand(Payload units, long timestampMs, Consumer<Entry> out) {
        var newSps = foundOr(sps, NalUnits.ofType(units, NalUnits.TYPE_SPS));
        var newPps = foundOr(pps, NalUnits.ofType(units, NalUnits.TYPE_PPS));
        boolean known = state.track(Codec.H264).isPresent() && newSps.equals(sps) && newPps.equals(pps);
        if (!known && !newSps.isEmpty() && !newPps.isEmpty()) {
            state.configure(Codec.H264, AvcConfig.ofParameterSets(newSps, newPps), timestampMs, out);
        }
        sps = newSps;
        pps = newPps;
    }

    private static List<Payload> foundOr(List<Payload> known, List<Payload> found) {
        return found.isEmpty() ? known : found;
    }
}
