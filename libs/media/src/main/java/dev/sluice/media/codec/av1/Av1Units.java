package dev.sluice.media.codec.av1;

import dev.sluice.media.FrameKind;
import dev.sluice.media.Payload;
import io.netty.buffer.Unpooled;
import java.util.Optional;

/// One AV1 temporal unit.
///
/// @param payload without temporal delimiters, which FLV and MP4 leave out
/// @param kind what a decoder can do with it
/// @param sequenceHeader the unit, header included, if it carries one
public record Av1Units(Payload payload, FrameKind kind, Optional<Payload> sequenceHeader) {
    private static final int KEY_FRAME = 0;

    /// Walks the units once.
    ///
    /// @param reducedStillPicture see [Av1SequenceInfo#reducedStillPicture()]
    /// @throws dev.sluice.media.Malformed when a size leads past the end
    public static Av1Units of(Payload temporalUnit, boolean reducedStillPicture) {
        var obus = new Obus(temporalUnit);
        int delimiterBytes = 0;
        boolean delimiterInside = false;
        boolean key = false;
        int passedBytes = 0;
        Optional<Payload> sequenceHeader = Optional.empty();
        while (obus.next()) {
            var unit = obus.unit();
            switch (obus.type()) {
                case Obus.TEMPORAL_DELIMITER -> {
                    delimiterInside |= passedBytes > delimiterBytes;
                    delimiterBytes += unit.length();
                }
                case Obus.SEQUENCE_HEADER -> sequenceHeader = Optional.of(unit);
                case Obus.FRAME, Obus.FRAME_HEADER -> key |= reducedStillPicture || isKey(obus.content());
                default -> {} // metadata, tiles, padding
            }
            passedBytes += unit.length();
        }
        var payload = delimiterInside
                ? withoutDelimiters(temporalUnit)
                : temporalUnit.part(delimiterBytes, temporalUnit.length() - delimiterBytes);
        return new Av1Units(payload, key ? FrameKind.KEY : FrameKind.INTER, sequenceHeader);
    }

    /// One delimiter at the start is the rule, and costs no copy; this is for the others.
    private static Payload withoutDelimiters(Payload temporalUnit) {
        var obus = new Obus(temporalUnit);
        var kept = Unpooled.buffer(temporalUnit.length());
        while (obus.next()) {
            if (obus.type() != Obus.TEMPORAL_DELIMITER) {
                obus.unit().writeTo(kept);
            }
        }
        return Payload.copyOf(kept);
    }

    /// `show_existing_frame` 0, `frame_type` key, `show_frame` 1: from here a decoder can start. §5.9.2
    private static boolean isKey(Payload content) {
        if (content.length() == 0) {
            return false;
        }
        int first = content.get(0);
        boolean existing = (first & 0x80) != 0;
        int type = first >> 5 & 3;
        boolean shown = (first & 0x10) != 0;
        return !existing && type == KEY_FRAME && shown;
    }
}
