package dev.sluice.bench;

/// One run as the user wants it.
///
/// @param shape what is published
/// @param viewers of each stream
/// @param probes viewers, in all, that check every byte and measure the delay
/// @param joinsPerSecond how fast viewers come
/// @param warmUpSeconds after the last viewer came, before anything counts
/// @param seconds how long it counts
/// @param lateMs a frame is late if its delay is that much above the median
/// @param name streams are called `name-1`, `name-2` …; with several runs on one server they go on counting
/// @param threads event loops for viewers
public record BenchPlan(
        LoadShape shape,
        int viewers,
        int probes,
        int joinsPerSecond,
        int warmUpSeconds,
        int seconds,
        int lateMs,
        String name,
        int threads) {
    /// Streams that are watched: those published, or the one that somebody else publishes.
    public int streams() {
        return Math.max(1, shape.publishers());
    }

    public int viewersInAll() {
        return viewers * streams();
    }

    /// The name of a stream.
    ///
    /// @param index from 0 on
    public String streamName(int index) {
        return name + "-" + (index + 1);
    }

    public BenchPlan withViewers(int viewers) {
        return new BenchPlan(shape, viewers, probes, joinsPerSecond, warmUpSeconds, seconds, lateMs, name, threads);
    }

    public BenchPlan withSeconds(int warmUpSeconds, int seconds) {
        return new BenchPlan(shape, viewers, probes, joinsPerSecond, warmUpSeconds, seconds, lateMs, name, threads);
    }
}
