package dev.sluice.rtmp.netty;

import dev.sluice.rtmp.RtmpUrl;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler.ClientHandshakeStateEvent;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.io.IOException;
import java.net.URI;

/// The client's side of RTMP over WebSocket: bytes in binary messages, both ways; where a message ends means
/// nothing. What is written before the upgrade waits for it. On the channel's loop.
@SuppressWarnings("FutureReturnValueIgnored") // a failed write shows as the end of the channel
final class WebSocketCarrier extends ChannelDuplexHandler {
    private static final String PATH = "/rtmp";
    private static final int MAX_HEAD_BYTES = 8 << 10;
    private static final int MAX_RECEIVED_FRAME_BYTES = 16 << 20;
    /// Servers limit what they hold of a message.
    private static final int MAX_SENT_FRAME_BYTES = 32 << 10;

    private ByteBuf early = Unpooled.EMPTY_BUFFER;
    private boolean upgraded;

    /// Puts it where whoever comes next speaks RTMP.
    static void install(ChannelPipeline pipeline, RtmpUrl url) {
        String host = url.host().indexOf(':') < 0 ? url.host() : "[" + url.host() + "]";
        String scheme = url.scheme().label();
        var config = WebSocketClientProtocolConfig.newBuilder()
                .webSocketUri(URI.create(scheme + "://" + host + ":" + url.port() + PATH))
                .allowExtensions(false)
                .maxFramePayloadLength(MAX_RECEIVED_FRAME_BYTES)
                .withUTF8Validator(false)
                .build();
        pipeline.addLast(
                new HttpClientCodec(),
                new HttpObjectAggregator(MAX_HEAD_BYTES),
                new WebSocketClientProtocolHandler(config),
                new WebSocketCarrier());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) {
            upgraded = true;
            if (early.isReadable()) {
                writeFrames(context, early, context.voidPromise());
                context.flush();
            }
            early = Unpooled.EMPTY_BUFFER;
        } else if (event == ClientHandshakeStateEvent.HANDSHAKE_TIMEOUT) {
            context.fireExceptionCaught(new IOException("no answer to the WebSocket upgrade"));
            context.close();
        }
        context.fireUserEventTriggered(event);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        switch ((WebSocketFrame) message) {
            case BinaryWebSocketFrame binary -> context.fireChannelRead(binary.content());
            case ContinuationWebSocketFrame more -> context.fireChannelRead(more.content());
            case WebSocketFrame other -> other.release();
        }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (!(message instanceof ByteBuf bytes)) {
            context.write(message, promise); // the request for the upgrade comes this way
            return;
        }
        if (upgraded) {
            writeFrames(context, bytes, promise);
            return;
        }
        if (early.capacity() == 0) {
            early = Unpooled.buffer();
        }
        early.writeBytes(bytes);
        bytes.release();
        promise.trySuccess();
    }

    private static void writeFrames(ChannelHandlerContext context, ByteBuf bytes, ChannelPromise promise) {
        while (bytes.readableBytes() > MAX_SENT_FRAME_BYTES) {
            ByteBuf part = bytes.readRetainedSlice(MAX_SENT_FRAME_BYTES);
            context.write(new BinaryWebSocketFrame(part), context.voidPromise());
        }
        context.write(bytes.isReadable() ? new BinaryWebSocketFrame(bytes) : bytes, promise);
    }
}
