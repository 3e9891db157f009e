package dev.sluice.server.ports;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StrangersTest {
    private final ConnectionCounts counts = new ConnectionCounts(PortLimits.DEFAULTS);
    private final Strangers strangers = new Strangers(2);
    private final EmbeddedChannel first = opened();
    private final EmbeddedChannel second = opened();
    private final EmbeddedChannel third = opened();

    private EmbeddedChannel opened() {
        var channel = new EmbeddedChannel();
        strangers.opened(channel, counts.opened(InetAddress.getLoopbackAddress()));
        return channel;
    }

    private Optional<Channel> oldest() {
        return strangers.removeOldest().map(Map.Entry::getKey);
    }

    @Test
    void theOldestHandshakeGoesForANewOne() {
        assertThat(strangers.handshakeStarted(second)).isEmpty();
        assertThat(strangers.handshakeStarted(first)).isEmpty();
        assertThat(strangers.handshakeStarted(third)).contains(second);
        assertThat(strangers.handshaking()).isEqualTo(2);
    }

    @Test
    void whoHasEndedTheHandshakeStaysButIsStillAStranger() {
        strangers.handshakeStarted(first);
        strangers.handshakeStarted(second);
        strangers.handshakeEnded(first);

        assertThat(strangers.handshakeStarted(third)).isEmpty();
        assertThat(oldest()).contains(first);
        assertThat(oldest()).contains(second);
        assertThat(strangers.handshaking()).isEqualTo(1);
    }

    @Test
    void whoIsRecognisedKeepsItsPlaceInTheLine() {
        strangers.recognised(first);
        strangers.recognised(third);

        assertThat(oldest()).as("not the newcomer").contains(first);
        assertThat(oldest()).contains(second);
        strangers.gone(third);
        assertThat(oldest()).isEmpty();
        strangers.recognised(second);
        assertThat(oldest()).as("it has gone already").isEmpty();
    }

    @Test
    void knowsWhereAStrangerIsCountedUntilItIsNoneAnyMore() {
        var slot = strangers.slotOf(second);
        assertThat(slot).isPresent();
        assertThat(strangers.slotOf(first)).isPresent().isNotEqualTo(slot);
        strangers.gone(second);
        assertThat(strangers.slotOf(second)).isEmpty();
    }

    @Test
    void whoIsAdmittedOrClosedNeverGoes() {
        strangers.handshakeStarted(first);
        strangers.gone(first);
        strangers.gone(second);

        assertThat(strangers.handshaking()).isZero();
        assertThat(strangers.handshakeStarted(first)).as("closed meanwhile").isEmpty();
        assertThat(strangers.handshaking()).isZero();
        assertThat(oldest()).contains(third);
        assertThat(oldest()).isEmpty();
    }
}
