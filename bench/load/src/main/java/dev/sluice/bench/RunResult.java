package dev.sluice.bench;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What one run has shown; its names are those of `--json`.
///
/// @param protocol how viewers watched
/// @param publishers streams
/// @param kbps video of one stream, 1000 bits per second
/// @param framesPerSecond video frames per second
/// @param seconds how long it counted
/// @param delivered what reached the viewers
/// @param server what it cost; absent if the server's process could not be looked at
/// @param delayMs from the publisher's write to a probe's read; absent if the streams are not ours
/// @param joinMs from the beginning of a connection to its first key frame, at the probes, if there are any
/// @param viewers how the viewers fared
/// @param frames how the frames fared, over all viewers
/// @param load what the load itself cost
/// @param timeline second by second
/// @param notes sentences about what limits or spoils the figures
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RunResult(
        String protocol,
        int publishers,
        int kbps,
        int framesPerSecond,
        double seconds,
        Delivered delivered,
        @Nullable ServerCost server,
        @Nullable Spread delayMs,
        @Nullable Spread joinMs,
        Viewers viewers,
        Frames frames,
        LoadCost load,
        List<Second> timeline,
        List<String> notes) {

    /// @param gbit all bytes that arrived, protocol and all, 10^9 bits
    /// @param gbps the same per second
    /// @param share frames that came, of those that were sent for each viewer; 0 if the streams are not ours
    public record Delivered(double gbit, double gbps, double share) {}

    /// @param cpuSeconds user and system together
    /// @param cpuPercent of one core
    /// @param cpuSecondsPerGbit the price
    /// @param residentBeforeMib memory with the publishers and no viewers; 0 if not known
    /// @param residentMib memory at the end
    /// @param kibPerViewer growth by viewer; what the system keeps in sockets is not in it
    public record ServerCost(
            List<Long> pids,
            double userSeconds,
            double systemSeconds,
            double cpuSeconds,
            double cpuPercent,
            double cpuSecondsPerGbit,
            double residentBeforeMib,
            double residentMib,
            double kibPerViewer) {}

    /// Of times in milliseconds.
    ///
    /// @param count how many there were
    /// @param steps time by share, for drawing; shares from 0 to 1
    public record Spread(long count, double p50, double p99, double p999, double max, List<Step> steps) {
        /// @param share of all times
        /// @param ms below which they lie
        public record Step(double share, double ms) {}

        private static final double NS_PER_MS = 1e6;
        private static final double[] SHARES = {
            0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9999, 1
        };

        static Spread of(Histogram ns) {
            var steps = Arrays.stream(SHARES)
                    .mapToObj(share -> new Step(share, ms(ns, share)))
                    .toList();
            return new Spread(ns.total(), ms(ns, 0.5), ms(ns, 0.99), ms(ns, 0.999), ms(ns, 1), steps);
        }

        private static double ms(Histogram ns, double share) {
            return ns.quantile(share) / NS_PER_MS;
        }
    }

    /// @param asked how many were to come
    /// @param live how many saw media
    /// @param failed how many did not
    /// @param ended how many of the live ones the server let go
    /// @param failures why, and how many
    public record Viewers(int asked, int live, int failed, int ended, Map<String, Integer> failures) {}

    /// @param received audio and video frames
    /// @param late frames whose delay is much above the median
    /// @param latePercent of those received
    /// @param lost frames missing between others
    /// @param lostPercent of those received and lost
    /// @param corrupt frames that came changed (probes look at every byte) or twice (all look at that)
    public record Frames(
            long received, long late, double latePercent, long lost, double lostPercent, long corrupt, int lateMs) {}

    /// @param cpuPercent of one core, this process
    /// @param busiestLoopPercent its busiest thread: near 100 the figures say nothing about the server
    public record LoadCost(double cpuPercent, double busiestLoopPercent) {}

    /// @param second since counting began
    /// @param cpuPercent of one core, the server; 0 if not known
    public record Second(
            double second, double gbps, double cpuPercent, double p50Ms, double p99Ms, double residentMib) {}

    /// Whether so many viewers are too many: frames late, viewers missing.
    ///
    /// @param allowedPercent of late frames, and of viewers
    public boolean isWithin(double allowedPercent) {
        double missing = 100.0 * (viewers.failed() + viewers.ended()) / Math.max(1, viewers.asked());
        return frames.latePercent() < allowedPercent
                && frames.lostPercent() < allowedPercent
                && missing < allowedPercent
                && viewers.live() > 0
                && delivered.share() > 1 - allowedPercent / 100 * 2;
    }
}
