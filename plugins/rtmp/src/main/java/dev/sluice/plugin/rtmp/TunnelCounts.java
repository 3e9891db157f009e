package dev.sluice.plugin.rtmp;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;

/// How many tunnels are open, in all and of each address. Any thread; asked once for each tunnel.
final class TunnelCounts {
    private final int max;
    private final int maxPerAddress;
    private final Map<InetAddress, Integer> perAddress = new HashMap<>();
    private int open;

    TunnelCounts(int max, int maxPerAddress) {
        this.max = max;
        this.maxPerAddress = maxPerAddress;
    }

    /// Counts one more, if there is room for it. Then [#leave] has to follow.
    synchronized boolean enter(InetAddress address) {
        boolean room = address.isLoopbackAddress() || perAddress.getOrDefault(address, 0) < maxPerAddress;
        if (open >= max || !room) {
            return false;
        }
        open++;
        perAddress.merge(address, 1, Integer::sum);
        return true;
    }

    synchronized void leave(InetAddress address) {
        open--;
        perAddress.computeIfPresent(address, (same, count) -> count == 1 ? null : count - 1);
    }
}
