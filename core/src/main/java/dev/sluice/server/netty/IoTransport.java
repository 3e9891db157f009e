package dev.sluice.server.netty;

import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringIoHandlerConfig;
import io.netty.channel.uring.IoUringServerSocketChannel;
import java.util.Optional;
import java.util.function.Function;

/// How event loops talk to the kernel.
public enum IoTransport {
    /// Linux. The default: everything is measured with it.
    EPOLL,
    /// Linux, experimental. One completion for each write of each viewer: the completion queue has to hold a whole
    /// fan-out, or the kernel and Netty spin over what overflowed. See docs/decisions/0008-one-acceptor-epoll.md.
    IO_URING,
    /// Everywhere.
    NIO;

    /// Submissions are handed to the kernel when the queue is full, so its size only batches system calls.
    private static final int SUBMISSIONS = 4_096;
    /// What may be done at once on one loop: more than it has connections. 16 bytes each.
    private static final int COMPLETIONS = 65_536;

    /// What the loops of a running server use.
    public static IoTransport of(EventLoop loop) {
        if (loop instanceof IoEventLoopGroup io) {
            if (io.isIoType(EpollIoHandler.class)) {
                return EPOLL;
            }
            if (io.isIoType(IoUringIoHandler.class)) {
                return IO_URING;
            }
        }
        return NIO;
    }

    /// Its name for people.
    public String label() {
        return switch (this) {
            case EPOLL -> "epoll";
            case IO_URING -> "io_uring";
            case NIO -> "NIO";
        };
    }

    /// Why it cannot be used on this machine; empty when it can. Loads the native library.
    public Optional<String> obstacle() {
        return switch (this) {
            case EPOLL -> Epoll.isAvailable() ? Optional.empty() : Optional.of(reason(Epoll.unavailabilityCause()));
            case IO_URING ->
                IoUring.isAvailable() ? Optional.empty() : Optional.of(reason(IoUring.unavailabilityCause()));
            case NIO -> Optional.empty();
        };
    }

    private static String reason(Throwable cause) {
        var deepest = cause;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        return String.valueOf(deepest.getMessage());
    }

    /// The one to use where `asked` may have an obstacle: `asked`, or epoll, or NIO.
    static IoTransport nearest(IoTransport asked, Function<IoTransport, Optional<String>> obstacle) {
        if (obstacle.apply(asked).isEmpty()) {
            return asked;
        }
        return asked != EPOLL && obstacle.apply(EPOLL).isEmpty() ? EPOLL : NIO;
    }

    /// This one where it can be used, else the next best.
    public IoTransport orNearest() {
        return nearest(this, IoTransport::obstacle);
    }

    /// Makes the part of an event loop that waits for sockets.
    public IoHandlerFactory handlers() {
        return switch (this) {
            case EPOLL -> EpollIoHandler.newFactory();
            case IO_URING ->
                IoUringIoHandler.newFactory(
                        new IoUringIoHandlerConfig().setRingSize(SUBMISSIONS).setCqSize(COMPLETIONS));
            case NIO -> NioIoHandler.newFactory();
        };
    }

    /// The class of listening sockets.
    public Class<? extends ServerSocketChannel> serverChannelClass() {
        return switch (this) {
            case EPOLL -> EpollServerSocketChannel.class;
            case IO_URING -> IoUringServerSocketChannel.class;
            case NIO -> NioServerSocketChannel.class;
        };
    }
}
