package dev.sluice.media.flv;

import dev.sluice.media.Codec;
import dev.sluice.media.Malformed;
import dev.sluice.media.Payload;
import dev.sluice.media.codec.h264.AvcConfig;
import dev.sluice.media.codec.h264.NalUnits;
import dev.sluice.media.codec.h265.HevcConfig;
import dev.sluice.media.codec.h265.HevcUnits;

/// What is under the codec id of H.264. Encoders made before H.265 had a FourCC put it there too, with its parameter
/// sets among the frames. The bytes tell them apart: the units of its parameter sets begin with `40 01` and `42 01`,
/// which H.264 never sends.
final class CodecIdSeven {
    private static final int LENGTH_BYTES = 4;
    private static final int SECOND_HEADER_BYTE = 1; // layer 0, temporal layer 0

    private final DemuxState state;
    private Codec codec = Codec.H264;

    CodecIdSeven(DemuxState state) {
        this.state = state;
    }

    /// The codec of this packet and of the next ones.
    Codec of(AvcPacket packet) {
        var content = packet.content();
        if (content.length() > 0) {
            codec = switch (packet.type()) {
                case CONFIGURATION -> isHevcRecord(content) ? Codec.H265 : Codec.H264;
                case FRAME -> isUndecided() && hasHevcParameterSets(content) ? Codec.H265 : codec;
                case END_OF_SEQUENCE -> codec;
            };
        }
        return codec;
    }

    /// Once frames are read there is no need to look any more.
    private boolean isUndecided() {
        return state.track(codec, 0).isEmpty();
    }

    /// A record of H.264 is always that: the other reading is only tried where it is broken.
    private static boolean isHevcRecord(Payload content) {
        var record = DemuxState.configuration(content);
        try {
            AvcConfig.parse(record);
            return false;
        } catch (Malformed notH264) {
            return isCompleteHevc(record);
        }
    }

    private static boolean isCompleteHevc(Payload record) {
        try {
            return HevcConfig.parse(record).isComplete();
        } catch (Malformed notH265) {
            return false;
        }
    }

    private static boolean hasHevcParameterSets(Payload content) {
        try {
            var units = NalUnits.normalise(content, LENGTH_BYTES);
            return has(units, HevcConfig.NAL_VPS) && has(units, HevcConfig.NAL_SPS);
        } catch (Malformed otherLengths) {
            return false;
        }
    }

    private static boolean has(Payload units, int type) {
        return HevcUnits.ofType(units, type).stream()
                .anyMatch(unit -> unit.length() > 2 && unit.get(1) == SECOND_HEADER_BYTE);
    }
}
