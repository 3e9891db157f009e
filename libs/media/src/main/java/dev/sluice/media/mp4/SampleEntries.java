package dev.sluice.media.mp4;

import dev.sluice.media.AudioConfig;
import dev.sluice.media.Colour;
import dev.sluice.media.Payload;
import dev.sluice.media.Track;
import dev.sluice.media.VideoConfig;
import dev.sluice.media.codec.aac.AacConfig;
import dev.sluice.media.codec.ac3.Ac3Config;
import dev.sluice.media.codec.ac3.Eac3Config;
import dev.sluice.media.codec.flac.FlacConfig;
import dev.sluice.media.codec.mp3.Mp3Config;
import dev.sluice.media.codec.opus.OpusConfig;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The boxes that describe how samples are coded.
///
/// @spec https://www.iso.org/standard/83102.html ISO/IEC 14496-12 §8.5.2 and §12
final class SampleEntries {
    /// Object types of the MP4 registration authority.
    private static final int OBJECT_MPEG4_AUDIO = 0x40;

    private static final int OBJECT_MPEG2_AUDIO = 0x69;
    private static final int OBJECT_MPEG1_AUDIO = 0x6b;

    private SampleEntries() {}

    /// §8.5.2
    record SampleDescription(Box entry) implements Box {
        @Override
        public String type() {
            return "stsd";
        }

        @Override
        public int contentBytes() {
            return FULL_BYTES + 4 + entry.bytes();
        }

        @Override
        public void writeContent(ByteBuf out) {
            Box.writeFull(0, 0, out);
            out.writeInt(1);
            entry.writeTo(out);
        }
    }

    /// Video, with its configuration record in the entry. ISO/IEC 14496-12 §12.1.3
    ///
    /// @param type FourCC of the entry
    /// @param inside configuration and colours
    record Visual(String type, VideoConfig config, List<Box> inside) implements Box {
        private static final int SEVENTY_TWO_DPI = 0x480000;

        @Override
        public int contentBytes() {
            return 78 + inside.stream().mapToInt(Box::bytes).sum();
        }

        @Override
        public void writeContent(ByteBuf out) {
            out.writeZero(6).writeShort(1); // reserved, data reference
            out.writeZero(16); // pre_defined, reserved
            out.writeShort(config.width()).writeShort(config.height());
            out.writeInt(SEVENTY_TWO_DPI).writeInt(SEVENTY_TWO_DPI).writeInt(0);
            out.writeShort(1); // frames in a sample
            out.writeZero(32); // compressor name
            out.writeShort(24).writeShort(-1); // depth, pre_defined
            inside.forEach(box -> box.writeTo(out));
        }
    }

    /// Audio, with its configuration in the entry. ISO/IEC 14496-12 §12.2.3
    ///
    /// @param type FourCC of the entry
    /// @param sampleBits as decoded, where the codec says it: browsers set up their decoder by it
    record Sound(String type, AudioConfig config, int sampleBits, Box inside) implements Box {
        private static final int MAX_RATE = 0xffff;
        private static final int CHANNELS_UNLESS_KNOWN = 2;
        private static final int BITS_UNLESS_SAID = 16;

        Sound(String type, AudioConfig config, Box inside) {
            this(type, config, BITS_UNLESS_SAID, inside);
        }

        @Override
        public int contentBytes() {
            return 28 + inside.bytes();
        }

        @Override
        public void writeContent(ByteBuf out) {
            out.writeZero(6).writeShort(1); // reserved, data reference
            out.writeZero(8); // reserved
            out.writeShort(config.channels() == 0 ? CHANNELS_UNLESS_KNOWN : config.channels());
            out.writeShort(sampleBits).writeInt(0); // and pre_defined, reserved
            // A 16.16 number cannot say 88.2 kHz and above; the decoder configuration does.
            out.writeInt(config.sampleRate() > MAX_RATE ? 0 : config.sampleRate() << 16);
            inside.writeTo(out);
        }
    }

    static Box of(Track track) {
        return switch (track.config()) {
            case VideoConfig config -> new Visual(track.codec().fourCc(), config, videoBoxes(track, config));
            case AacConfig config -> new Sound("mp4a", config, new ElementaryStream(OBJECT_MPEG4_AUDIO, config.asc()));
            case Mp3Config config ->
                new Sound(
                        "mp4a",
                        config,
                        new ElementaryStream(config.mpeg1() ? OBJECT_MPEG1_AUDIO : OBJECT_MPEG2_AUDIO, Payload.EMPTY));
            case OpusConfig config -> new Sound("Opus", config, new Raw("dOps", AudioBoxes.opus(config)));
            case FlacConfig config ->
                new Sound("fLaC", config, config.bitsPerSample(), new Raw("dfLa", AudioBoxes.flac(config)));
            case Ac3Config config -> new Sound("ac-3", config, new Raw("dac3", AudioBoxes.ac3(config)));
            case Eac3Config config -> new Sound("ec-3", config, new Raw("dec3", AudioBoxes.eac3(config)));
            default ->
                throw new IllegalArgumentException(
                        "MP4 does not carry " + track.codec().label());
        };
    }

    private static List<Box> videoBoxes(Track track, VideoConfig config) {
        var boxes = new ArrayList<Box>();
        var record = switch (track.codec()) {
            case H264 -> "avcC";
            case H265 -> "hvcC";
            case AV1 -> "av1C";
            case VP9 -> "vpcC"; // the record has the box's version and flags in front
            default ->
                throw new IllegalArgumentException(
                        "MP4 does not carry " + track.codec().label());
        };
        boxes.add(new Raw(record, config.record()));
        if (config.colour().isKnown()) {
            boxes.add(new ColourInformation(config.colour()));
        }
        return boxes;
    }

    /// `colr`. ISO/IEC 14496-12 §12.1.5
    record ColourInformation(Colour colour) implements Box {
        @Override
        public String type() {
            return "colr";
        }

        @Override
        public int contentBytes() {
            return 11;
        }

        @Override
        public void writeContent(ByteBuf out) {
            out.writeCharSequence("nclx", StandardCharsets.US_ASCII);
            out.writeShort(colour.primaries()).writeShort(colour.transfer()).writeShort(colour.matrix());
            out.writeByte(colour.fullRange() ? 0x80 : 0);
        }
    }

    /// `esds`: the decoder configuration inside three nested descriptors. ISO/IEC 14496-14 §6.7.2, 14496-1 §7.2.6
    ///
    /// @param objectType what the stream is
    /// @param specific the codec's own configuration; empty where it has none
    record ElementaryStream(int objectType, Payload specific) implements Box {
        private static final int TAG_STREAM = 3;
        private static final int TAG_DECODER = 4;
        private static final int TAG_SPECIFIC = 5;
        private static final int TAG_SYNC_LAYER = 6;
        private static final int STREAM_AUDIO = 5 << 2 | 1;
        private static final int SYNC_LAYER_MP4 = 2;

        @Override
        public String type() {
            return "esds";
        }

        @Override
        public int contentBytes() {
            return FULL_BYTES + descriptorBytes(streamBytes());
        }

        @Override
        public void writeContent(ByteBuf out) {
            Box.writeFull(0, 0, out);
            writeDescriptor(TAG_STREAM, streamBytes(), out);
            out.writeShort(0).writeByte(0); // stream id, no options
            writeDescriptor(TAG_DECODER, decoderBytes(), out);
            out.writeByte(objectType).writeByte(STREAM_AUDIO);
            out.writeMedium(0).writeInt(0).writeInt(0); // buffer size and bit rates: not known of a live stream
            if (specific.length() > 0) {
                writeDescriptor(TAG_SPECIFIC, specific.length(), out);
                specific.writeTo(out);
            }
            writeDescriptor(TAG_SYNC_LAYER, 1, out);
            out.writeByte(SYNC_LAYER_MP4);
        }

        private int streamBytes() {
            return 3 + descriptorBytes(decoderBytes()) + descriptorBytes(1);
        }

        private int decoderBytes() {
            return 13 + (specific.length() == 0 ? 0 : descriptorBytes(specific.length()));
        }

        /// Tag, length in base 128, content.
        private static int descriptorBytes(int contentBytes) {
            int lengthBytes = 1;
            for (int left = contentBytes >> 7; left > 0; left >>= 7) {
                lengthBytes++;
            }
            return 1 + lengthBytes + contentBytes;
        }

        private static void writeDescriptor(int tag, int contentBytes, ByteBuf out) {
            out.writeByte(tag);
            for (int more = descriptorBytes(contentBytes) - contentBytes - 2; more > 0; more--) {
                out.writeByte(0x80 | contentBytes >> (7 * more));
            }
            out.writeByte(contentBytes & 0x7f);
        }
    }

    /// A box whose content somebody else made.
    record Raw(String type, Payload content) implements Box {
        @Override
        public int contentBytes() {
            return content.length();
        }

        @Override
        public void writeContent(ByteBuf out) {
            content.writeTo(out);
        }
    }
}
