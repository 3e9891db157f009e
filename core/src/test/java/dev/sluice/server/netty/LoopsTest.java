package dev.sluice.server.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class LoopsTest {
    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    private final Loops loops = new Loops(group.next(), group);

    @AfterEach
    void endLoops() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    @Test
    void thereIsOneLoopForEachEventLoop() {
        for (var loop : loops.all()) {
            assertThat(loops.of(loop.eventLoop())).isSameAs(loop);
        }
        assertThat(loops.all()).hasSize(2).doesNotHaveDuplicates();
    }

    @Test
    void goesRoundRobin() {
        var first = loops.nextLoop();
        var second = loops.nextLoop();

        assertThat(second).isNotSameAs(first);
        assertThat(loops.nextLoop()).isSameAs(first);
    }

    @Test
    void refusesAForeignEventLoop() {
        var foreign = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try {
            assertThatThrownBy(() -> loops.of(foreign.next()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("not a loop of this server");
        } finally {
            foreign.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    @Test
    void runsTasksInOrderOnItsOwnThread() throws Exception {
        var loop = loops.nextLoop();
        var order = new StringBuilder();
        loop.execute(() -> {
            order.append(loop.inLoop()).append(' ');
            loop.run(() -> order.append("at once "));
            order.append("then");
        });

        loop.eventLoop().submit(() -> {}).get(30, TimeUnit.SECONDS);

        assertThat(order).hasToString("true at once then");
        assertThat(loop.inLoop()).isFalse();
    }

    @Test
    void cancelledTasksDoNotRun() {
        var loop = loops.nextLoop();
        var ran = new AtomicInteger();
        loop.execute(
                () -> { // where nothing else can run before it is cancelled
                    var cancelled = loop.after(20, () -> ran.addAndGet(100));
                    loop.after(60, () -> ran.addAndGet(1));
                    cancelled.cancel();
                    cancelled.cancel();
                });

        await().untilAtomic(ran, org.hamcrest.Matchers.greaterThan(0));

        assertThat(ran).hasValue(1);
    }

    @Test
    void nioLoopsListenOnNio() {
        assertThat(loops.transport()).isEqualTo(IoTransport.NIO);
        assertThat(loops.transport().serverChannelClass()).isEqualTo(NioServerSocketChannel.class);
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
    void epollLoopsListenOnEpoll() {
        assertThat(Epoll.isAvailable()).as("native epoll").isTrue();
        var epoll = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        try {
            var onEpoll = new Loops(epoll.next(), epoll);
            assertThat(onEpoll.transport()).isEqualTo(IoTransport.EPOLL);
            assertThat(onEpoll.transport().serverChannelClass()).isEqualTo(EpollServerSocketChannel.class);
        } finally {
            epoll.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }
}
