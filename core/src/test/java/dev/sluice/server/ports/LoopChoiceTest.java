package dev.sluice.server.ports;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.netty.Loops;
import dev.sluice.server.netty.NettyLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoopChoiceTest {
    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(3, NioIoHandler.newFactory());
    private final List<NettyLoop> loops = new Loops(group.next(), group).all();
    private final LoopChoice choice = new LoopChoice(loops);

    @AfterEach
    void endLoops() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    @Test
    void loopsOfEqualLoadTakeTurns() {
        assertThat(take(6))
                .containsExactly(loops.get(0), loops.get(1), loops.get(2), loops.get(0), loops.get(1), loops.get(2));
    }

    @Test
    void whoLostConnectionsGetsTheNextOnes() {
        take(9);
        choice.closed(loops.get(1));
        choice.closed(loops.get(1));
        choice.closed(loops.get(2));

        assertThat(take(3)).containsExactlyInAnyOrder(loops.get(1), loops.get(1), loops.get(2));
    }

    private List<NettyLoop> take(int count) {
        List<NettyLoop> taken = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            taken.add(choice.take());
        }
        return taken;
    }
}
