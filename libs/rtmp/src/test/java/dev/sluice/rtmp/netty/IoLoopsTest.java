package dev.sluice.rtmp.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class IoLoopsTest {
    @Test
    @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
    void aServerThatVanishedIsNoticedByTheClient() throws Exception {
        var group = IoLoops.create(1, "test");
        try {
            var channel = IoLoops.noticingTheDead(new Bootstrap(), EpollSocketChannel.class)
                    .group(group)
                    .channel(EpollSocketChannel.class)
                    .handler(new ChannelInboundHandlerAdapter())
                    .register()
                    .sync()
                    .channel();
            var config = channel.config();

            assertThat(config.getOption(ChannelOption.SO_KEEPALIVE)).isTrue();
            assertThat(config.getOption(EpollChannelOption.TCP_USER_TIMEOUT)).isEqualTo(20_000);
            assertThat(config.getOption(EpollChannelOption.TCP_KEEPIDLE)).isEqualTo(5);
            assertThat(config.getOption(EpollChannelOption.TCP_KEEPINTVL)).isEqualTo(5);
            assertThat(config.getOption(EpollChannelOption.TCP_KEEPCNT)).isEqualTo(3);
            channel.close().sync();
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }
}
