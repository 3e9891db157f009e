package dev.sluice.server.ports;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

class StrangersTest {
    private final Strangers strangers = new Strangers(2);
    private final EmbeddedChannel first = opened();
    private final EmbeddedChannel second = opened();
    private final EmbeddedChannel third = opened();

    private EmbeddedChannel opened() {
        var channel = new EmbeddedChannel();
        strangers.opened(channel);
        return channel;
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
        assertThat(strangers.removeOldest()).contains(first);
        assertThat(strangers.removeOldest()).contains(second);
        assertThat(strangers.handshaking()).isEqualTo(1);
    }

    @Test
    void whoIsRecognisedKeepsItsPlaceInTheLine() {
        strangers.recognised(first);
        strangers.recognised(third);

        assertThat(strangers.removeOldest()).as("not the newcomer").contains(first);
        assertThat(strangers.removeOldest()).contains(second);
        strangers.gone(third);
        assertThat(strangers.removeOldest()).isEmpty();
        strangers.recognised(second);
        assertThat(strangers.removeOldest()).as("it has gone already").isEmpty();
    }

    @Test
    void whoIsAdmittedOrClosedNeverGoes() {
        strangers.handshakeStarted(first);
        strangers.gone(first);
        strangers.gone(second);

        assertThat(strangers.handshaking()).isZero();
        assertThat(strangers.handshakeStarted(first)).as("closed meanwhile").isEmpty();
        assertThat(strangers.handshaking()).isZero();
        assertThat(strangers.removeOldest()).contains(third);
        assertThat(strangers.removeOldest()).isEmpty();
    }
}
