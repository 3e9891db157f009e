package dev.sluice.server.netty;

import dev.sluice.hub.Loop;
import dev.sluice.hub.Outlet;
import dev.sluice.hub.WireRun;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A viewer's connection as the hub sees it. It is a channel handler: bytes are written from its own place in the
/// pipeline toward the socket, past every encoder behind it, and through what stands before it (TLS).
///
/// Where nothing changes the bytes on their way out, they go straight from the shared memory to the kernel
/// ([DirectSocket]). Of what the kernel does not take, the rest of one record is copied, so that a viewer who does not
/// read pins no shared memory, and nothing more is accepted until that has left. Elsewhere Netty queues: [#writable()]
/// turns false above
/// [SocketSettings#queueHighBytes()] and true again below [SocketSettings#queueLowBytes()]. Everything runs on
/// [#loop()].
public final class ChannelOutlet extends ChannelInboundHandlerAdapter implements Outlet {
    /// How long queued bytes may take to leave after [#close()].
    public static final long CLOSE_GRACE_MS = 1_000;

    private static final Runnable NOBODY = () -> {};

    private final Loop loop;
    private final ChannelHandlerContext ctx;
    private final byte[] farewell;
    private final @Nullable DirectSocket direct;
    private Runnable resume = NOBODY;
    private Runnable gone = NOBODY;
    private @Nullable ByteBuf own;
    /// Bytes wait that the kernel did not take.
    private boolean restWaits;

    /// Netty's queue is full.
    private boolean full;

    /// No more bytes are wanted: we said goodbye, or the connection is gone.
    private boolean over;

    /// The connection is gone, and whoever asked was told.
    private boolean lost;

    private ChannelOutlet(Loop loop, ChannelHandlerContext ctx, byte[] farewell) {
        this.loop = loop;
        this.ctx = ctx;
        this.farewell = farewell;
        this.direct = DirectSocket.behind(ctx);
    }

    /// Makes the outlet that writes from the place of `ctx` in the pipeline, and puts its ear right behind that
    /// place.
    ///
    /// @param loop the loop of the channel
    /// @param ctx a handler that stays in the pipeline as long as the connection lives
    /// @param farewell last bytes after a [#close()], such as a WebSocket close frame; may be empty. It is kept
    ///     and not copied
    public static ChannelOutlet behind(Loop loop, ChannelHandlerContext ctx, byte[] farewell) {
        var outlet = new ChannelOutlet(loop, ctx, farewell);
        ctx.pipeline().addAfter(ctx.name(), null, outlet);
        ctx.channel().closeFuture().addListener(closed -> outlet.gone());
        return outlet;
    }

    @Override
    public Loop loop() {
        return loop;
    }

    @Override
    public boolean writable() {
        return !(over || restWaits || full);
    }

    @Override
    public void write(ByteBuf bytes) {
        if (over || !ctx.channel().isActive()) {
            bytes.release();
            return;
        }
        // No promise per write: a failed write closes the connection, and that is all there is to know.
        ctx.write(bytes, ctx.voidPromise());
        full = !ctx.channel().isWritable();
    }

    @Override
    public int send(WireRun<?> run) {
        if (direct == null || !run.hasAddresses()) {
            return Outlet.super.send(run);
        }
        if (over) {
            return run.count();
        }
        int sent = free(direct) ? direct.send(run) : 0;
        if (sent == run.length()) {
            return run.count();
        }
        int taken = run.countThrough(sent);
        queueRest(run.rest(taken, sent));
        return taken;
    }

    @Override
    public long touch() {
        return (over ? 1 : 0) + (direct == null ? 0 : direct.touch());
    }

    @Override
    public ByteBuf begin(int maxBytes) {
        var buffer = direct == null ? ByteBufAllocator.DEFAULT.directBuffer(maxBytes) : Scratch.ofAtLeast(maxBytes);
        own = buffer;
        return buffer;
    }

    @Override
    public void end() {
        var bytes = Objects.requireNonNull(own);
        own = null;
        if (direct == null) {
            write(bytes);
            return;
        }
        try {
            if (!over) {
                int length = bytes.readableBytes();
                int sent = free(direct) ? direct.send(bytes.memoryAddress() + bytes.readerIndex(), length) : 0;
                if (sent < length) {
                    queueRest(bytes.alloc()
                            .directBuffer(length - sent)
                            .writeBytes(bytes, bytes.readerIndex() + sent, length - sent));
                }
            }
        } finally {
            bytes.release();
        }
    }

    /// Whether nothing must leave before; what had to was tried.
    private boolean free(DirectSocket socket) {
        if (!socket.isFree()) {
            ctx.flush();
        }
        return socket.isFree();
    }

    private void queueRest(ByteBuf rest) {
        restWaits = true;
        ctx.writeAndFlush(rest).addListener(left -> {
            restWaits = false;
            if (left.isSuccess() && writable()) {
                resume.run();
            }
        });
    }

    @Override
    public void flush() {
        if (direct == null || !direct.isFree()) {
            ctx.flush();
        }
    }

    @Override
    public void onWritable(Runnable resume) {
        this.resume = resume;
    }

    @Override
    public void onClosed(Runnable gone) {
        this.gone = gone;
        if (lost) {
            gone.run();
        }
    }

    private void gone() {
        lost = true;
        over = true;
        gone.run();
    }

    @Override
    public void close() {
        if (over) {
            return;
        }
        over = true;
        var channel = ctx.channel();
        ctx.writeAndFlush(Unpooled.wrappedBuffer(farewell)).addListener(ChannelFutureListener.CLOSE);
        var grace = channel.eventLoop().schedule(() -> channel.close(), CLOSE_GRACE_MS, TimeUnit.MILLISECONDS);
        channel.closeFuture().addListener(closed -> grace.cancel(false));
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        full = !context.channel().isWritable();
        if (writable()) {
            resume.run();
        }
        context.fireChannelWritabilityChanged();
    }

    /// A write that failed or a connection that broke: both mean that the viewer is gone.
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
