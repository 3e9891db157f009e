package dev.sluice.plugin.rtmp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class TunnelCountsTest {
    private final TunnelCounts counts = new TunnelCounts(5, 2);

    private static InetAddress address(int last) {
        try {
            return InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, (byte) last});
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void oneAddressMayOpenOnlySoMany() {
        assertThat(counts.enter(address(1))).isTrue();
        assertThat(counts.enter(address(1))).isTrue();
        assertThat(counts.enter(address(1))).isFalse();
        assertThat(counts.enter(address(2))).isTrue();
        counts.leave(address(1));
        assertThat(counts.enter(address(1))).isTrue();
        assertThat(counts.enter(address(1))).isFalse();
    }

    @Test
    void allTogetherMayOpenOnlySoManyLoopbackToo() {
        var loopback = InetAddress.getLoopbackAddress();
        for (int i = 0; i < 5; i++) {
            assertThat(counts.enter(loopback)).isTrue();
        }
        assertThat(counts.enter(loopback)).isFalse();
        assertThat(counts.enter(address(1))).isFalse();
        counts.leave(loopback);
        assertThat(counts.enter(address(1))).isTrue();
    }
}
