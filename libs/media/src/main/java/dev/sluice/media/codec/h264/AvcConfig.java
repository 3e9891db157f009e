package dev.sluice.media.codec.h264;

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

/// The decoder configuration of an H.264 track. Two are equal when their `avcC` bytes are.
///
/// @param avcC the AVCDecoderConfigurationRecord, byte for byte as it came, except that it always announces
///     4-byte NAL unit lengths, because frames in the log have no others
/// @param lengthSize the NAL unit length size that the record announced: 1 to 4, what its publisher's frames have
/// @param sps sequence parameter sets, header byte included; may be empty
/// @param pps picture parameter sets, header byte included; may be empty
/// @param info the first parameter set, read; without a size where there is none
/// @spec https://www.iso.org/standard/83336.html ISO/IEC 14496-15 §5.3.3.1
public record AvcConfig(Payload avcC, int lengthSize, List<Payload> sps, List<Payload> pps, SpsInfo info)
        implements VideoConfig {
    private static final int NAL_DELIMITER = 9;
    private static final int VERSION = 1;
    private static final int LENGTH_SIZE_INDEX = 4;
    private static final int MAX_SPS = 31;
    private static final int MAX_PPS = 255;
    private static final int MAX_PARAMETER_SET_BYTES = 0xffff;

    public AvcConfig {
        sps = List.copyOf(sps);
        pps = List.copyOf(pps);
    }

    /// Reads a record. What follows the picture parameter sets (the High profiles' extension) is kept and not
    /// read.
    ///
    /// @throws Malformed when a length does not fit, or the first sequence parameter set cannot be read
    public static AvcConfig parse(Payload avcC) {
        var in = new BitReader(avcC, "avcC");
        int version = in.bits(8);
        if (version != VERSION) {
            throw Malformed.frame("avcC of version %d", version);
        }
        int profileIdc = in.bits(8);
        int constraints = in.bits(8);
        int levelIdc = in.bits(8);
        int lengthSize = (in.bits(8) & 3) + 1;
        var sps = parameterSets(in, 0x1f);
        var pps = parameterSets(in, 0xff);
        var info = sps.isEmpty() ? SpsInfo.unknown(profileIdc, constraints, levelIdc) : SpsInfo.parse(sps.getFirst());
        return new AvcConfig(announcingFourByteLengths(avcC, lengthSize), lengthSize, sps, pps, info);
    }

    /// Builds the record for a stream that carries its parameter sets among its frames.
    ///
    /// @param sps at least one, at most 31
    /// @param pps at least one, at most 255
    /// @throws Malformed when there are too many, one is too long, or the first cannot be read
    public static AvcConfig ofParameterSets(List<Payload> sps, List<Payload> pps) {
        if (sps.isEmpty() || pps.isEmpty() || sps.size() > MAX_SPS || pps.size() > MAX_PPS) {
            throw Malformed.frame("%d sequence and %d picture parameter sets", sps.size(), pps.size());
        }
        var info = SpsInfo.parse(sps.getFirst());
        var out = Unpooled.buffer();
        out.writeByte(VERSION);
        out.writeByte(info.profileIdc()).writeByte(info.constraints()).writeByte(info.levelIdc());
        out.writeByte(0xff); // reserved bits, 4-byte lengths
        out.writeByte(0xe0 | sps.size());
        sps.forEach(set -> writeParameterSet(set, out));
        out.writeByte(pps.size());
        pps.forEach(set -> writeParameterSet(set, out));
        switch (info.profileIdc()) {
            case 100, 110, 122, 144, 244 -> writeHighExtension(info, out);
            default -> {}
        }
        return new AvcConfig(Payload.copyOf(out), 4, sps, pps, info);
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
    public Payload record() {
        return avcC;
    }

    @Override
    public boolean isComplete() {
        return !sps.isEmpty() && !pps.isEmpty();
    }

    @Override
    public String codecString() {
        return "avc1.%02x%02x%02x".formatted(avcC.get(1), avcC.get(2), avcC.get(3));
    }

    @Override
    public Payload withParameterSets(Payload keyFrame) {
        var sets = new ArrayList<>(sps);
        sets.addAll(pps);
        return NalPrefix.insert(sets, header -> (header & 0x1f) == NAL_DELIMITER, keyFrame);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AvcConfig that && avcC.equals(that.avcC);
    }

    @Override
    public int hashCode() {
        return avcC.hashCode();
    }

    /// A record that ends before the count has none: some encoders leave the picture parameter sets out
    /// altogether.
    private static List<Payload> parameterSets(BitReader in, int countMask) {
        var sets = new ArrayList<Payload>();
        int count = in.remainingBits() == 0 ? 0 : in.bits(8) & countMask;
        for (int i = 0; i < count; i++) {
            var set = in.bytes(in.bits(16));
            if (set.length() > 0) {
                sets.add(set);
            }
        }
        return sets;
    }

    private static Payload announcingFourByteLengths(Payload avcC, int lengthSize) {
        if (lengthSize == 4) {
            return avcC;
        }
        var changed = avcC.toArray();
        changed[LENGTH_SIZE_INDEX] |= 3;
        return Payload.of(changed);
    }

    private static void writeParameterSet(Payload set, ByteBuf out) {
        if (set.length() > MAX_PARAMETER_SET_BYTES) {
            throw Malformed.frame("parameter set of %d bytes", set.length());
        }
        out.writeShort(set.length());
        set.writeTo(out);
    }

    private static void writeHighExtension(SpsInfo info, ByteBuf out) {
        out.writeByte(0xfc | info.chromaFormat());
        out.writeByte(0xf8 | (info.bitDepthLuma() - 8));
        out.writeByte(0xf8 | (info.bitDepthChroma() - 8));
        out.writeByte(0); // no SPS extensions
    }
}
