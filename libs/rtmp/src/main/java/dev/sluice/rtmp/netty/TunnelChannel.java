package dev.sluice.rtmp.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.AbstractChannel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.Queue;

/// A connection without a socket: what arrives is [#feed]-ed, and what is written waits until somebody
/// [#take]s it. So the handlers of a connection work the same where its bytes come as the bodies of requests,
/// over many connections.
///
/// Nothing here is unbounded: what is written waits in the channel's own queue, so [#isWritable()] tells
/// the writer, and whoever feeds asks [#unreadBytes()] before. Everything on the channel's loop.
public final class TunnelChannel extends AbstractChannel {
    private static final ChannelMetadata METADATA = new ChannelMetadata(false);

    private final ChannelConfig config = new DefaultChannelConfig(this);
    private final InetSocketAddress local;
    private final InetSocketAddress remote;
    private final Inbound inbound = new Inbound();
    private ByteBuf taken = Unpooled.EMPTY_BUFFER;
    private volatile boolean open = true;

    /// What waits for handlers that do not read at the moment.
    private static final class Inbound {
        private final Queue<ByteBuf> waiting = new ArrayDeque<>();
        private int bytes;
        private boolean wanted;
        private boolean delivering;
    }

    /// @param local where the connection came in that began this one
    /// @param remote where it came from
    public TunnelChannel(InetSocketAddress local, InetSocketAddress remote) {
        super(null);
        this.local = local;
        this.remote = remote;
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return remote;
    }

    /// Gives bytes to the handlers, now or when they read again. The reference passes too.
    public void feed(ByteBuf bytes) {
        if (!open || !bytes.isReadable()) {
            bytes.release();
            return;
        }
        inbound.bytes += bytes.readableBytes();
        inbound.waiting.add(bytes);
        deliver();
    }

    /// Bytes that the handlers have not read yet.
    public int unreadBytes() {
        return inbound.bytes;
    }

    /// Takes what was written.
    ///
    /// @return at most `maxBytes`, on the heap; empty if there is nothing
    public ByteBuf take(int maxBytes) {
        ChannelOutboundBuffer written = unsafe().outboundBuffer();
        if (written == null || written.size() == 0) {
            return Unpooled.EMPTY_BUFFER;
        }
        ByteBuf all = Unpooled.buffer((int) Math.min(written.totalPendingWriteBytes(), maxBytes), maxBytes);
        taken = all;
        unsafe().flush();
        taken = Unpooled.EMPTY_BUFFER;
        return all;
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer written) {
        while (taken.maxWritableBytes() > 0 && written.current() instanceof ByteBuf bytes) {
            int count = Math.min(bytes.readableBytes(), taken.maxWritableBytes());
            taken.writeBytes(bytes, count);
            if (bytes.isReadable()) {
                written.progress(count);
            } else {
                written.remove();
            }
        }
    }

    @Override
    protected void doBeginRead() {
        inbound.wanted = true;
        deliver();
    }

    /// The end of one batch asks for the next, unless reading is off by then.
    private void deliver() {
        if (inbound.delivering) {
            return;
        }
        inbound.delivering = true;
        while (inbound.wanted && !inbound.waiting.isEmpty()) {
            inbound.wanted = false;
            ByteBuf next = inbound.waiting.remove();
            inbound.bytes -= next.readableBytes();
            pipeline().fireChannelRead(next).fireChannelReadComplete();
        }
        inbound.delivering = false;
    }

    @Override
    protected void doClose() {
        open = false;
        inbound.waiting.forEach(ByteBuf::release);
        inbound.waiting.clear();
        inbound.bytes = 0;
    }

    @Override
    protected void doDisconnect() {
        doClose();
    }

    @Override
    protected void doBind(SocketAddress address) {
        throw new UnsupportedOperationException("a tunnel has no address of its own");
    }

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new AbstractUnsafe() {
            @Override
            public void connect(SocketAddress to, SocketAddress from, ChannelPromise promise) {
                promise.setFailure(new UnsupportedOperationException("a tunnel is connected already"));
            }
        };
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return true;
    }

    @Override
    protected SocketAddress localAddress0() {
        return local;
    }

    @Override
    protected SocketAddress remoteAddress0() {
        return remote;
    }

    @Override
    public ChannelConfig config() {
        return config;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public boolean isActive() {
        return open;
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }
}
