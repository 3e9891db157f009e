package dev.sluice.rtmp.netty;

import dev.sluice.rtmp.RtmpException;
import dev.sluice.rtmp.handshake.HandshakeForm;
import dev.sluice.rtmp.handshake.ScrambledClientHandshake;
import dev.sluice.rtmp.handshake.ScrambledHandshake;
import dev.sluice.rtmp.handshake.StreamCiphers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/// RTMPE between the connection and whoever speaks RTMP above: shakes hands, then passes everything on in
/// the clear, and scrambles what is written. Bytes that many viewers share are copied for it. On the
/// channel's loop.
@SuppressWarnings("FutureReturnValueIgnored") // a failed write shows as the end of the channel
final class ScrambledStream extends ChannelDuplexHandler {
    /// Whoever speaks RTMP above. Called once: then its bytes come, or nothing more.
    interface Listener {
        void onHandshake(HandshakeForm form);

        void onFailure(RtmpException failure);
    }

    private final ScrambledHandshake handshake;
    private final Listener listener;
    private @Nullable StreamCiphers ciphers;
    private boolean failed;

    ScrambledStream(ScrambledHandshake handshake, Listener listener) {
        this.handshake = handshake;
        this.listener = listener;
    }

    /// Begins RTMPE as a client, on a connection that stands.
    ///
    /// @param above who speaks RTMP
    static void putBelow(ChannelHandlerContext above, Listener listener) {
        ScrambledClientHandshake handshake = new ScrambledClientHandshake(new SecureRandom());
        above.pipeline().addBefore(above.name(), null, new ScrambledStream(handshake, listener));
        ByteBuf first = Unpooled.buffer();
        handshake.start(first);
        // not through the handler above: that one scrambles
        ChannelHandlerContext own = above.pipeline().context(ScrambledStream.class);
        own.writeAndFlush(first, own.voidPromise());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        try {
            if (ciphers == null && !failed) {
                shakeHands(context, bytes);
            }
            if (ciphers != null && bytes.isReadable()) {
                ByteBuf clear = context.alloc().buffer(bytes.readableBytes());
                ciphers.unscramble(bytes, clear);
                context.fireChannelRead(clear);
            }
        } finally {
            bytes.release();
        }
    }

    private void shakeHands(ChannelHandlerContext context, ByteBuf bytes) {
        ByteBuf answer = Unpooled.buffer();
        try {
            boolean complete = handshake.receive(bytes, answer);
            if (answer.isReadable()) {
                context.writeAndFlush(answer, context.voidPromise());
            }
            if (complete) {
                ciphers = handshake.ciphers();
                listener.onHandshake(handshake.form());
            }
        } catch (RtmpException e) {
            failed = true;
            listener.onFailure(e);
        }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        ByteBuf bytes = (ByteBuf) message;
        if (!bytes.isReadable()) {
            context.write(bytes, promise);
            return;
        }
        try {
            if (ciphers == null) {
                promise.tryFailure(new IllegalStateException("nothing can be said before the handshake"));
                return;
            }
            ByteBuf scrambled = context.alloc().buffer(bytes.readableBytes());
            ciphers.scramble(bytes, scrambled);
            context.write(scrambled, promise);
        } finally {
            bytes.release();
        }
    }
}
