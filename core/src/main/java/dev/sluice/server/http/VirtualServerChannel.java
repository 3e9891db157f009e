package dev.sluice.server.http;

import io.netty.channel.AbstractServerChannel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoop;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/// A server channel without a socket: it binds nothing and accepts nothing. It lets the HTTP server believe that
/// it listens, while our ports own the sockets and bring the connections.
final class VirtualServerChannel extends AbstractServerChannel {
    private final ChannelConfig config = new AnyOption(this);
    private volatile @Nullable SocketAddress local;
    private volatile boolean open = true;

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
        return open && local != null;
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return true;
    }

    @Override
    protected @Nullable SocketAddress localAddress0() {
        return local;
    }

    @Override
    protected void doBind(SocketAddress localAddress) {
        local = localAddress;
    }

    @Override
    protected void doClose() {
        open = false;
    }

    /// Nothing ever arrives here.
    @Override
    protected void doBeginRead() {}

    /// Socket options are set and mean nothing.
    private static final class AnyOption extends DefaultChannelConfig {
        AnyOption(VirtualServerChannel channel) {
            super(channel);
        }

        @Override
        public <T> boolean setOption(ChannelOption<T> option, T value) {
            super.setOption(option, value);
            return true;
        }
    }
}
