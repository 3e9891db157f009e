package dev.sluice.server.ports;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sluice.server.spi.Ports.Match;
import dev.sluice.server.spi.Ports.Protocol;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// One fuzz target for whatever this package reads. Without `JAZZER_FUZZ=1` they only run their seeds.
class PortsFuzzTest {
    /// However the first bytes are cut, the same protocol gets the connection, with all bytes that came.
    @FuzzTest(maxDuration = "10m")
    void firstBytes(byte[] bytes) {
        var whole = given(bytes, Math.max(1, bytes.length));
        var drop = given(bytes, 1);
        assertThat(drop.isEmpty()).isEqualTo(whole.isEmpty());
        if (!whole.isEmpty()) {
            assertThat(drop.getFirst()).isEqualTo(whole.getFirst());
            assertThat(ByteBufUtil.hexDump(bytes)).isEqualTo(whole.getLast()).startsWith(drop.getLast());
        }
    }

    /// The protocol and the bytes it got; empty when nobody has it yet.
    private static List<String> given(byte[] bytes, int step) {
        var given = new ArrayList<String>();
        List<Protocol> protocols = List.of(
                new Prefix("rtmp", "\3", given),
                new Prefix("http", "GET ", given),
                new Prefix("long", "GET ME", given));
        var late = new ArrayList<Object>();
        var recognised = new ArrayList<Object>();
        var channel = new EmbeddedChannel(new FirstBytes(protocols, 5_000, late::add, recognised::add));
        for (int at = 0; at < bytes.length && given.isEmpty(); at += step) {
            channel.writeInbound(Unpooled.copiedBuffer(bytes, at, Math.min(step, bytes.length - at)));
        }
        channel.finishAndReleaseAll();
        assertThat(late).isEmpty();
        assertThat(recognised).hasSize(given.size() / 2);
        return given;
    }

    /// A protocol known by how it begins.
    private record Prefix(String name, String text, List<String> given) implements Protocol {
        @Override
        public int port() {
            return 0;
        }

        @Override
        public String portSetting() {
            return name;
        }

        @Override
        public Match match(ByteBuf first) {
            int compared = Math.min(text.length(), first.readableBytes());
            var seen = first.toString(first.readerIndex(), compared, StandardCharsets.ISO_8859_1);
            if (!text.startsWith(seen)) {
                return Match.NO;
            }
            return compared == text.length() ? Match.YES : Match.NEEDS_MORE;
        }

        @Override
        public void accept(Channel channel, ByteBuf first) {
            given.add(name);
            given.add(ByteBufUtil.hexDump(first));
            first.release();
        }
    }

    /// A network holds its own first address, and is read again from what it says of itself.
    @FuzzTest(maxDuration = "10m")
    void network(byte[] bytes) throws Exception {
        Network network;
        try {
            network = Network.parse(new String(bytes, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException refused) {
            return;
        }
        var first = InetAddress.getByAddress(network.first());
        assertThat(network.contains(first)).isTrue();
        assertThat(network.prefixBits()).isBetween(0, network.first().length * 8);
        assertThat(Network.parse(first.getHostAddress() + "/" + network.prefixBits())
                        .contains(first))
                .isTrue();
    }
}
