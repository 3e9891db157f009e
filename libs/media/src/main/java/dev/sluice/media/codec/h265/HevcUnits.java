package dev.sluice.media.codec.h265;

import dev.sluice.media.FrameKind;
import dev.sluice.media.Payload;
import dev.sluice.media.bits.NalWalker;
import dev.sluice.media.codec.h264.NalUnits;
import java.util.List;

/// The NAL units of one H.265 access unit with 4-byte lengths.
///
/// @spec https://www.itu.int/rec/T-REC-H.265 ITU-T H.265 §7.4.2.2
public final class HevcUnits {
    private static final int FIRST_RANDOM_ACCESS = 16;
    private static final int LAST_RANDOM_ACCESS = 21;
    /// Even types up to here are pictures that no other picture of their layer refers to.
    private static final int LAST_NOT_REFERRED_TO = 14;
    private static final int LAST_SLICE = 31;

    private HevcUnits() {}

    /// What a decoder can do with an access unit. The flag of its message only counts where the units cannot tell:
    /// whether a picture that its own layer does not need is needed by another.
    ///
    /// @param accessUnit as [NalUnits#normalise] returns it
    /// @throws dev.sluice.media.Malformed when a length leads past the end
    public static FrameKind kindOf(Payload accessUnit, FrameKind flagged) {
        var walker = new NalWalker(accessUnit);
        boolean referredTo = false;
        while (walker.next()) {
            int type = walker.header() >> 1 & 0x3f;
            if (type >= FIRST_RANDOM_ACCESS && type <= LAST_RANDOM_ACCESS) {
                return FrameKind.KEY;
            }
            referredTo |= type <= LAST_SLICE && ((type & 1) == 1 || type > LAST_NOT_REFERRED_TO);
        }
        return flagged == FrameKind.DISPOSABLE && !referredTo ? FrameKind.DISPOSABLE : FrameKind.INTER;
    }

    /// The units of one type, each different one once.
    public static List<Payload> ofType(Payload accessUnit, int type) {
        return NalUnits.matching(accessUnit, header -> (header >> 1 & 0x3f) == type);
    }
}
