package dev.sluice.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;

/// A WebSocket as a stream of bytes: binary messages in, binary messages out; where one ends means nothing.
/// On the channel's loop.
@SuppressWarnings("FutureReturnValueIgnored") // a failed write shows as the end of the channel
final class WebSocketStream extends ChannelDuplexHandler {
    private boolean closing;

    private WebSocketStream() {}

    /// Behind the upgrade; whoever uses the stream comes behind this.
    static void install(ChannelPipeline pipeline, int maxMessageBytes) {
        var limits = WebSocketDecoderConfig.newBuilder()
                .expectMaskedFrames(true)
                .allowExtensions(false)
                .maxFramePayloadLength(maxMessageBytes)
                .withUTF8Validator(false)
                .build();
        pipeline.addLast(
                new WebSocket13FrameEncoder(false), new WebSocket13FrameDecoder(limits), new WebSocketStream());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        var frame = (WebSocketFrame) message;
        switch (frame) {
            case BinaryWebSocketFrame binary -> ctx.fireChannelRead(binary.content());
            case ContinuationWebSocketFrame more -> ctx.fireChannelRead(more.content());
            case PingWebSocketFrame ping -> pong(ctx, ping);
            case PongWebSocketFrame reply -> reply.release();
            default -> {
                boolean goodbye = frame instanceof CloseWebSocketFrame;
                frame.release();
                end(ctx, goodbye ? WebSocketCloseStatus.NORMAL_CLOSURE : WebSocketCloseStatus.INVALID_MESSAGE_TYPE);
                ctx.close();
            }
        }
    }

    /// A client that asks and does not read gets no answer: its queue stays bounded.
    private static void pong(ChannelHandlerContext ctx, PingWebSocketFrame ping) {
        if (ctx.channel().isWritable()) {
            ctx.writeAndFlush(new PongWebSocketFrame(ping.content()), ctx.voidPromise());
        } else {
            ping.release();
        }
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        var bytes = (ByteBuf) message;
        ctx.write(bytes.isReadable() ? new BinaryWebSocketFrame(bytes) : bytes, promise);
    }

    /// Says goodbye if the goodbye can leave at once; a client that reads nothing is not waited for.
    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        end(ctx, WebSocketCloseStatus.NORMAL_CLOSURE);
        ctx.close(promise);
    }

    private void end(ChannelHandlerContext ctx, WebSocketCloseStatus why) {
        if (!closing && ctx.channel().isActive()) {
            closing = true;
            ctx.writeAndFlush(new CloseWebSocketFrame(why), ctx.voidPromise());
        }
    }

    /// Frames that are none, or too long.
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
