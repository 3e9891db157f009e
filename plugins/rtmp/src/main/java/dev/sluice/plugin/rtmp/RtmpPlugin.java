package dev.sluice.plugin.rtmp;

import dev.sluice.rtmp.netty.RtmpChannel;
import dev.sluice.server.spi.PerApp;
import dev.sluice.server.spi.Plugin;
import dev.sluice.server.spi.Ports;
import dev.sluice.server.spi.Ports.Match;
import dev.sluice.server.spi.ServerContext;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;

/// RTMP in and out.
public final class RtmpPlugin implements Plugin<RtmpSettings> {
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
        server.ports().offer(new RtmpProtocol(server, settings, login, objects));
        return () -> {};
    }

    /// Takes connections whose first byte is an RTMP version.
    private record RtmpProtocol(
            ServerContext server, PerApp<RtmpSettings> settings, RtmpLogin login, SharedObjects objects)
            implements Ports.Protocol {
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
            return settings.global().port();
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
            var global = settings.global();
            var connection = new RtmpConnection(server, settings, login, objects, channel);
            new RtmpChannel(global.rtmpLimits(), global.timeouts(), global.chunkBytes(), connection)
                    .attach(channel, first, server.ports().ageMs(channel));
        }
    }
}
