package dev.sluice.server.ports;

import io.netty.channel.Channel;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.SequencedSet;

/// Connections that proved nothing yet, the oldest first: those that no protocol has recognised, and those of which a
/// protocol knows no more than their first bytes, such as half a handshake. Who means it gets past both within a few
/// round trips; so where there are too many, the oldest goes, and not the newcomer. Owned by the accept loop.
final class Strangers {
    private final int maxHandshakes;
    private final SequencedSet<Channel> strangers = new LinkedHashSet<>();
    private final SequencedSet<Channel> handshaking = new LinkedHashSet<>();

    /// @param maxHandshakes how many may be inside a TLS handshake
    Strangers(int maxHandshakes) {
        this.maxHandshakes = maxHandshakes;
    }

    void opened(Channel channel) {
        strangers.add(channel);
    }

    /// A TLS handshake begins.
    ///
    /// @return who has to go for it
    Optional<Channel> handshakeStarted(Channel channel) {
        if (!strangers.contains(channel)) {
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
    Optional<Channel> removeOldest() {
        if (strangers.isEmpty()) {
            return Optional.empty();
        }
        var oldest = strangers.getFirst();
        gone(oldest);
        return Optional.of(oldest);
    }

    int handshaking() {
        return handshaking.size();
    }
}
