package dev.sluice.plugin.rtmp;

import dev.sluice.rtmp.RtmpLimits;
import dev.sluice.rtmp.netty.RtmpChannel;
import dev.sluice.rtmp.netty.RtmpTimeouts;
import dev.sluice.server.spi.PerApp;
import dev.sluice.server.spi.Plugin;
import dev.sluice.server.spi.Ports;
import dev.sluice.server.spi.Ports.Match;
import dev.sluice.server.spi.ServerContext;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.util.function.Consumer;

/// RTMP in and out: on its own port, in HTTP requests, and over WebSocket.
public final class RtmpPlugin implements Plugin<RtmpSettings> {
    private static final String WEB_SOCKET_PATH = "/rtmp";

    @Override
    public String name() {
        return "rtmp";
    }

    @Override
    public RtmpSettings defaults() {
        return RtmpSettings.DEFAULTS;
    }

    @Override
    public AutoCloseable start(ServerContext server, PerApp<RtmpSettings> settings) throws Ports.PortTaken {
        var login = new RtmpLogin(server.admission());
        var objects = new SharedObjects(
                server.nextLoop(), settings.global().sharedObjects().totalMaxBytes());
        var global = settings.global();
        var shared = new RtmpShared(server, settings, login, objects, new RtmpFormats(global.chunkBytes()));
        var entry = new Entry(shared, server.ports()::admitted, global.rtmpLimits(), global.timeouts());
        server.ports().offer(new RtmpProtocol(entry));
        if (global.tunnel().enabled()) {
            new TunnelRoutes(
                            server,
                            global.tunnel(),
                            (channel, onAdmitted) ->
                                    entry.serve("rtmpt", channel, Unpooled.EMPTY_BUFFER, 0, onAdmitted))
                    .offer();
        }
        if (global.webSocket().enabled()) {
            int messageMaxBytes = global.webSocket().messageMaxBytes();
            server.http().webSocket(WEB_SOCKET_PATH, exchange -> {
                var channel = exchange.takeOverStream("rtmp", messageMaxBytes);
                entry.serve("rtmp-ws", channel, Unpooled.EMPTY_BUFFER, 0);
            });
        }
        return () -> {};
    }

    /// Where RTMP begins on a channel, however it came. All connections share its limits.
    ///
    /// @param onAdmitted told of each connection of the ports that may publish or play
    private record Entry(RtmpShared shared, Consumer<Channel> onAdmitted, RtmpLimits limits, RtmpTimeouts timeouts) {
        /// @param way as the table of sessions shows it
        /// @param openMs how long the connection is there already, milliseconds
        void serve(String way, Channel channel, ByteBuf first, long openMs) {
            serve(way, channel, first, openMs, onAdmitted);
        }

        void serve(String way, Channel channel, ByteBuf first, long openMs, Consumer<Channel> onAdmitted) {
            var global = shared.settings().global();
            var connection = new RtmpConnection(shared, way, channel, onAdmitted);
            var rtmp = new RtmpChannel(limits, timeouts, global.chunkBytes(), connection);
            (global.rtmpe() ? rtmp.allowScrambling() : rtmp).attach(channel, first, openMs);
        }
    }

    /// Takes connections whose first byte is an RTMP version.
    private record RtmpProtocol(Entry entry) implements Ports.Protocol {
        private static final int PLAIN = 3;
        private static final int ENCRYPTED = 6;
        private static final int ENCRYPTED_XTEA = 8;
        private static final int ENCRYPTED_BLOWFISH = 9;

        @Override
        public String name() {
            return "rtmp";
        }

        @Override
        public int port() {
            return entry.shared().settings().global().port();
        }

        @Override
        public String portSetting() {
            return "rtmp.port (--rtmp)";
        }

        @Override
        public Match match(ByteBuf first) {
            if (!first.isReadable()) {
                return Match.NEEDS_MORE;
            }
            return switch (first.getUnsignedByte(first.readerIndex())) {
                case PLAIN, ENCRYPTED, ENCRYPTED_XTEA, ENCRYPTED_BLOWFISH -> Match.YES;
                default -> Match.NO;
            };
        }

        @Override
        public void accept(Channel channel, ByteBuf first) {
            entry.serve("rtmp", channel, first, entry.shared().server().ports().ageMs(channel));
        }
    }
}
