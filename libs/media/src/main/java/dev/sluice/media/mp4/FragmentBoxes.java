package dev.sluice.media.mp4;

import io.netty.buffer.ByteBuf;
import java.util.List;

/// The boxes of a movie fragment. What all samples of a run have in common is said once in `tfhd`; only the rest
/// goes into the rows of `trun`, which keeps the fragments of single frames small.
///
/// @spec https://www.iso.org/standard/83102.html ISO/IEC 14496-12 §8.8
final class FragmentBoxes {
    /// Depends on no other sample. §8.8.3.1
    private static final int FLAGS_KEY = 0x0200_0000;
    /// Depends on others, and is not a sync sample.
    private static final int FLAGS_INTER = 0x0101_0000;

    private FragmentBoxes() {}

    /// §8.8.5
    record FragmentHeader(int sequence) implements Box {
        @Override
        public String type() {
            return "mfhd";
        }

        @Override
        public int contentBytes() {
            return FULL_BYTES + 4;
        }

        @Override
        public void writeContent(ByteBuf out) {
            Box.writeFull(0, 0, out);
            out.writeInt(sequence);
        }
    }

    /// What is the same for all samples of a run.
    record Common(boolean duration, boolean flags, boolean noComposition) {
        static Common of(List<Sample> samples) {
            var first = samples.getFirst();
            boolean duration = true;
            boolean flags = true;
            boolean noComposition = true;
            for (var sample : samples) {
                duration &= sample.durationTicks() == first.durationTicks();
                flags &= sample.key() == first.key();
                noComposition &= sample.compositionTicks() == 0;
            }
            return new Common(duration, flags, noComposition);
        }
    }

    /// §8.8.7
    record TrackFragmentHeader(TrackRun run, Common common) implements Box {
        private static final int DEFAULT_DURATION = 0x8;
        private static final int DEFAULT_FLAGS = 0x20;
        private static final int DEFAULT_BASE_IS_MOOF = 0x20000;

        @Override
        public String type() {
            return "tfhd";
        }

        @Override
        public int contentBytes() {
            return FULL_BYTES + 4 + (common.duration ? 4 : 0) + (common.flags ? 4 : 0);
        }

        @Override
        public void writeContent(ByteBuf out) {
            int present = (common.duration ? DEFAULT_DURATION : 0) | (common.flags ? DEFAULT_FLAGS : 0);
            Box.writeFull(0, DEFAULT_BASE_IS_MOOF | present, out);
            out.writeInt(run.trackId());
            var first = run.samples().getFirst();
            if (common.duration) {
                out.writeInt(first.durationTicks());
            }
            if (common.flags) {
                out.writeInt(flagsOf(first));
            }
        }
    }

    /// §8.8.12
    record DecodeTime(long baseTicks) implements Box {
        @Override
        public String type() {
            return "tfdt";
        }

        @Override
        public int contentBytes() {
            return FULL_BYTES + 8;
        }

        @Override
        public void writeContent(ByteBuf out) {
            Box.writeFull(1, 0, out);
            out.writeLong(baseTicks);
        }
    }

    /// §8.8.8; version 1, so that composition offsets may be negative
    ///
    /// @param dataOffset from the first byte of `moof` to the first sample
    record Run(List<Sample> samples, Common common, int dataOffset) implements Box {
        private static final int DATA_OFFSET = 0x1;
        private static final int DURATION = 0x100;
        private static final int SIZE = 0x200;
        private static final int FLAGS = 0x400;
        private static final int COMPOSITION = 0x800;

        @Override
        public String type() {
            return "trun";
        }

        @Override
        public int contentBytes() {
            int row = 4 + (common.duration ? 0 : 4) + (common.flags ? 0 : 4) + (common.noComposition ? 0 : 4);
            return FULL_BYTES + 8 + row * samples.size();
        }

        @Override
        public void writeContent(ByteBuf out) {
            int columns = (common.duration ? 0 : DURATION)
                    | (common.flags ? 0 : FLAGS)
                    | (common.noComposition ? 0 : COMPOSITION);
            Box.writeFull(1, DATA_OFFSET | SIZE | columns, out);
            out.writeInt(samples.size()).writeInt(dataOffset);
            for (var sample : samples) {
                writeRow(sample, out);
            }
        }

        private void writeRow(Sample sample, ByteBuf out) {
            if (!common.duration) {
                out.writeInt(sample.durationTicks());
            }
            out.writeInt(sample.payload().length());
            if (!common.flags) {
                out.writeInt(flagsOf(sample));
            }
            if (!common.noComposition) {
                out.writeInt(sample.compositionTicks());
            }
        }
    }

    private static int flagsOf(Sample sample) {
        return sample.key() ? FLAGS_KEY : FLAGS_INTER;
    }
}
