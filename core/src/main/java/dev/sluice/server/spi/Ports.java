package dev.sluice.server.spi;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;

/// Who owns the listening sockets. It accepts, counts and limits connections of every protocol, looks at
/// their first bytes and hands them to the protocol that recognises them. Several protocols may offer the
/// same port.
public interface Ports {
    /// Listens on the protocol's port and returns the address in use (port 0 takes a free one).
    ///
    /// @throws PortTaken when somebody else has the port; names it and the setting to change
    InetSocketAddress offer(Protocol protocol) throws PortTaken;

    /// The connection proved who it is: it no longer counts against the limits of unauthenticated
    /// connections.
    void admitted(Channel channel);

    /// How long ago the connection was accepted, or its TLS handshake ended, milliseconds: what its client has
    /// used up of the time it has to introduce itself. 0 for a connection of somebody else, and from [#admitted]
    /// on. Any thread.
    long ageMs(Channel channel);

    /// Who is at the other end: behind a known proxy the client that it speaks for. Whoever counts, limits, admits
    /// or logs clients asks here and not the channel. Any thread.
    InetSocketAddress remote(Channel channel);

    /// What the client connected to, as [#remote]: behind a known proxy, the address of the proxy.
    InetSocketAddress local(Channel channel);

    /// A protocol that takes connections over.
    interface Protocol {
        String name();

        /// 0 takes a free one.
        int port();

        /// The setting that changes the port, for the error message, such as `rtmp.port (--rtmp)`.
        String portSetting();

        /// Looks at the first bytes without consuming them.
        Match match(ByteBuf first);

        /// Takes the connection over, on its event loop. Also called when no protocol of the port
        /// recognises the first bytes, so that it can say why.
        ///
        /// @param first the bytes already read; the reference passes too
        void accept(Channel channel, ByteBuf first);
    }

    enum Match {
        YES,
        NO,
        NEEDS_MORE
    }

    final class PortTaken extends Exception {
        public PortTaken(String message) {
            super(message);
        }
    }
}
