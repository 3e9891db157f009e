package dev.sluice.plugin.rtmp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.rtmp.netty.TunnelChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TunnelCountsTest {
    private final TunnelCounts counts = new TunnelCounts(5, 2);
    private final List<TunnelChannel> gone = new ArrayList<>();

    private static TunnelChannel from(InetAddress address) {
        var local = new InetSocketAddress(InetAddress.getLoopbackAddress(), 80);
        return new TunnelChannel(local, new InetSocketAddress(address, 5000));
    }

    private static TunnelChannel from(int last) {
        try {
            return from(InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, (byte) last}));
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private boolean enters(TunnelChannel channel) {
        return counts.enter(channel, gone::add);
    }

    @Test
    void oneAddressMayOpenOnlySoMany() {
        var first = from(1);
        assertThat(enters(first)).isTrue();
        assertThat(enters(from(1))).isTrue();
        assertThat(enters(from(1))).isFalse();
        assertThat(enters(from(2))).isTrue();
        counts.leave(first);
        counts.leave(first);
        assertThat(enters(from(1))).isTrue();
        assertThat(enters(from(1))).isFalse();
        assertThat(gone).isEmpty();
    }

    @Test
    void oneTooManyEndsTheOldestInWhichNobodyPublishesOrPlays() {
        var tunnels = new ArrayList<TunnelChannel>();
        for (int i = 0; i < 5; i++) {
            tunnels.add(from(InetAddress.getLoopbackAddress()));
            assertThat(enters(tunnels.get(i))).isTrue();
        }
        counts.admitted(tunnels.getFirst());

        assertThat(enters(from(1))).isTrue();
        assertThat(enters(from(2))).isTrue();

        assertThat(gone).containsExactly(tunnels.get(1), tunnels.get(2));
    }

    @Test
    void whereEverybodyMeansItThereIsNoRoomForOneMore() {
        var tunnels = new ArrayList<TunnelChannel>();
        for (int i = 0; i < 5; i++) {
            tunnels.add(from(InetAddress.getLoopbackAddress()));
            assertThat(enters(tunnels.get(i))).isTrue();
            counts.admitted(tunnels.get(i));
        }
        assertThat(enters(from(1))).isFalse();
        counts.leave(tunnels.get(3));
        assertThat(enters(from(1))).isTrue();
        assertThat(gone).isEmpty();
    }
}
