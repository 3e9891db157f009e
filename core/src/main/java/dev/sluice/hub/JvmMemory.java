package dev.sluice.hub;

import io.netty.util.internal.PlatformDependent;
import java.util.Optional;

/// What the JVM may take, and how the budgets of live streams fit in. Entries and segments lie on the heap,
/// finished bytes off it; the network's own buffers need room beside them in both.
///
/// @param heapMaxBytes the largest heap, bytes
/// @param directMaxBytes all buffers off the heap together, bytes
public record JvmMemory(long heapMaxBytes, long directMaxBytes) {
    private static final String MORE = " Lower it, or give the JVM more, such as SLUICE_OPTS='-Xmx4g'.";

    /// The limits of this process, whoever set them: the launcher, an option, or the machine.
    public static JvmMemory ofThisProcess() {
        return new JvmMemory(Runtime.getRuntime().maxMemory(), PlatformDependent.maxDirectMemory());
    }

    /// For what streams keep, where no setting says it: a quarter of the heap and at most half of what is off it,
    /// because in the worst case all of it is entries, or all of it finished bytes.
    public long hubBytes() {
        return Math.min(heapMaxBytes / 4, directMaxBytes / 2);
    }

    /// For segments, where no setting says it.
    public long segmentBytes() {
        return heapMaxBytes / 4;
    }

    /// Why these budgets cannot be kept, as a sentence that says what to do; empty if they can.
    ///
    /// @param hubBytes budget of what streams keep
    /// @param segmentBytes budget of the segments
    public Optional<String> objection(long hubBytes, long segmentBytes) {
        long mostDirect = directMaxBytes / 4 * 3;
        if (hubBytes > mostDirect) {
            return Optional.of("hub.memoryMaxBytes is " + mib(hubBytes) + ", but of the " + mib(directMaxBytes)
                    + " that the JVM may take off the heap at most " + mib(mostDirect) + " may be finished bytes."
                    + MORE);
        }
        long mostHeap = heapMaxBytes / 4 * 3;
        // apart first: a sum of two large settings could run over
        if (hubBytes > mostHeap || segmentBytes > mostHeap || hubBytes + segmentBytes > mostHeap) {
            return Optional.of("hub.memoryMaxBytes (" + mib(hubBytes) + ") and segments.memoryMaxBytes ("
                    + mib(segmentBytes) + ") do not fit together in " + mib(mostHeap) + ", three quarters of the heap."
                    + MORE.replace("it,", "them,"));
        }
        return Optional.empty();
    }

    private static String mib(long bytes) {
        return bytes / (1 << 20) + " MiB";
    }
}
