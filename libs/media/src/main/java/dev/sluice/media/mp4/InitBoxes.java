package dev.sluice.media.mp4;

import io.netty.buffer.ByteBuf;
import java.util.List;

/// The boxes that describe a movie and its tracks, each as small as a fragmented file allows: all durations are 0
/// and all sample tables empty, because the samples are in the fragments.
///
/// @spec https://www.iso.org/standard/83102.html ISO/IEC 14496-12 §4.3 and §8
final class InitBoxes {
    /// The identity matrix in 16.16 and 2.30 fixed point. §6.2.2
    private static final int[] IDENTITY = {0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000};
    /// "und" in three letters of five bits. §8.4.2.3
    private static final int LANGUAGE_UNDETERMINED = 0x55c4;

    private InitBoxes() {}

    /// `ftyp` and `styp`: which rules the file, or the segment, keeps. §4.3, §8.16.2
    record Brands(String type, List<String> brands) implements Box {
        @Override
        public int contentBytes() {
            return 8 + 4 * brands.size();
        }

        @Override
        public void writeContent(ByteBuf out) {
            Box.writeType(brands.getFirst(), out);
            out.writeInt(0); // minor version
            brands.forEach(brand -> Box.writeType(brand, out));
        }
    }

    /// §8.2.2
    record MovieHeader(int nextTrackId) implements Box {
        @Override
        public String type() {
            return "mvhd";
        }

        @Override
        public int contentBytes() {
            return FULL_BYTES + 96;
        }

        @Override
        public void writeContent(ByteBuf out) {
            Box.writeFull(0, 0, out);
            out.writeInt(0).writeInt(0); // creation and modification time
            out.writeInt(1000).writeInt(0); // timescale, duration
            out.writeInt(0x10000).writeShort(0x100); // rate 1, volume 1
            out.writeZero(10); // reserved
            writeMatrix(out);
            out.writeZero(24); // pre_defined
            out.writeInt(nextTrackId);
        }
    }

    /// §8.3.2
    ///
    /// @param width in pixels, 0 for audio
    record TrackHeader(int trackId, boolean audio, int width, int height) implements Box {
        private static final int ENABLED_IN_MOVIE_AND_PREVIEW = 7;

        @Override
        public String type() {
            return "tkhd";
        }

        @Override
        public int contentBytes() {
            return FULL_BYTES + 80;
        }

        @Override
        public void writeContent(ByteBuf out) {
            Box.writeFull(0, ENABLED_IN_MOVIE_AND_PREVIEW, out);
            out.writeInt(0).writeInt(0); // creation and modification time
            out.writeInt(trackId).writeInt(0).writeInt(0); // reserved, duration
            out.writeZero(8); // reserved
            out.writeShort(0).writeShort(0); // layer, alternate group
            out.writeShort(audio ? 0x100 : 0).writeShort(0); // volume, reserved
            writeMatrix(out);
            out.writeInt(width << 16).writeInt(height << 16);
        }
    }

    /// §8.4.2
    record MediaHeader(int timescale) implements Box {
        @Override
        public String type() {
            return "mdhd";
        }

        @Override
        public int contentBytes() {
            return FULL_BYTES + 20;
        }

        @Override
        public void writeContent(ByteBuf out) {
            Box.writeFull(0, 0, out);
            out.writeInt(0).writeInt(0); // creation and modification time
            out.writeInt(timescale).writeInt(0); // duration
            out.writeShort(LANGUAGE_UNDETERMINED).writeShort(0);
        }
    }

    /// §8.4.3
    ///
    /// @param handler `vide` or `soun`
    record Handler(String handler, String name) implements Box {
        @Override
        public String type() {
            return "hdlr";
        }

        @Override
        public int contentBytes() {
            return FULL_BYTES + 20 + name.length() + 1;
        }

        @Override
        public void writeContent(ByteBuf out) {
            Box.writeFull(0, 0, out);
            out.writeInt(0); // pre_defined
            Box.writeType(handler, out);
            out.writeZero(12); // reserved
            Box.writeType(name, out);
            out.writeByte(0);
        }
    }

    /// §12.1.2
    record VideoMediaHeader() implements Box {
        @Override
        public String type() {
            return "vmhd";
        }

        @Override
        public int contentBytes() {
            return FULL_BYTES + 8;
        }

        @Override
        public void writeContent(ByteBuf out) {
            Box.writeFull(0, 1, out);
            out.writeLong(0); // copy mode, no colour
        }
    }

    /// §12.2.2
    record SoundMediaHeader() implements Box {
        @Override
        public String type() {
            return "smhd";
        }

        @Override
        public int contentBytes() {
            return FULL_BYTES + 4;
        }

        @Override
        public void writeContent(ByteBuf out) {
            Box.writeFull(0, 0, out);
            out.writeInt(0); // balance in the centre
        }
    }

    /// `dref` with one entry: the media is in this file. §8.7.2
    record DataReference() implements Box {
        private static final int SELF_CONTAINED = 1;

        @Override
        public String type() {
            return "dref";
        }

        @Override
        public int contentBytes() {
            return FULL_BYTES + 4 + HEADER_BYTES + FULL_BYTES;
        }

        @Override
        public void writeContent(ByteBuf out) {
            Box.writeFull(0, 0, out);
            out.writeInt(1);
            out.writeInt(HEADER_BYTES + FULL_BYTES);
            Box.writeType("url ", out);
            Box.writeFull(0, SELF_CONTAINED, out);
        }
    }

    /// A table that must be there and has no rows: `stts`, `stsc`, `stco` (§8.6.1.2, §8.7.4, §8.7.5), and `stsz`,
    /// which has one number more in front of its count (§8.7.3).
    record EmptyTable(String type, int numbers) implements Box {
        @Override
        public int contentBytes() {
            return FULL_BYTES + 4 * numbers;
        }

        @Override
        public void writeContent(ByteBuf out) {
            out.writeZero(contentBytes());
        }
    }

    /// §8.8.3: the fragments state their own values, so all defaults are 0.
    record TrackExtends(int trackId) implements Box {
        @Override
        public String type() {
            return "trex";
        }

        @Override
        public int contentBytes() {
            return FULL_BYTES + 20;
        }

        @Override
        public void writeContent(ByteBuf out) {
            Box.writeFull(0, 0, out);
            out.writeInt(trackId).writeInt(1); // the only sample description
            out.writeZero(12); // duration, size, flags
        }
    }

    private static void writeMatrix(ByteBuf out) {
        for (int value : IDENTITY) {
            out.writeInt(value);
        }
    }
}
