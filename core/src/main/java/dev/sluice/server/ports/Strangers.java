package dev.sluice.server.ports;

import dev.sluice.server.ports.ConnectionCounts.Slot;
import io.netty.channel.Channel;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;

/// Connections that proved nothing yet, the oldest first: those that no protocol has recognised, and those of which a
/// protocol knows no more than their first bytes, such as half a handshake. Who means it gets past both within a few
/// round trips; so where there are too many, the oldest goes, and not the newcomer. Owned by the accept loop.
final class Strangers {
    private final int maxHandshakes;
    private final SequencedMap<Channel, Slot> strangers = new LinkedHashMap<>();
    private final SequencedSet<Channel> handshaking = new LinkedHashSet<>();

    /// @param maxHandshakes how many may be inside a TLS handshake
    Strangers(int maxHandshakes) {
        this.maxHandshakes = maxHandshakes;
    }

    /// @param slot where it is counted
    void opened(Channel channel, Slot slot) {
        strangers.put(channel, slot);
    }

    /// Where a stranger is counted; empty for somebody else.
    Optional<Slot> slotOf(Channel channel) {
        return Optional.ofNullable(strangers.get(channel));
    }

    /// A TLS handshake begins.
    ///
    /// @return who has to go for it
    Optional<Channel> handshakeStarted(Channel channel) {
        if (!strangers.containsKey(channel)) {
            return Optional.empty(); // gone already
        }
        var oldest =
                handshaking.size() < maxHandshakes ? Optional.<Channel>empty() : Optional.of(handshaking.removeFirst());
        oldest.ifPresent(strangers::remove);
        handshaking.add(channel);
        return oldest;
    }

    void handshakeEnded(Channel channel) {
        handshaking.remove(channel);
    }

    /// A protocol takes it; it is a stranger still.
    void recognised(Channel channel) {
        handshaking.remove(channel);
    }

    /// Admitted or closed.
    void gone(Channel channel) {
        strangers.remove(channel);
        handshaking.remove(channel);
    }

    /// Who has to go so that there is room. Nobody when all were admitted.
    Optional<Map.Entry<Channel, Slot>> removeOldest() {
        var oldest = Optional.ofNullable(strangers.pollFirstEntry());
        oldest.ifPresent(stranger -> handshaking.remove(stranger.getKey()));
        return oldest;
    }

    int handshaking() {
        return handshaking.size();
    }
}
