package dev.sluice.server.ports;

import io.netty.channel.Channel;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.SequencedSet;

/// Connections that no protocol has recognised yet, the oldest first. Who means it is recognised within a few round
/// trips; so where there are too many, the oldest goes, and not the newcomer. Owned by the accept loop.
final class Strangers {
    private final int maxHandshakes;
    private final SequencedSet<Channel> unrecognised = new LinkedHashSet<>();
    private final SequencedSet<Channel> handshaking = new LinkedHashSet<>();

    /// @param maxHandshakes how many may be inside a TLS handshake
    Strangers(int maxHandshakes) {
        this.maxHandshakes = maxHandshakes;
    }

    void opened(Channel channel) {
        unrecognised.add(channel);
    }

    /// A TLS handshake begins.
    ///
    /// @return who has to go for it
    Optional<Channel> handshakeStarted(Channel channel) {
        if (!unrecognised.contains(channel)) {
            return Optional.empty(); // gone already
        }
        var oldest =
                handshaking.size() < maxHandshakes ? Optional.<Channel>empty() : Optional.of(handshaking.removeFirst());
        oldest.ifPresent(unrecognised::remove);
        handshaking.add(channel);
        return oldest;
    }

    void handshakeEnded(Channel channel) {
        handshaking.remove(channel);
    }

    /// Recognised or closed.
    void gone(Channel channel) {
        unrecognised.remove(channel);
        handshaking.remove(channel);
    }

    /// Who has to go so that there is room; nobody when all are recognised.
    Optional<Channel> removeOldest() {
        if (unrecognised.isEmpty()) {
            return Optional.empty();
        }
        var oldest = unrecognised.removeFirst();
        handshaking.remove(oldest);
        return Optional.of(oldest);
    }

    int handshaking() {
        return handshaking.size();
    }
}
