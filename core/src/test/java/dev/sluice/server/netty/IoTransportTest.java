package dev.sluice.server.netty;

import static dev.sluice.server.netty.IoTransport.EPOLL;
import static dev.sluice.server.netty.IoTransport.IO_URING;
import static dev.sluice.server.netty.IoTransport.NIO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class IoTransportTest {
    @Test
    void whatIsForbiddenIsReplacedByEpollElseByNio() {
        assertThat(nearest(IO_URING, EnumSet.allOf(IoTransport.class))).isEqualTo(IO_URING);
        assertThat(nearest(IO_URING, Set.of(EPOLL, NIO))).isEqualTo(EPOLL);
        assertThat(nearest(IO_URING, Set.of(NIO))).isEqualTo(NIO);
        assertThat(nearest(EPOLL, Set.of(IO_URING, NIO)))
                .as("nobody gets an experiment who did not ask for it")
                .isEqualTo(NIO);
        assertThat(nearest(NIO, EnumSet.allOf(IoTransport.class))).isEqualTo(NIO);
    }

    private static IoTransport nearest(IoTransport asked, Set<IoTransport> usable) {
        return IoTransport.nearest(asked, io -> usable.contains(io) ? Optional.empty() : Optional.of("forbidden"));
    }

    @ParameterizedTest
    @EnumSource
    void loopsMadeForATransportAreRecognised(IoTransport io) {
        assumeThat(io.obstacle()).isEmpty();
        var group = new MultiThreadIoEventLoopGroup(1, io.handlers());
        try {
            assertThat(IoTransport.of(group.next())).isEqualTo(io);
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }
}
