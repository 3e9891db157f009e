package dev.sluice.bench;

import java.util.Arrays;

/// Counts values of any size in fixed memory, each within 0.8 % of itself: 128 steps per power of two. For one
/// thread; copies go to others.
public final class Histogram {
    private static final int STEP_BITS = 7;
    private static final int STEPS = 1 << STEP_BITS;
    private static final int LARGEST_POWER = 40;

    private final long[] counts = new long[(LARGEST_POWER - STEP_BITS + 2) * STEPS];

    /// @param value 0 and up; larger than 2^40 counts as that, which is 18 minutes in nanoseconds
    public void add(long value) {
        counts[indexOf(value)]++;
    }

    private static int indexOf(long value) {
        long bounded = Math.clamp(value, 0, (1L << LARGEST_POWER + 1) - 1);
        if (bounded < STEPS) {
            return (int) bounded;
        }
        int power = Long.SIZE - 1 - Long.numberOfLeadingZeros(bounded);
        int step = (int) (bounded >>> power - STEP_BITS) & STEPS - 1;
        return (power - STEP_BITS + 1) * STEPS + step;
    }

    /// The middle of the values that one place counts.
    private static long valueAt(int index) {
        if (index < STEPS) {
            return index;
        }
        int shift = index / STEPS - 1;
        return ((long) (index % STEPS + STEPS) << shift) + (1L << shift) / 2;
    }

    public long total() {
        return Arrays.stream(counts).sum();
    }

    /// The value below which this share of all values lies; 0 where there is none.
    ///
    /// @param share from 0 to 1
    public long quantile(double share) {
        long total = total();
        if (total == 0) {
            return 0;
        }
        long before = (long) ((total - 1) * share);
        int index = 0;
        for (long seen = counts[0]; seen <= before; seen += counts[index]) {
            index++;
        }
        return valueAt(index);
    }

    /// How many values are larger, to the resolution of a place.
    public long above(long value) {
        long above = 0;
        for (int index = indexOf(value) + 1; index < counts.length; index++) {
            above += counts[index];
        }
        return above;
    }

    public Histogram copy() {
        return new Histogram().plus(this);
    }

    /// Adds the counts of the other to this one.
    public Histogram plus(Histogram other) {
        Arrays.setAll(counts, i -> counts[i] + other.counts[i]);
        return this;
    }

    /// What was added since `earlier` was copied from this one.
    public Histogram since(Histogram earlier) {
        var difference = new Histogram();
        Arrays.setAll(difference.counts, i -> counts[i] - earlier.counts[i]);
        return difference;
    }
}
