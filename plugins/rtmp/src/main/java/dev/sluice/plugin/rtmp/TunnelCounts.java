package dev.sluice.plugin.rtmp;

import dev.sluice.rtmp.netty.TunnelChannel;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.SequencedSet;
import java.util.Set;
import java.util.function.Consumer;

/// How many tunnels are open, in all and of each address. Who means it publishes or plays after a few round trips; so
/// where there are too many, the oldest goes in which nobody does, and not the newcomer. Any thread; asked a few times
/// for each tunnel.
final class TunnelCounts {
    private final int max;
    private final int maxPerAddress;
    private final Set<TunnelChannel> open = new HashSet<>();
    /// Those of them in which nobody publishes or plays yet, the oldest first.
    private final SequencedSet<TunnelChannel> strangers = new LinkedHashSet<>();

    private final Map<InetAddress, Integer> perAddress = new HashMap<>();

    TunnelCounts(int max, int maxPerAddress) {
        this.max = max;
        this.maxPerAddress = maxPerAddress;
    }

    /// Counts one more, if there is room for it. Then [#leave] has to follow.
    ///
    /// @param goes told who has to go for it; that one is not counted any more
    synchronized boolean enter(TunnelChannel channel, Consumer<TunnelChannel> goes) {
        var address = channel.remoteAddress().getAddress();
        boolean room = address.isLoopbackAddress() || perAddress.getOrDefault(address, 0) < maxPerAddress;
        if (!room || (open.size() >= max && strangers.isEmpty())) {
            return false;
        }
        if (open.size() >= max) {
            var oldest = strangers.getFirst();
            leave(oldest);
            goes.accept(oldest);
        }
        open.add(channel);
        strangers.add(channel);
        perAddress.merge(address, 1, Integer::sum);
        return true;
    }

    /// Somebody may publish or play in it: it stays. More than once does no harm.
    synchronized void admitted(TunnelChannel channel) {
        strangers.remove(channel);
    }

    /// More than once does no harm.
    synchronized void leave(TunnelChannel channel) {
        strangers.remove(channel);
        if (open.remove(channel)) {
            perAddress.computeIfPresent(
                    channel.remoteAddress().getAddress(), (same, count) -> count == 1 ? null : count - 1);
        }
    }
}
