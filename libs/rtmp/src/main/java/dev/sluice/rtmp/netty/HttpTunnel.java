package dev.sluice.rtmp.netty;

import dev.sluice.rtmp.RtmpUrl;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The client's side of RTMPT, behind an HTTP codec: what is written leaves in POST requests, one at a time,
/// and what the answers bring arrives above as bytes. While nothing is to be said it asks whether the server
/// has something. All requests go over one connection; a server that closes it ends the tunnel. On the
/// channel's loop.
@SuppressWarnings("FutureReturnValueIgnored") // a failed write shows as the end of the channel
final class HttpTunnel extends ChannelDuplexHandler {
    private static final int MAX_ID_CHARS = 63;
    private static final int MAX_REQUEST_BYTES = 64 << 10;
    private static final int HIGH_WATER_BYTES = 256 << 10;
    private static final int LOW_WATER_BYTES = 128 << 10;
    /// While media flows the next request follows soon; else as often as other clients ask.
    private static final long POLL_BUSY_MS = 10;

    private static final long POLL_IDLE_MS = 50;
    private static final int WRITABILITY_INDEX = 1;
    private static final byte[] NOTHING = {0};

    private final String host;
    private final Answer answer = new Answer();
    private ByteBuf outgoing = Unpooled.EMPTY_BUFFER;
    private String id = "";
    private long number;
    private boolean asking;
    private @Nullable Future<?> poll;

    /// What has come of the answer to the present request.
    private static final class Answer {
        private final StringBuilder id = new StringBuilder();
        private boolean intervalSeen;
        private boolean brought;
    }

    HttpTunnel(RtmpUrl url) {
        String name = url.host().indexOf(':') < 0 ? url.host() : "[" + url.host() + "]";
        this.host = url.port() == url.scheme().defaultPort() ? name : name + ":" + url.port();
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        post(context, "/open/1", Unpooled.wrappedBuffer(NOTHING));
        context.fireChannelActive();
    }

    private void post(ChannelHandlerContext context, String path, ByteBuf body) {
        asking = true;
        answer.intervalSeen = false;
        answer.brought = false;
        var request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, path, body);
        request.headers()
                .set(HttpHeaderNames.HOST, host)
                .set(HttpHeaderNames.CONTENT_TYPE, "application/x-fcs")
                .set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes())
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE)
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_CACHE)
                .set(HttpHeaderNames.USER_AGENT, "Shockwave Flash");
        context.writeAndFlush(request, context.voidPromise());
    }

    // Answers

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        HttpObject part = (HttpObject) message;
        if (part.decoderResult().isFailure()) {
            release(part);
            fail(context, "the server does not speak HTTP");
            return;
        }
        if (part instanceof HttpResponse response && !response.status().equals(HttpResponseStatus.OK)) {
            release(part);
            fail(context, "the server has no tunnel for us: HTTP " + response.status());
            return;
        }
        if (part instanceof HttpContent content) {
            onContent(context, content.content());
        }
        if (part instanceof LastHttpContent && context.channel().isActive()) {
            onAnswered(context);
        }
    }

    private static void release(HttpObject part) {
        if (part instanceof HttpContent content) {
            content.release();
        }
    }

    private void onContent(ChannelHandlerContext context, ByteBuf bytes) {
        if (id.isEmpty()) {
            int chars = Math.min(bytes.readableBytes(), MAX_ID_CHARS + 2 - answer.id.length());
            answer.id.append(bytes.readCharSequence(chars, StandardCharsets.ISO_8859_1));
            bytes.release();
            return;
        }
        if (!answer.intervalSeen && bytes.isReadable()) {
            bytes.skipBytes(1);
            answer.intervalSeen = true;
        }
        if (bytes.isReadable()) {
            answer.brought = true;
            context.fireChannelRead(bytes);
        } else {
            bytes.release();
        }
    }

    private void onAnswered(ChannelHandlerContext context) {
        asking = false;
        if (id.isEmpty()) {
            id = answer.id.toString().strip();
            if (!id.matches("[A-Za-z0-9_-]{1," + MAX_ID_CHARS + "}")) {
                id = "";
                fail(context, "the server names no tunnel");
                return;
            }
        }
        context.fireChannelReadComplete();
        if (!asking) {
            next(context);
        }
    }

    /// The parts of an answer are no batches.
    @Override
    public void channelReadComplete(ChannelHandlerContext context) {}

    private void fail(ChannelHandlerContext context, String why) {
        context.fireExceptionCaught(new IOException(why));
        context.close();
    }

    // Requests

    private void next(ChannelHandlerContext context) {
        if (outgoing.isReadable()) {
            send(context);
        } else if (poll == null) {
            long afterMs = answer.brought ? POLL_BUSY_MS : POLL_IDLE_MS;
            poll = context.executor().schedule(() -> onPoll(context), afterMs, TimeUnit.MILLISECONDS);
        }
    }

    private void onPoll(ChannelHandlerContext context) {
        poll = null;
        if (!asking && context.channel().isActive()) {
            post(context, "/idle/" + id + "/" + number++, Unpooled.wrappedBuffer(NOTHING));
        }
    }

    private void send(ChannelHandlerContext context) {
        stopPolling();
        ByteBuf body = outgoing.readBytes(Math.min(outgoing.readableBytes(), MAX_REQUEST_BYTES));
        if (!outgoing.isReadable()) {
            outgoing = Unpooled.EMPTY_BUFFER;
        }
        updateWritability(context);
        post(context, "/send/" + id + "/" + number++, body);
    }

    private void stopPolling() {
        if (poll != null) {
            poll.cancel(false);
            poll = null;
        }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        ByteBuf bytes = (ByteBuf) message;
        if (bytes.isReadable()) {
            if (outgoing.capacity() == 0) {
                outgoing = Unpooled.buffer();
            }
            outgoing.discardSomeReadBytes().writeBytes(bytes);
            updateWritability(context);
        }
        bytes.release();
        promise.trySuccess();
    }

    private void updateWritability(ChannelHandlerContext context) {
        ChannelOutboundBuffer buffer = context.channel().unsafe().outboundBuffer();
        if (buffer != null && outgoing.readableBytes() > HIGH_WATER_BYTES) {
            buffer.setUserDefinedWritability(WRITABILITY_INDEX, false);
        } else if (buffer != null && outgoing.readableBytes() < LOW_WATER_BYTES) {
            buffer.setUserDefinedWritability(WRITABILITY_INDEX, true);
        }
    }

    @Override
    public void flush(ChannelHandlerContext context) {
        if (!id.isEmpty() && !asking && outgoing.isReadable()) {
            send(context);
        }
        context.flush();
    }

    /// Says what is left and goodbye; who waits for an answer to either is not waited for.
    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        stopPolling();
        if (!id.isEmpty() && context.channel().isActive()) {
            if (outgoing.isReadable()) {
                send(context);
            }
            post(context, "/close/" + id + "/" + number++, Unpooled.wrappedBuffer(NOTHING));
            id = "";
        }
        context.close(promise);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        stopPolling();
    }
}
