package dev.sluice.rtmp.netty;

import dev.sluice.rtmp.MediaKind;
import dev.sluice.rtmp.RtmpLimits;
import dev.sluice.rtmp.RtmpUrl;
import dev.sluice.rtmp.amf.AmfValue;
import dev.sluice.rtmp.session.ClientEvent;
import dev.sluice.rtmp.session.ClientRequest;
import dev.sluice.rtmp.session.ClientSession;
import dev.sluice.rtmp.session.EndCause;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoopGroup;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/// Publishes or plays one stream. The methods may be called from any thread; they post to the connection's loop,
/// on which the listener is called. Who publishes faster than the network asks [#isWritable()].
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close shows as the end of the channel
public final class RtmpClient implements AutoCloseable {
    /// Whoever wants to know.
    @FunctionalInterface
    public interface Listener {
        /// The last event is [ClientEvent.Ended], whatever happens.
        void onEvent(RtmpClient client, ClientEvent event);
    }

    private static final int CONNECT_MS = 5_000;
    private static final long START_MS = 10_000;
    /// A close right behind the goodbye would overtake it in some servers.
    private static final long GOODBYE_MS = 200;

    private final EventLoop loop;
    private final ClientSession session;
    private final Listener listener;
    private final Channel channel;
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private boolean flushPending;

    /// Connects on an event loop of its own, which ends with the connection.
    public static RtmpClient connect(ClientRequest request, Listener listener) {
        IoEventLoopGroup group = IoLoops.create(1, "rtmp-client");
        RtmpClient client = connect(group, request, RtmpLimits.DEFAULTS, listener);
        client.closed.whenComplete((done, failed) -> group.shutdownGracefully(0, 1, TimeUnit.SECONDS));
        return client;
    }

    /// Connects on a loop of `group`.
    public static RtmpClient connect(
            IoEventLoopGroup group, ClientRequest request, RtmpLimits limits, Listener listener) {
        EventLoop loop = group.next();
        ChannelFuture registered = new Bootstrap()
                .group(loop)
                .channel(IoLoops.clientChannel(group))
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MS)
                .handler(new ChannelInboundHandlerAdapter())
                .register();
        RtmpClient client = new RtmpClient(loop, new ClientSession(request, limits), listener, registered.channel());
        loop.execute(() -> client.open(request.url()));
        return client;
    }

    private RtmpClient(EventLoop loop, ClientSession session, Listener listener, Channel channel) {
        this.loop = loop;
        this.session = session;
        this.listener = listener;
        this.channel = channel;
    }

    /// The handler is added before anything can happen on the channel, so no event is lost.
    private void open(RtmpUrl url) {
        channel.pipeline().addLast(new Handler());
        ChannelFuture connecting = channel.connect(new InetSocketAddress(url.host(), url.port()));
        connecting.addListener(done -> onConnected(connecting));
    }

    /// Sends media, if the server has agreed to take it. Frames of one turn of the loop leave together.
    ///
    /// @param timestampMs milliseconds, unsigned 32 bits
    /// @param body audio and video as in an FLV tag, data as AMF0 values; must not be changed afterwards
    public void sendMedia(MediaKind kind, long timestampMs, byte[] body) {
        inLoop(() -> {
            session.sendMedia(kind, timestampMs, Unpooled.wrappedBuffer(body));
            flushSoon();
        });
    }

    /// Sends `onMetaData`, for the server to keep.
    public void sendMetadata(AmfValue.EcmaArray metadata) {
        inLoop(() -> {
            session.sendMetadata(metadata);
            flushSoon();
        });
    }

    /// False while more is queued than the network takes.
    public boolean isWritable() {
        return channel.isWritable();
    }

    /// Says goodbye and closes. Twice does no harm.
    @Override
    public void close() {
        inLoop(() -> session.close("closed", this::onEvent));
    }

    /// Done when the connection is closed and the last event delivered.
    public CompletionStage<Void> whenClosed() {
        return closed;
    }

    /// For tests: whether the client's own loop is gone.
    boolean loopHasEnded() {
        return loop.isShutdown();
    }

    private void inLoop(Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
        } else {
            try {
                loop.execute(task);
            } catch (RejectedExecutionException e) {
                // The loop was ours and has ended with the connection: there is nothing left to close or send to.
            }
        }
    }

    private void onConnected(ChannelFuture connecting) {
        if (!connecting.isSuccess()) {
            session.end(
                    EndCause.PEER_CLOSED,
                    "cannot connect: " + connecting.cause().getMessage(),
                    this::onEvent);
            return;
        }
        loop.schedule(this::checkStarted, START_MS, TimeUnit.MILLISECONDS);
        session.start();
        write();
    }

    private void checkStarted() {
        switch (session.phase()) {
            case HANDSHAKE, CONNECT, CREATE_STREAM, START ->
                session.end(EndCause.TIMEOUT, "no answer within " + START_MS + " ms", this::onEvent);
            case PUBLISHING, PLAYING, ENDED -> {}
        }
    }

    private void flushSoon() {
        if (!flushPending) {
            flushPending = true;
            loop.execute(() -> {
                flushPending = false;
                write();
            });
        }
    }

    private void write() {
        ByteBuf output = session.takeOutput();
        if (output.isReadable()) {
            channel.writeAndFlush(output, channel.voidPromise());
        }
    }

    private void onEvent(ClientEvent event) {
        listener.onEvent(this, event);
        if (event instanceof ClientEvent.Ended) {
            write();
            if (channel.isActive()) {
                loop.schedule(() -> channel.close(), GOODBYE_MS, TimeUnit.MILLISECONDS);
                channel.closeFuture().addListener(done -> closed.complete(null));
            } else {
                closed.complete(null);
            }
        }
    }

    private void onBytes(ByteBuf bytes) {
        try {
            session.receive(bytes, loop.ticker().nanoTime(), this::onEvent);
        } finally {
            bytes.release();
        }
        write();
    }

    private void onClosed(String why) {
        session.end(EndCause.PEER_CLOSED, why, this::onEvent);
    }

    /// Passes on what happens on the channel.
    private final class Handler extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            onBytes((ByteBuf) message);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            onClosed("the server closed the connection");
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            onClosed("the connection broke: " + cause.getMessage());
            context.close();
        }
    }
}
