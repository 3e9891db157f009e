package dev.sluice.media.mp4;

import dev.sluice.media.Payload;
import dev.sluice.media.codec.aac.AacConfig;
import dev.sluice.media.codec.h264.AvcConfig;
import io.netty.buffer.ByteBuf;

/// The boxes that describe how samples are coded.
///
/// @spec https://www.iso.org/standard/83102.html ISO/IEC 14496-12 §8.5.2 and §12
final class SampleEntries {
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

    /// H.264 with its parameter sets in the entry. ISO/IEC 14496-15 §5.4.2, 14496-12 §12.1.3
    record Avc1(AvcConfig config) implements Box {
        private static final int SEVENTY_TWO_DPI = 0x480000;

        @Override
        public String type() {
            return "avc1";
        }

        @Override
        public int contentBytes() {
            return 78 + decoderConfiguration().bytes();
        }

        @Override
        public void writeContent(ByteBuf out) {
            out.writeZero(6).writeShort(1); // reserved, data reference
            out.writeZero(16); // pre_defined, reserved
            out.writeShort(config.info().width()).writeShort(config.info().height());
            out.writeInt(SEVENTY_TWO_DPI).writeInt(SEVENTY_TWO_DPI).writeInt(0);
            out.writeShort(1); // frames in a sample
            out.writeZero(32); // compressor name
            out.writeShort(24).writeShort(-1); // depth, pre_defined
            decoderConfiguration().writeTo(out);
        }

        private Box decoderConfiguration() {
            return new Raw("avcC", config.avcC());
        }
    }

    /// AAC. ISO/IEC 14496-14 §6.7.2, 14496-12 §12.2.3
    record Mp4a(AacConfig config) implements Box {
        private static final int MAX_RATE = 0xffff;
        private static final int CHANNELS_UNLESS_KNOWN = 2;

        @Override
        public String type() {
            return "mp4a";
        }

        @Override
        public int contentBytes() {
            return 28 + new ElementaryStream(config.asc()).bytes();
        }

        @Override
        public void writeContent(ByteBuf out) {
            out.writeZero(6).writeShort(1); // reserved, data reference
            out.writeZero(8); // reserved
            out.writeShort(config.channels() == 0 ? CHANNELS_UNLESS_KNOWN : config.channels());
            out.writeShort(16).writeInt(0); // bits in a sample, pre_defined, reserved
            // A 16.16 number cannot say 88.2 kHz and above; the decoder configuration does.
            out.writeInt(config.sampleRate() > MAX_RATE ? 0 : config.sampleRate() << 16);
            new ElementaryStream(config.asc()).writeTo(out);
        }
    }

    /// `esds`: the decoder configuration inside three nested descriptors. ISO/IEC 14496-14 §6.7.2, 14496-1 §7.2.6
    record ElementaryStream(Payload asc) implements Box {
        private static final int TAG_STREAM = 3;
        private static final int TAG_DECODER = 4;
        private static final int TAG_SPECIFIC = 5;
        private static final int TAG_SYNC_LAYER = 6;
        private static final int OBJECT_MPEG4_AUDIO = 0x40;
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
            out.writeByte(OBJECT_MPEG4_AUDIO).writeByte(STREAM_AUDIO);
            out.writeMedium(0).writeInt(0).writeInt(0); // buffer size and bit rates: not known of a live stream
            writeDescriptor(TAG_SPECIFIC, asc.length(), out);
            asc.writeTo(out);
            writeDescriptor(TAG_SYNC_LAYER, 1, out);
            out.writeByte(SYNC_LAYER_MP4);
        }

        private int streamBytes() {
            return 3 + descriptorBytes(decoderBytes()) + descriptorBytes(1);
        }

        private int decoderBytes() {
            return 13 + descriptorBytes(asc.length());
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
