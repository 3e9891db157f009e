package dev.sluice.media.codec.h265;

import dev.sluice.media.bits.BitReader;
import java.util.Arrays;

/// The distances of a short-term reference picture set. Only read because a set may be predicted from the one before
/// it, and then its length in bits depends on that one.
///
/// @param before distances of earlier pictures, nearest first, negative
/// @param after distances of later pictures, nearest first, positive
/// @spec https://www.itu.int/rec/T-REC-H.265 ITU-T H.265 §7.3.7 and §7.4.8
@SuppressWarnings("ArrayRecordComponent") // never leaves the parser
record ReferenceSet(int[] before, int[] after) {
    static final ReferenceSet EMPTY = new ReferenceSet(new int[0], new int[0]);

    private static final int MAX_PICTURES = 16;

    static ReferenceSet explicit(BitReader in) {
        int negative = in.ue(MAX_PICTURES, "num_negative_pics");
        int positive = in.ue(MAX_PICTURES, "num_positive_pics");
        return new ReferenceSet(distances(in, negative, -1), distances(in, positive, 1));
    }

    private static int[] distances(BitReader in, int count, int sign) {
        var distances = new int[count];
        int distance = 0;
        for (int i = 0; i < count; i++) {
            distance += sign * (in.ue(0x7fff, "delta_poc_minus1") + 1);
            in.skip(1); // used_by_curr_pic_flag
            distances[i] = distance;
        }
        return distances;
    }

    static ReferenceSet predicted(BitReader in, ReferenceSet from) {
        boolean negative = in.flag();
        int delta = (negative ? -1 : 1) * (in.ue(0x7fff, "abs_delta_rps_minus1") + 1);
        int negatives = from.before.length;
        var kept = new boolean[negatives + from.after.length + 1];
        for (int i = 0; i < kept.length; i++) {
            boolean used = in.flag();
            kept[i] = used || in.flag(); // use_delta_flag is there only where the picture is not used
        }
        var before = new Distances();
        for (int i = from.after.length - 1; i >= 0; i--) {
            before.addIf(kept[negatives + i] && from.after[i] + delta < 0, from.after[i] + delta);
        }
        before.addIf(kept[kept.length - 1] && delta < 0, delta);
        for (int i = 0; i < negatives; i++) {
            before.addIf(kept[i] && from.before[i] + delta < 0, from.before[i] + delta);
        }
        var after = new Distances();
        for (int i = negatives - 1; i >= 0; i--) {
            after.addIf(kept[i] && from.before[i] + delta > 0, from.before[i] + delta);
        }
        after.addIf(kept[kept.length - 1] && delta > 0, delta);
        for (int i = 0; i < from.after.length; i++) {
            after.addIf(kept[negatives + i] && from.after[i] + delta > 0, from.after[i] + delta);
        }
        return new ReferenceSet(before.all(), after.all());
    }

    /// Grows by at most one for each set in a row, of which there are at most 64.
    private static final class Distances {
        private int[] distances = new int[MAX_PICTURES];
        private int count;

        void addIf(boolean condition, int distance) {
            if (condition) {
                if (count == distances.length) {
                    distances = Arrays.copyOf(distances, count + MAX_PICTURES);
                }
                distances[count++] = distance;
            }
        }

        int[] all() {
            return Arrays.copyOf(distances, count);
        }
    }
}
