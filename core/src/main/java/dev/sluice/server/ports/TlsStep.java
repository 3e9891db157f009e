package dev.sluice.server.ports;

import dev.sluice.server.ports.Entrance.House;
import dev.sluice.server.ports.Entrance.Step;
import dev.sluice.server.spi.LimitKind;
import dev.sluice.server.spi.Ports.Match;
import dev.sluice.server.tls.ClientHello;
import dev.sluice.server.tls.Tls;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.ssl.SslClientHelloHandler;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.Future;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Recognises TLS and puts it below whatever comes next. Hello and handshake together have an absolute time, however
/// slowly bytes drip; the arithmetic of handshakes takes turns with the other work of a loop.
///
/// @param inside looks at the first bytes of the decrypted connection, on its loop
record TlsStep(Tls tls, Turns.OfLoops turns, House house, Consumer<Channel> inside) implements Step {
    private static final Logger log = LoggerFactory.getLogger(TlsStep.class);
    private static final int HANDSHAKE_RECORD = 0x16;
    private static final int MAJOR_VERSION = 3;
    private static final long GOODBYE_MS = 1_000;

    @Override
    public String name() {
        return "tls";
    }

    @Override
    public Match match(ByteBuf first) {
        int at = first.readerIndex();
        if (first.isReadable() && first.getByte(at) != HANDSHAKE_RECORD) {
            return Match.NO;
        }
        if (first.readableBytes() < 2) {
            return Match.NEEDS_MORE;
        }
        return first.getByte(at + 1) == MAJOR_VERSION ? Match.YES : Match.NO;
    }

    @Override
    public void accept(Channel channel, ByteBuf first) {
        house.handshakeStarted(channel);
        var pipeline = channel.pipeline();
        pipeline.addLast(new Hello(), new Guard());
        pipeline.fireChannelRead(first);
        pipeline.fireChannelReadComplete();
    }

    /// Waits for the client's first message, chooses the certificate by it, and makes way for TLS.
    private final class Hello extends SslClientHelloHandler<SslContext> {
        private ClientHello hello = ClientHello.NOTHING;

        Hello() {
            super(tls.settings().maxHelloBytes());
        }

        @Override
        protected Future<SslContext> lookup(ChannelHandlerContext ctx, @Nullable ByteBuf message) {
            hello = message == null ? ClientHello.NOTHING : ClientHello.read(message);
            var chosen = ctx.executor().<SslContext>newPromise();
            turns.take(ctx.executor(), () -> {
                if (!ctx.channel().isActive()) {
                    chosen.setFailure(new CancellationException("closed meanwhile"));
                    return;
                }
                tls.contextFor(hello).whenComplete((context, failure) -> {
                    if (context == null) {
                        chosen.setFailure(failure);
                    } else if (ctx.executor().inEventLoop()) {
                        chosen.setSuccess(context);
                    } else {
                        ctx.executor().execute(() -> chosen.setSuccess(context));
                    }
                });
            });
            return chosen;
        }

        @Override
        protected void onLookupComplete(ChannelHandlerContext ctx, Future<SslContext> chosen) {
            if (!chosen.isSuccess() || !ctx.channel().isActive()) {
                ctx.close();
                return;
            }
            var handler = tls.handler(chosen.getNow(), hello, ctx.alloc());
            handler.setHandshakeTimeoutMillis(0); // the guard has a deadline for all of it
            handler.setCloseNotifyFlushTimeoutMillis(GOODBYE_MS);
            ctx.pipeline().replace(this, "tls", handler);
        }
    }

    /// Stands behind TLS: keeps the time of the handshake, hides what is no business of a protocol, and hands over
    /// one piece at a time, as a socket does, to a protocol that asks not to be read to.
    private final class Guard extends FlowControlHandler {
        private @Nullable Future<?> deadline;

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
            super.handlerAdded(ctx);
            int timeoutMs = tls.settings().handshakeTimeoutMs();
            deadline = ctx.executor().schedule(() -> onLate(ctx), timeoutMs, TimeUnit.MILLISECONDS);
        }

        private void onLate(ChannelHandlerContext ctx) {
            house.hit(LimitKind.TLS_HANDSHAKE_TIMEOUT, ctx.channel());
            // Past TLS, which would first want to say goodbye.
            ctx.channel().unsafe().close(ctx.channel().voidPromise());
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof SslHandshakeCompletionEvent handshake) {
                if (handshake.isSuccess()) {
                    onDone(ctx.channel());
                } else {
                    log.debug("port.tls remote={} failed", ctx.channel().remoteAddress(), handshake.cause());
                }
            } else if (event instanceof SslCloseCompletionEvent) {
                ctx.close(); // the client said that it is done; without TLS that would have been its FIN
            } else {
                ctx.fireUserEventTriggered(event);
            }
        }

        private void onDone(Channel channel) {
            stopClock();
            house.handshakeEnded(channel);
            inside.accept(channel);
        }

        private void stopClock() {
            if (deadline != null) {
                deadline.cancel(false);
                deadline = null;
            }
        }

        /// Bytes that are not TLS, a broken record, a connection reset: no story, the connection goes.
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            if (cause instanceof TooLongFrameException) {
                house.hit(LimitKind.TLS_HELLO_BYTES, ctx.channel());
            }
            log.debug("port.tls remote={}", ctx.channel().remoteAddress(), cause);
            ctx.close();
        }

        @Override
        public void handlerRemoved(ChannelHandlerContext ctx) throws Exception {
            stopClock();
            super.handlerRemoved(ctx);
        }
    }
}
