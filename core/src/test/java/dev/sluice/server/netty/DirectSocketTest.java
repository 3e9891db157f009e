package dev.sluice.server.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.hub.EndReason;
import dev.sluice.hub.Framing;
import dev.sluice.hub.Hub;
import dev.sluice.hub.HubSettings;
import dev.sluice.hub.Outlet;
import dev.sluice.hub.Packager;
import dev.sluice.hub.Publication;
import dev.sluice.hub.StreamName;
import dev.sluice.hub.StreamState;
import dev.sluice.hub.TestPublisher;
import dev.sluice.hub.WireFormat;
import dev.sluice.hub.WireRecord;
import dev.sluice.hub.WireRun;
import dev.sluice.hub.WireWriter;
import dev.sluice.media.Codec;
import dev.sluice.media.CodecConfig;
import dev.sluice.media.Frame;
import dev.sluice.media.FrameKind;
import dev.sluice.media.Metadata;
import dev.sluice.media.Payload;
import dev.sluice.media.Track;
import dev.sluice.media.TracksChanged;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import java.io.DataInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Bytes of a stream through real sockets: in order and whole, whether the kernel takes them at once, in part, or not
/// for a while, and whatever else is written on the connection.
class DirectSocketTest {
    private static final Track VIDEO = new Track(0, Codec.VP6, new CodecConfig.Opaque(Payload.EMPTY));
    private static final int FRAME_BYTES = 20_000;
    private static final int OTHER = -7;
    private static final long MS = 1_000_000L;
    private static final int SLAB_BYTES = 64 << 10;
    private static final HubSettings SETTINGS =
            new HubSettings(64 << 20, 60_000, 60_000, 64 << 20, 2_000, 1L << 30, SLAB_BYTES, 1_000);
    /// Of which little is kept.
    private static final int WINDOW_BYTES = 1 << 20;
    private static final HubSettings SMALL =
            new HubSettings(WINDOW_BYTES, 60_000, 60_000, 64 << 20, 2_000, 1L << 30, SLAB_BYTES, 1_000);

    private MultiThreadIoEventLoopGroup group;
    private Loops loops;
    private Channel server;
    private final BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();
    private Hub hub = new Hub(SETTINGS, () -> 0);
    private Publication publication;
    private final Queue<EndReason> ends = new ConcurrentLinkedQueue<>();
    private NettyLoop home;
    private int next;

    /// A record is a frame's number, its size, and so many bytes of that number.
    private record Numbers() implements WireFormat<String> {
        @Override
        public String name() {
            return "numbers";
        }

        @Override
        public Packager<String> packager(WireWriter<String> out) {
            return new Packager<>() {
                @Override
                public void state(StreamState state) {
                    out.prologue("");
                }

                @Override
                public void frame(Frame frame, boolean join) {
                    var bytes = out.begin(frame.payload().length());
                    frame.payload().writeTo(bytes);
                    out.end(frame.dtsNs(), join, 0);
                }

                @Override
                public void data(Metadata data) {}
            };
        }
    }

    /// Shares every byte, or copies it into a write of the viewer's own.
    private record Copying(boolean own, Queue<EndReason> ends) implements Framing<String> {
        @Override
        public void join(String prologue, WireRecord<String> first, Outlet outlet) {}

        @Override
        public int run(WireRun<String> run, Outlet outlet) {
            if (!own) {
                return outlet.send(run);
            }
            var out = outlet.begin(run.length());
            run.records().forEach(record -> record.writeTo(out));
            outlet.end();
            return run.count();
        }

        @Override
        public void end(EndReason why, Outlet outlet) {
            ends.add(why);
            outlet.close();
        }
    }

    @BeforeEach
    void listen() {
        assumeTrue(Epoll.isAvailable(), "Linux only");
        group = new MultiThreadIoEventLoopGroup(2, EpollIoHandler.newFactory());
        loops = new Loops((io.netty.channel.EventLoop) group.iterator().next(), group);
        server = new ServerBootstrap()
                .group(group)
                .channel(EpollServerSocketChannel.class)
                .childOption(ChannelOption.SO_SNDBUF, 32 << 10)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast("viewer", new ChannelInboundHandlerAdapter());
                        accepted.add(channel);
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .syncUninterruptibly()
                .channel();
        home = loops.nextLoop();
        begin();
    }

    private void begin() {
        publication = TestPublisher.publish(hub, new StreamName("live", "x"), home);
        home.execute(() -> publication.write(new TracksChanged(0, List.of(VIDEO), 1)));
    }

    private void end(Publication stream) {
        home.execute(() -> stream.close(EndReason.PUBLISHER_LEFT));
        await().until(() -> hub.budget().usedBytes() == 0);
    }

    @AfterEach
    void close() throws Exception {
        end(publication);
        server.close().sync();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }

    private Channel view(Socket socket, boolean own) throws InterruptedException {
        var channel = accepted.poll(30, TimeUnit.SECONDS);
        assertThat(channel).as("accepted for %s", socket).isNotNull();
        channel.eventLoop()
                .submit(() -> {
                    var outlet = ChannelOutlet.behind(
                            loops.of(channel.eventLoop()), channel.pipeline().context("viewer"), new byte[0]);
                    publication.stream().play(new Numbers(), outlet, new Copying(own, ends));
                })
                .sync();
        return channel;
    }

    private void publish(int frames) {
        for (int i = 0; i < frames; i++) {
            int number = next++;
            var payload = Unpooled.buffer(FRAME_BYTES);
            payload.writeInt(number).writeInt(FRAME_BYTES - 8);
            while (payload.readableBytes() < FRAME_BYTES) {
                payload.writeByte(number);
            }
            var frame = new Frame(
                    VIDEO,
                    number * 10 * MS,
                    number * 10 * MS,
                    number == 0 ? FrameKind.KEY : FrameKind.INTER,
                    Payload.copyOf(payload));
            payload.release();
            home.execute(() -> publication.write(frame));
        }
    }

    private static void assertNext(DataInputStream in, int number) throws Exception {
        int found = in.readInt();
        while (found == OTHER) {
            found = in.readInt();
        }
        assertThat(found).isEqualTo(number);
        var body = in.readNBytes(in.readInt());
        var expected = new byte[FRAME_BYTES - 8];
        Arrays.fill(expected, (byte) number);
        assertThat(body).isEqualTo(expected);
    }

    private Socket connect() throws Exception {
        var socket = new Socket();
        socket.setReceiveBufferSize(32 << 10);
        socket.setSoTimeout(10_000);
        socket.connect(server.localAddress());
        return socket;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyByteArrivesOnceAndInOrderThoughTheReaderStopsNowAndThen(boolean own) throws Exception {
        try (var socket = connect()) {
            var channel = view(socket, own);
            var in = new DataInputStream(socket.getInputStream());
            for (int round = 0; round < 10; round++) {
                publish(50); // a megabyte, and the kernel takes some tens of kilobytes
                await().until(() -> channel.unsafe().outboundBuffer().totalPendingWriteBytes() > 0);
                for (int i = 0; i < 50; i++) {
                    assertNext(in, round * 50 + i);
                }
            }
        }
    }

    @Test
    void whatElseIsWrittenOnTheConnectionStandsBetweenFramesAndNotInside() throws Exception {
        try (var socket = connect()) {
            var channel = view(socket, false);
            var in = new DataInputStream(socket.getInputStream());
            for (int i = 0; i < 400; i++) {
                publish(1);
                channel.writeAndFlush(Unpooled.buffer().writeInt(OTHER));
                if (i % 100 == 99) {
                    for (int number = i - 99; number <= i; number++) {
                        assertNext(in, number);
                    }
                }
            }
        }
    }

    /// Each stops at another place of the log, and in the middle of a frame; the log goes on and drops what is old.
    @Test
    void aHundredViewersWhoStopAtAHundredMomentsPinNoSharedMemoryAndAreClosed() throws Exception {
        end(publication);
        hub = new Hub(SMALL, () -> 0);
        begin();
        var sockets = new ArrayList<Socket>();
        var channels = new ArrayList<Channel>();
        try {
            var streams = new ArrayList<DataInputStream>();
            for (int i = 0; i < 100; i++) {
                var socket = connect();
                sockets.add(socket);
                channels.add(view(socket, false));
                streams.add(new DataInputStream(socket.getInputStream()));
            }
            for (int round = 0; round < 100; round++) {
                publish(1);
                for (var reading : streams.subList(round, 100)) {
                    assertNext(reading, next - 1);
                }
                assertLittleIsHeld();
            }
            for (int round = 0; round < 100; round++) {
                publish(1);
                home.eventLoop().submit(() -> {}).sync();
                assertLittleIsHeld();
            }
            for (var channel : channels) {
                assertNoMoreThanTheRestOfARecordWaits(channel);
            }
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                publish(1); // only who is offered something can leave it
                return ends.size() == 100;
            });
            assertThat(ends).containsOnly(EndReason.STALLED);
        } finally {
            for (var socket : sockets) {
                socket.close();
            }
        }
    }

    /// The entries, their bytes, a slab that is being written and those of a write that goes on.
    private void assertLittleIsHeld() {
        assertThat(hub.budget().usedBytes()).isLessThan(2L * WINDOW_BYTES + 5L * SLAB_BYTES);
    }

    @Test
    void whoDoesNotReadPinsNoSharedMemory() throws Exception {
        try (var socket = connect()) {
            var channel = view(socket, false);
            publish(100);
            var queue = channel.unsafe().outboundBuffer();
            await().until(() -> queue.totalPendingWriteBytes() > 0);
            publish(100);
            home.eventLoop().submit(() -> {}).sync();
            assertNoMoreThanTheRestOfARecordWaits(channel);
        }
    }

    /// A slice would be no longer, but pin its slab.
    private static void assertNoMoreThanTheRestOfARecordWaits(Channel channel) throws Exception {
        var queue = channel.unsafe().outboundBuffer();
        if (queue == null) {
            return; // closed already
        }
        assertThat(queue.totalPendingWriteBytes()).isLessThan(FRAME_BYTES + 200);
        var waiting = (ByteBuf) channel.eventLoop().submit(queue::current).get();
        while (waiting != null && waiting.unwrap() != null) {
            waiting = waiting.unwrap();
        }
        if (waiting != null) {
            assertThat(waiting.capacity()).as("a copy, no slice of a slab").isLessThanOrEqualTo(FRAME_BYTES);
        }
    }
}
