package dev.sluice.server.http;

import dev.sluice.server.spi.LimitKind;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Lets one request at a time through to the server, and the next one only when the answer before has left for
/// the kernel. After an answer with `Connection: close` nothing more is let through, whatever came along. So a
/// client that pipelines and does not read costs one answer, and one that pipelines too much is closed. Its
/// [#clock()], in front of the decoder, gives the head of a request an absolute time. On the channel's loop.
final class RequestGate extends ChannelDuplexHandler {
    /// A waiting request is a head and an end; bodies in between are not wanted.
    private static final int MESSAGES_PER_REQUEST = 4;

    private static final long LINGER_MS = 1_000;

    private final int maxWaitingMessages;
    private final Consumer<LimitKind> onLimit;
    private final HeadClock clock;
    private final Deque<Object> waiting = new ArrayDeque<>();
    private boolean receiving;
    private boolean answering;
    private boolean draining;
    private boolean ending;

    /// @param onLimit told, before the connection is closed, which limit it hit
    RequestGate(int maxPipelinedRequests, int requestHeadTimeoutMs, Consumer<LimitKind> onLimit) {
        this.onLimit = onLimit;
        this.maxWaitingMessages = maxPipelinedRequests * MESSAGES_PER_REQUEST;
        this.clock = new HeadClock(requestHeadTimeoutMs);
    }

    /// The handler to put in front of the HTTP decoder.
    HeadClock clock() {
        return clock;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof HttpRequest) {
            clock.onHead();
        }
        if (ending) {
            ReferenceCountUtil.release(message);
            return;
        }
        boolean ofLaterRequest = !waiting.isEmpty() || (message instanceof HttpRequest && (receiving || answering));
        if (!ofLaterRequest) {
            pass(ctx, message);
            return;
        }
        if (waiting.size() >= maxWaitingMessages) {
            ReferenceCountUtil.release(message);
            onLimit.accept(LimitKind.HTTP_PIPELINE);
            ending = true;
            ctx.close();
            return;
        }
        waiting.add(message);
    }

    private void pass(ChannelHandlerContext ctx, Object message) {
        if (message instanceof HttpRequest) {
            receiving = true;
            answering = true;
        }
        if (message instanceof LastHttpContent) {
            receiving = false;
        }
        ctx.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        ending |= message instanceof HttpResponse response
                && response.headers().containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE, true);
        boolean lastOfAnswer = answering && message instanceof LastHttpContent;
        var written = lastOfAnswer ? promise.unvoid() : promise;
        if (lastOfAnswer) {
            written.addListener(done -> onAnswered(ctx));
        }
        ctx.write(message, written);
    }

    private void onAnswered(ChannelHandlerContext ctx) {
        answering = false;
        if (ending) {
            end(ctx);
            return;
        }
        drain(ctx);
        if (!answering) {
            clock.onIdle();
        }
    }

    /// The answer was the last one. What still arrives is read and forgotten for a moment: closing over unread
    /// bytes resets the connection, and the client would lose the answer that explains.
    private void end(ChannelHandlerContext ctx) {
        if (ctx.channel() instanceof DuplexChannel duplex && duplex.isActive()) {
            shutdownOutput(duplex);
            var linger = ctx.executor().schedule(() -> ctx.close(), LINGER_MS, TimeUnit.MILLISECONDS);
            duplex.closeFuture().addListener(closed -> linger.cancel(false));
        } else {
            ctx.close();
        }
    }

    /// Inside TLS the end is said first, or the client would take it for a cut.
    private static void shutdownOutput(DuplexChannel channel) {
        var tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            channel.shutdownOutput();
        } else {
            tls.closeOutbound().addListener(said -> channel.shutdownOutput());
        }
    }

    /// An answer may be complete while its request is still being passed on: then the outer call goes on.
    private void drain(ChannelHandlerContext ctx) {
        if (draining || waiting.isEmpty()) {
            return;
        }
        draining = true;
        while (!waiting.isEmpty() && !(waiting.peek() instanceof HttpRequest && (receiving || answering))) {
            pass(ctx, waiting.poll());
        }
        draining = false;
        ctx.fireChannelReadComplete();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        waiting.forEach(ReferenceCountUtil::release);
        waiting.clear();
    }

    /// Time for the head of a request: starts with its first byte, ends with its last, and no byte in between
    /// helps.
    final class HeadClock extends ChannelInboundHandlerAdapter {
        private final int timeoutMs;
        private @Nullable ChannelHandlerContext ctx;
        private @Nullable Future<?> deadline;
        private boolean bytesOfNextHead;

        private HeadClock(int timeoutMs) {
            this.timeoutMs = timeoutMs;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            ctx = context;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            bytesOfNextHead = true;
            if (!answering && !receiving) {
                start();
            }
            context.fireChannelRead(message);
        }

        private void start() {
            var context = ctx;
            if (deadline == null && context != null) {
                deadline = context.executor().schedule(() -> onLate(context), timeoutMs, TimeUnit.MILLISECONDS);
            }
        }

        private void onLate(ChannelHandlerContext context) {
            onLimit.accept(LimitKind.HTTP_HEAD_TIMEOUT);
            context.close();
        }

        private void onHead() {
            bytesOfNextHead = false;
            stop();
        }

        private void onIdle() {
            if (bytesOfNextHead) {
                start();
            }
        }

        private void stop() {
            if (deadline != null) {
                deadline.cancel(false);
                deadline = null;
            }
        }

        @Override
        public void handlerRemoved(ChannelHandlerContext context) {
            stop();
        }
    }
}
