package dev.sluice.server.ports;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sluice.server.spi.LimitKind;
import dev.sluice.server.spi.Ports.Match;
import dev.sluice.server.spi.Ports.Protocol;
import dev.sluice.server.tls.ClientHello;
import dev.sluice.server.tls.Tls;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

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
        var channel = new EmbeddedChannel(
                new FirstBytes(protocols, 5_000, late::add, (ctx, protocol) -> recognised.add(protocol)));
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

    /// However the bytes are cut, the same comes out of a header: the same protocol behind it, for the same client,
    /// with the same bytes; and a header that is complete stays what it is when more follows.
    @FuzzTest(maxDuration = "10m")
    void entrance(byte[] bytes) {
        for (var elsewhere : ProxySettings.Elsewhere.values()) {
            for (boolean fromProxy : new boolean[] {true, false}) {
                var whole = entered(bytes, Math.max(1, bytes.length), fromProxy, elsewhere);
                var drop = entered(bytes, 1, fromProxy, elsewhere);
                assertThat(drop.isEmpty()).isEqualTo(whole.isEmpty());
                if (!whole.isEmpty()) {
                    assertThat(drop.subList(0, drop.size() - 1)).isEqualTo(whole.subList(0, whole.size() - 1));
                    assertThat(whole.getLast()).startsWith(drop.getLast());
                }
            }
        }
    }

    private static List<String> entered(byte[] bytes, int step, boolean fromProxy, ProxySettings.Elsewhere elsewhere) {
        var given = new ArrayList<String>();
        var proxies = new ProxySettings(List.of(), elsewhere);
        var layers = new Entrance.Layers(Tls.NONE, proxies, new Turns.OfLoops(), 600_000);
        var entrance = new Entrance(layers, new Told(given));
        entrance.add(new Prefix("rtmp", "\3", given));
        entrance.add(new Prefix("http", "GET ", given));
        var channel = new EmbeddedChannel();
        entrance.enter(channel, fromProxy);
        for (int at = 0; at < bytes.length && channel.isOpen() && !given.contains("taken"); at += step) {
            channel.writeInbound(Unpooled.copiedBuffer(bytes, at, Math.min(step, bytes.length - at)));
        }
        channel.checkException();
        channel.finishAndReleaseAll();
        return given;
    }

    /// Writes down what it is told.
    private record Told(List<String> given) implements Entrance.House {
        @Override
        public void hit(LimitKind kind, Channel channel) {
            given.add(kind.label());
        }

        @Override
        public void recognised(Channel channel) {
            given.add("taken");
        }

        @Override
        public void handshakeStarted(Channel channel) {
            throw new AssertionError("TLS is off");
        }

        @Override
        public void handshakeEnded(Channel channel) {
            throw new AssertionError("TLS is off");
        }

        @Override
        public void identified(Channel channel, ProxyHeader.Passed header, Consumer<Boolean> answer) {
            given.add(header.source() + " to " + header.destination());
            answer.accept(true);
        }
    }

    /// A header is known by its beginning, and what is read never depends on what follows it.
    @FuzzTest(maxDuration = "10m")
    void proxyHeader(byte[] bytes) {
        ProxyHeader before = new ProxyHeader.Incomplete();
        for (int length = 0; length <= bytes.length; length++) {
            var now = ProxyHeader.read(Unpooled.wrappedBuffer(bytes, 0, length));
            if (!(before instanceof ProxyHeader.Incomplete)) {
                assertThat(now).isEqualTo(before);
            } else if (now instanceof ProxyHeader.Passed passed) {
                assertThat(passed.bytes()).isEqualTo(length).isLessThanOrEqualTo(ProxyHeader.MAX_BYTES);
            }
            before = now;
            if (!(now instanceof ProxyHeader.Incomplete) && length > ProxyHeader.MAX_BYTES) {
                return;
            }
        }
    }

    /// TLS is known by two bytes.
    @FuzzTest(maxDuration = "10m")
    void tlsStep(byte[] bytes) {
        var step = new TlsStep(Tls.NONE, new Turns.OfLoops(), new Told(new ArrayList<>()), channel -> {});
        var match = step.match(Unpooled.wrappedBuffer(bytes));
        assertThat(match == Match.NEEDS_MORE).isEqualTo(bytes.length == 0 || (bytes.length == 1 && bytes[0] == 0x16));
        assertThat(match == Match.YES).isEqualTo(bytes.length > 1 && bytes[0] == 0x16 && bytes[1] == 3);
    }

    /// Whatever a client says first, it says a name that can be compared, or none.
    @FuzzTest(maxDuration = "10m")
    void clientHello(byte[] bytes) {
        var message = Unpooled.wrappedBuffer(bytes);
        var hello = ClientHello.read(message);
        assertThat(message.readerIndex()).isZero();
        assertThat(hello.serverName()).hasSizeLessThanOrEqualTo(255);
        assertThat(hello.serverName().chars().allMatch(c -> c < 'A' || c > 'Z')).isTrue();
    }

    /// A network holds its own first address, and is read again from what it says of itself.
    @FuzzTest(maxDuration = "10m")
    void network(byte[] bytes) throws Exception {
        Network network;
        try {
            network = Network.parse("exempt", new String(bytes, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException refused) {
            return;
        }
        var first = InetAddress.getByAddress(network.first());
        assertThat(network.contains(first)).isTrue();
        assertThat(network.prefixBits()).isBetween(0, network.first().length * 8);
        assertThat(Network.parse("exempt", first.getHostAddress() + "/" + network.prefixBits())
                        .contains(first))
                .isTrue();
    }
}
