package dev.sluice.bench;

/// What a run may load a machine with unless the user says otherwise.
public final class Bounds {
    private static final int PUBLISHERS = 100;
    private static final int VIEWERS = 2_000;
    private static final long BITS_PER_SECOND = 2_000_000_000L;
    private static final int SECONDS = 120;

    private Bounds() {}

    /// @throws LoadFailed saying which bound
    public static void check(BenchPlan plan, int viewersPerStream) throws LoadFailed {
        int viewers = viewersPerStream * plan.streams();
        check("publishers", plan.shape().publishers(), PUBLISHERS);
        check("viewers", viewers, VIEWERS);
        check("bits per second", plan.shape().bitsPerSecond(viewers), BITS_PER_SECOND);
        check("seconds", plan.warmUpSeconds() + plan.seconds(), SECONDS);
    }

    private static void check(String what, long asked, long most) throws LoadFailed {
        if (asked > most) {
            throw new LoadFailed("%,d %s are more than the %,d that a run is bounded to; --unbounded lifts the bounds"
                    .formatted(asked, what, most));
        }
    }

    /// The most viewers of each stream within the bounds.
    public static int mostViewers(BenchPlan plan) {
        long byRate = BITS_PER_SECOND / Math.max(1, plan.shape().bitsPerSecond(1));
        return (int) Math.max(1, Math.min(VIEWERS, byRate) / plan.streams());
    }
}
