package dev.sluice.media.codec.h265;

import dev.sluice.media.Colour;
import dev.sluice.media.Malformed;
import dev.sluice.media.Payload;
import dev.sluice.media.VideoConfig;
import dev.sluice.media.bits.BitReader;
import dev.sluice.media.bits.NalPrefix;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/// The decoder configuration of an H.265 track. Two are equal when their `hvcC` bytes are.
///
/// @param hvcC the HEVCDecoderConfigurationRecord, byte for byte as it came, except that it always announces 4-byte
///     NAL unit lengths, because frames in the log have no others
/// @param lengthSize the NAL unit length size that the record announced: 1 to 4, what its publisher's frames have
/// @param vps video parameter sets, headers included; may be empty
/// @param sps sequence parameter sets; may be empty
/// @param pps picture parameter sets; may be empty
/// @param info the first sequence parameter set, read; without a size where there is none
/// @spec https://www.iso.org/standard/83336.html ISO/IEC 14496-15 §8.3.3.1
public record HevcConfig(
        Payload hvcC, int lengthSize, List<Payload> vps, List<Payload> sps, List<Payload> pps, HevcSpsInfo info)
        implements VideoConfig {
    public static final int NAL_VPS = 32;
    public static final int NAL_SPS = 33;
    public static final int NAL_PPS = 34;

    private static final int NAL_DELIMITER = 35;
    private static final int VERSION = 1;
    private static final int LENGTH_SIZE_INDEX = 21;
    private static final int HEADER_BYTES = 23;
    private static final int MAX_PARAMETER_SETS = 64;
    private static final int MAX_PARAMETER_SET_BYTES = 0xffff;

    public HevcConfig {
        vps = List.copyOf(vps);
        sps = List.copyOf(sps);
        pps = List.copyOf(pps);
    }

    /// Reads a record. NAL units of other types, such as SEI, are kept and not read.
    ///
    /// @throws Malformed when a length does not fit, or the first sequence parameter set cannot be read
    public static HevcConfig parse(Payload hvcC) {
        var in = new BitReader(hvcC, "hvcC");
        int version = in.bits(8);
        if (version != VERSION) {
            throw Malformed.frame("hvcC of version %d", version);
        }
        in.skip(8L * (LENGTH_SIZE_INDEX - 1));
        int lengthSize = (in.bits(8) & 3) + 1;
        var sets = new Sets();
        int arrays = in.remainingBits() == 0 ? 0 : in.bits(8);
        for (int i = 0; i < arrays; i++) {
            int type = in.bits(8) & 0x3f;
            int units = in.bits(16);
            for (int unit = 0; unit < units; unit++) {
                sets.add(type, in.bytes(in.bits(16)));
            }
        }
        var info = sets.sps.isEmpty() ? HevcSpsInfo.UNKNOWN : HevcSpsInfo.parse(sets.sps.getFirst());
        return new HevcConfig(announcingFourByteLengths(hvcC), lengthSize, sets.vps, sets.sps, sets.pps, info);
    }

    /// Builds the record for a stream that carries its parameter sets among its frames.
    ///
    /// @throws Malformed when one kind is missing, there are too many, one is too long, or the first cannot be read
    public static HevcConfig ofParameterSets(List<Payload> vps, List<Payload> sps, List<Payload> pps) {
        if (vps.isEmpty() || sps.isEmpty() || pps.isEmpty()) {
            throw Malformed.frame(
                    "%d video, %d sequence and %d picture parameter sets", vps.size(), sps.size(), pps.size());
        }
        var info = HevcSpsInfo.parse(sps.getFirst());
        var out = Unpooled.buffer();
        out.writeByte(VERSION);
        info.profileTierLevel().writeTo(out); // 12 bytes, in the same order as in the parameter set
        out.writeShort(0xf000); // spatial segmentation: not said
        out.writeByte(0xfc); // parallelism: not said
        out.writeByte(0xfc | info.chromaFormat());
        out.writeByte(0xf8 | (info.bitDepthLuma() - 8));
        out.writeByte(0xf8 | (info.bitDepthChroma() - 8));
        out.writeShort(0); // average frame rate: not said
        out.writeByte(0x0f); // one temporal layer, nested, 4-byte lengths
        out.writeByte(3);
        writeArray(NAL_VPS, vps, out);
        writeArray(NAL_SPS, sps, out);
        writeArray(NAL_PPS, pps, out);
        return new HevcConfig(Payload.copyOf(out), 4, vps, sps, pps, info);
    }

    @Override
    public int width() {
        return info.width();
    }

    @Override
    public int height() {
        return info.height();
    }

    @Override
    public double framesPerSecond() {
        return info.framesPerSecond();
    }

    @Override
    public Colour colour() {
        return info.colour();
    }

    @Override
    public boolean isComplete() {
        return !vps.isEmpty() && !sps.isEmpty() && !pps.isEmpty();
    }

    @Override
    public Payload withParameterSets(Payload keyFrame) {
        var sets = new ArrayList<>(vps);
        sets.addAll(sps);
        sets.addAll(pps);
        return NalPrefix.insert(sets, header -> (header >> 1 & 0x3f) == NAL_DELIMITER, keyFrame);
    }

    @Override
    public Payload record() {
        return hvcC;
    }

    /// Such as `hvc1.1.6.L93.B0`.
    ///
    /// @spec https://www.iso.org/standard/83336.html ISO/IEC 14496-15 §E.3
    @Override
    public String codecString() {
        int first = hvcC.get(1);
        int space = first >> 6;
        var text = new StringBuilder("hvc1.");
        if (space > 0) {
            text.append((char) ('A' + space - 1));
        }
        text.append(first & 0x1f).append('.');
        int compatibility = hvcC.get(2) << 24 | hvcC.get(3) << 16 | hvcC.get(4) << 8 | hvcC.get(5);
        text.append(Integer.toHexString(Integer.reverse(compatibility)).toUpperCase(java.util.Locale.ROOT));
        text.append((first & 0x20) == 0 ? ".L" : ".H").append(hvcC.get(12));
        int last = 11;
        while (last >= 6 && hvcC.get(last) == 0) {
            last--;
        }
        for (int i = 6; i <= last; i++) {
            text.append('.').append(Integer.toHexString(hvcC.get(i)).toUpperCase(java.util.Locale.ROOT));
        }
        return text.toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HevcConfig that && hvcC.equals(that.hvcC);
    }

    @Override
    public int hashCode() {
        return hvcC.hashCode();
    }

    /// Parameter sets by kind, few enough to keep.
    private static final class Sets {
        private final List<Payload> vps = new ArrayList<>();
        private final List<Payload> sps = new ArrayList<>();
        private final List<Payload> pps = new ArrayList<>();

        void add(int type, Payload unit) {
            if (unit.length() == 0) {
                return;
            }
            switch (type) {
                case NAL_VPS -> addTo(vps, unit);
                case NAL_SPS -> addTo(sps, unit);
                case NAL_PPS -> addTo(pps, unit);
                default -> {} // kept in the record
            }
        }

        private static void addTo(List<Payload> sets, Payload unit) {
            if (sets.size() == MAX_PARAMETER_SETS) {
                throw Malformed.frame("hvcC: more than %d parameter sets of a kind", MAX_PARAMETER_SETS);
            }
            sets.add(unit);
        }
    }

    private static Payload announcingFourByteLengths(Payload hvcC) {
        if ((hvcC.get(LENGTH_SIZE_INDEX) & 3) == 3 && hvcC.length() >= HEADER_BYTES) {
            return hvcC;
        }
        var changed = java.util.Arrays.copyOf(hvcC.toArray(), Math.max(hvcC.length(), HEADER_BYTES));
        changed[LENGTH_SIZE_INDEX] |= 3;
        return Payload.of(changed);
    }

    private static void writeArray(int type, List<Payload> units, ByteBuf out) {
        if (units.size() > MAX_PARAMETER_SETS) {
            throw Malformed.frame("%d parameter sets of a kind", units.size());
        }
        out.writeByte(0x80 | type).writeShort(units.size());
        for (var unit : units) {
            if (unit.length() > MAX_PARAMETER_SET_BYTES) {
                throw Malformed.frame("parameter set of %d bytes", unit.length());
            }
            out.writeShort(unit.length());
            unit.writeTo(out);
        }
    }
}
