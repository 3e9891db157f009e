package dev.sluice.bench;

import java.util.SplittableRandom;

/// Which viewers are probes: one at a random place of each part of the crowd, because a viewer's place in a server's
/// list decides how late it is served. The same crowd has them at the same places.
public final class ProbePlaces {
    private static final long SEED = 7;

    private final int part;
    private final int probes;

    public ProbePlaces(int viewers, int probes) {
        this.probes = Math.min(viewers, probes);
        this.part = this.probes == 0 ? Integer.MAX_VALUE : Math.max(1, viewers / this.probes);
    }

    /// @param index of a viewer, in the order of coming
    public boolean isProbe(int index) {
        int number = index / part;
        return number < probes && index % part == new SplittableRandom(SEED + number).nextInt(part);
    }
}
