package dev.sluice.rtmp.netty;

import dev.sluice.rtmp.handshake.ScrambledServerHandshake;
import dev.sluice.rtmp.handshake.Scrambling;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.security.SecureRandom;

/// Looks at the first byte of a connection: puts RTMPE in its own place, or leaves. On the channel's loop.
final class ScramblingDetector extends ChannelInboundHandlerAdapter {
    private final ScrambledStream.Listener listener;

    ScramblingDetector(ScrambledStream.Listener listener) {
        this.listener = listener;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        ByteBuf bytes = (ByteBuf) message;
        if (!bytes.isReadable()) {
            bytes.release();
            return;
        }
        var pipeline = context.pipeline();
        if (Scrambling.begins(bytes.getUnsignedByte(bytes.readerIndex()))) {
            var stream = new ScrambledStream(new ScrambledServerHandshake(new SecureRandom()), listener);
            pipeline.addAfter(context.name(), null, stream);
        }
        // Whoever comes next is found before this one leaves.
        context.fireChannelRead(bytes);
        pipeline.remove(this);
    }
}
