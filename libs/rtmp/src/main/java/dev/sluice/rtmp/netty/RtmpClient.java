package dev.sluice.rtmp.netty;

import dev.sluice.rtmp.MediaKind;
import dev.sluice.rtmp.RtmpException;
import dev.sluice.rtmp.RtmpLimits;
import dev.sluice.rtmp.RtmpUrl;
import dev.sluice.rtmp.amf.AmfValue;
import dev.sluice.rtmp.handshake.HandshakeForm;
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
import io.netty.handler.codec.http.HttpClientCodec;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/// Publishes or plays one stream. The methods may be called from any thread; they post to the connection's loop,
/// on which the listener is called. Who publishes faster than the network asks [#isWritable()].
///
/// A server may refuse a connection and expect another, elsewhere or with the next step of a login: the client
/// follows by itself, five times at most, and its listener sees one connection.
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

    private static final int MAX_FOLLOWED = 5;

    private final EventLoop loop;
    private final Class<? extends Channel> channelType;
    private final RtmpLimits limits;
    /// Empty for the usual one, which is made when it is needed.
    private final Optional<ClientTls> tls;

    private final Listener listener;
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private ClientSession session;
    private volatile Channel channel;
    private Optional<ClientRequest> next = Optional.empty();
    private int followed;
    private boolean flushPending;

    /// Connects on an event loop of its own, which ends with the connection.
    public static RtmpClient connect(ClientRequest request, Listener listener) {
        return connect(request, Optional.empty(), listener);
    }

    /// The same, with another idea of whom to trust than [ClientTls#system()].
    public static RtmpClient connect(ClientRequest request, ClientTls tls, Listener listener) {
        return connect(request, Optional.of(tls), listener);
    }

    private static RtmpClient connect(ClientRequest request, Optional<ClientTls> tls, Listener listener) {
        IoEventLoopGroup group = IoLoops.create(1, "rtmp-client");
        RtmpClient client = new RtmpClient(group, request, RtmpLimits.DEFAULTS, tls, listener);
        client.loop.execute(() -> client.open(request.url()));
        client.closed.whenComplete((done, failed) -> group.shutdownGracefully(0, 1, TimeUnit.SECONDS));
        return client;
    }

    /// Connects on a loop of `group`.
    public static RtmpClient connect(
            IoEventLoopGroup group, ClientRequest request, RtmpLimits limits, Listener listener) {
        RtmpClient client = new RtmpClient(group, request, limits, Optional.empty(), listener);
        client.loop.execute(() -> client.open(request.url()));
        return client;
    }

    private RtmpClient(
            IoEventLoopGroup group,
            ClientRequest request,
            RtmpLimits limits,
            Optional<ClientTls> tls,
            Listener listener) {
        this.loop = group.next();
        this.channelType = IoLoops.clientChannel(group);
        this.limits = limits;
        this.tls = tls;
        this.listener = listener;
        this.session = new ClientSession(request, limits);
        this.channel = register(loop, channelType);
    }

    private static Channel register(EventLoop loop, Class<? extends Channel> channelType) {
        return IoLoops.noticingTheDead(new Bootstrap(), channelType)
                .group(loop)
                .channel(channelType)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MS)
                .handler(new ChannelInboundHandlerAdapter())
                .register()
                .channel();
    }

    /// The handler is added before anything can happen on the channel, so no event is lost.
    private void open(RtmpUrl url) {
        ClientSession opened = session;
        Channel target = channel;
        switch (url.scheme().carrier()) {
            case TCP -> {}
            case HTTP -> target.pipeline().addLast(new HttpClientCodec(), new HttpTunnel(url));
            case WEB_SOCKET -> WebSocketCarrier.install(target.pipeline(), url);
        }
        target.pipeline().addLast(new Handler(opened));
        Thread.ofVirtual().name("rtmp-resolve").start(() -> {
            InetSocketAddress address = new InetSocketAddress(url.host(), url.port()); // may wait for a name server
            if (url.scheme().tls()) {
                ClientTls trust = tls.orElseGet(ClientTls::system); // may read files
                inLoop(() -> trust.install(target, url, START_MS));
            }
            inLoop(() -> connect(target, opened, address));
        });
    }

    private void connect(Channel target, ClientSession opened, InetSocketAddress address) {
        if (address.isUnresolved()) {
            opened.end(EndCause.PEER_CLOSED, "cannot connect: no host " + address.getHostString(), this::onEvent);
            return;
        }
        ChannelFuture connecting = target.connect(address);
        connecting.addListener(done -> onConnected(opened, connecting));
    }

    /// The connection that was refused has ended; its session says nothing more.
    private void follow(ClientRequest request) {
        next = Optional.empty();
        followed++;
        channel.close();
        session = new ClientSession(request, limits);
        channel = register(loop, channelType);
        open(request.url());
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

    private void onConnected(ClientSession opened, ChannelFuture connecting) {
        if (!connecting.isSuccess()) {
            opened.end(
                    EndCause.PEER_CLOSED,
                    "cannot connect: " + connecting.cause().getMessage(),
                    this::onEvent);
            return;
        }
        loop.schedule(() -> checkStarted(opened), START_MS, TimeUnit.MILLISECONDS);
        if (opened.url().scheme().scrambled()) {
            ScrambledStream.putBelow(channel.pipeline().context(Handler.class), new Unscrambled(opened));
        } else {
            opened.start();
            write();
        }
    }

    private void checkStarted(ClientSession opened) {
        switch (opened.phase()) {
            case HANDSHAKE, CONNECT, CREATE_STREAM, START ->
                opened.end(EndCause.TIMEOUT, "no answer within " + START_MS + " ms", this::onEvent);
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
        switch (event) {
            case ClientEvent.ComeAgain(ClientRequest request)
            when followed < MAX_FOLLOWED -> next = Optional.of(request);
            case ClientEvent.Ended ended when next.isPresent() -> follow(next.get());
            case ClientEvent.Ended ended -> {
                listener.onEvent(this, ended);
                write();
                closeSoon();
            }
            default -> listener.onEvent(this, event);
        }
    }

    private void closeSoon() {
        if (channel.isActive()) {
            loop.schedule(() -> channel.close(), GOODBYE_MS, TimeUnit.MILLISECONDS);
            channel.closeFuture().addListener(done -> closed.complete(null));
        } else {
            channel.close();
            closed.complete(null);
        }
    }

    /// RTMPE below shakes hands for a session.
    private final class Unscrambled implements ScrambledStream.Listener {
        private final ClientSession opened;

        Unscrambled(ClientSession opened) {
            this.opened = opened;
        }

        @Override
        public void onHandshake(HandshakeForm form) {
            opened.shookHands(form);
            write();
        }

        @Override
        public void onFailure(RtmpException failure) {
            String why = String.valueOf(failure.getMessage());
            opened.end(EndCause.of(failure.kind()), why, RtmpClient.this::onEvent);
        }
    }

    /// Passes on what happens on a channel to the session that it was opened for.
    private final class Handler extends ChannelInboundHandlerAdapter {
        private final ClientSession opened;

        Handler(ClientSession opened) {
            this.opened = opened;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            try {
                opened.receive(bytes, loop.ticker().nanoTime(), RtmpClient.this::onEvent);
            } finally {
                bytes.release();
            }
            write();
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

        private void onClosed(String why) {
            opened.end(EndCause.PEER_CLOSED, why, RtmpClient.this::onEvent);
        }
    }
}
