package dev.sluice.server.ports;

import dev.sluice.server.spi.Ports.Protocol;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.concurrent.Future;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks at the first bytes of a connection until a protocol of its port recognises them, then leaves the
/// pipeline and gives connection and bytes away. It waits an absolute time, however slowly bytes drip. On the
/// channel's loop.
final class FirstBytes extends ChannelInboundHandlerAdapter {
    /// More than any protocol needs to be recognised; what nobody knows by then goes to the first protocol.
    static final int MAX_BYTES = 1024;

    private static final Logger LOG = LoggerFactory.getLogger(FirstBytes.class);

    private final List<Protocol> protocols;
    private final int timeoutMs;
    private final Consumer<ChannelHandlerContext> late;
    private final BiConsumer<ChannelHandlerContext, Protocol> recognised;
    private @Nullable Future<?> deadline;
    private @Nullable ByteBuf seen;

    /// @param protocols all that offered the port, the first one first; may grow meanwhile
    /// @param late told, before the connection is closed, that the time is over
    /// @param recognised told which protocol takes the connection over, before it does
    FirstBytes(
            List<Protocol> protocols,
            int timeoutMs,
            Consumer<ChannelHandlerContext> late,
            BiConsumer<ChannelHandlerContext, Protocol> recognised) {
        this.protocols = protocols;
        this.timeoutMs = timeoutMs;
        this.late = late;
        this.recognised = recognised;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        deadline = ctx.executor()
                .schedule(
                        () -> {
                            late.accept(ctx);
                            ctx.close();
                        },
                        timeoutMs,
                        TimeUnit.MILLISECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        var bytes = (ByteBuf) message;
        var all = seen == null ? bytes : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), seen, bytes);
        seen = all;
        choose(all).ifPresent(protocol -> give(ctx, protocol, all));
    }

    /// The first protocol that says yes. While one needs more bytes nobody else is asked to explain.
    private Optional<Protocol> choose(ByteBuf first) {
        boolean undecided = false;
        for (var protocol : protocols) {
            switch (protocol.match(first)) {
                case YES -> {
                    return Optional.of(protocol);
                }
                case NEEDS_MORE -> undecided = true;
                case NO -> {}
            }
        }
        return undecided && first.readableBytes() < MAX_BYTES ? Optional.empty() : Optional.of(protocols.getFirst());
    }

    private void give(ChannelHandlerContext ctx, Protocol protocol, ByteBuf first) {
        seen = null;
        recognised.accept(ctx, protocol);
        ctx.pipeline().remove(this);
        try {
            protocol.accept(ctx.channel(), first);
        } catch (RuntimeException e) {
            LOG.error(
                    "port.handover protocol={} remote={}",
                    protocol.name(),
                    ctx.channel().remoteAddress(),
                    e);
            ctx.channel().close();
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        if (deadline != null) {
            deadline.cancel(false);
        }
        if (seen != null) {
            seen.release();
            seen = null;
        }
    }

    /// A protocol that cannot even look, or a connection reset: no story, the connection goes.
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("port.first-bytes remote={}", ctx.channel().remoteAddress(), cause);
        ctx.close();
    }
}
