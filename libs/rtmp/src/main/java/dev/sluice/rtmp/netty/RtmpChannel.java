package dev.sluice.rtmp.netty;

import dev.sluice.rtmp.Limit;
import dev.sluice.rtmp.MediaKind;
import dev.sluice.rtmp.RtmpException;
import dev.sluice.rtmp.RtmpLimits;
import dev.sluice.rtmp.amf.AmfValue;
import dev.sluice.rtmp.handshake.HandshakeForm;
import dev.sluice.rtmp.session.EndCause;
import dev.sluice.rtmp.session.ServerEvent;
import dev.sluice.rtmp.session.ServerSession;
import dev.sluice.rtmp.session.ServerSession.Phase;
import dev.sluice.rtmp.sharedobject.SharedObjectMessage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// A [ServerSession] on a Netty channel: gives it bytes and time, sends what it says once per batch of reads,
/// keeps the deadlines, and closes late enough for the client to read why.
///
/// The owner gets every event on the channel's loop, and calls every method here on it. What has to be sent
/// is written before an answering method returns, so an owner may follow [#accept] with its own writes to
/// [#channel()]: the order is kept. Whoever writes so must use chunk streams other than 2, 3 and 5, and
/// flush.
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close shows as the end of the channel
public final class RtmpChannel extends ChannelInboundHandlerAdapter {
    /// Whoever decides and uses what arrives. One owner may serve many channels.
    @FunctionalInterface
    public interface Owner {
        /// The last event of a channel is [ServerEvent.Ended], whatever happens to it.
        void onEvent(RtmpChannel channel, ServerEvent event);

        /// The channel can take more, or no more: see [Channel#isWritable()].
        default void onWritabilityChanged(RtmpChannel channel) {}
    }

    private final RtmpLimits limits;
    private final RtmpTimeouts timeouts;
    private final Owner owner;
    private final ServerSession session;
    private final ChannelLink link = new ChannelLink();
    private boolean scrambling;

    /// What belongs to the channel rather than to the conversation.
    @SuppressWarnings("NullAway.Init") // set when the handler is added, before anything else can happen
    private static final class ChannelLink {
        ChannelHandlerContext context;
        Deadline deadline;
        /// Bytes that the session left unread because it asked something.
        ByteBuf unread = Unpooled.EMPTY_BUFFER;
        /// Inside a batch of reads one flush at its end is enough.
        boolean inBatch;
        long openMs;
        boolean inSession;
        boolean ownerReads = true;
        boolean sharing;
        boolean closing;
        /// Somebody else accepted the channel, and decides how much a read takes.
        boolean attached;
    }

    public RtmpChannel(Owner owner) {
        this(RtmpLimits.DEFAULTS, RtmpTimeouts.DEFAULTS, ServerSession.DEFAULT_CHUNK_BYTES, owner);
    }

    /// @param chunkBytes largest chunk that we send
    public RtmpChannel(RtmpLimits limits, RtmpTimeouts timeouts, int chunkBytes, Owner owner) {
        this.limits = limits;
        this.timeouts = timeouts;
        this.owner = owner;
        this.session = new ServerSession(limits, chunkBytes);
    }

    /// Lets clients shake hands as RTMPE asks, which only hides the bytes from casual eyes. Before the channel is
    /// attached.
    public RtmpChannel allowScrambling() {
        scrambling = true;
        return this;
    }

    /// Takes over a channel that somebody else accepted and has read from. Call on its loop.
    ///
    /// @param alreadyRead what was read, from the first byte on; released here
    /// @param openMs how long the channel is open already, milliseconds: the time for the handshake began
    ///     then
    public void attach(Channel channel, ByteBuf alreadyRead, long openMs) {
        link.openMs = openMs;
        link.attached = true;
        ChannelHandlerContext before = channel.pipeline().lastContext();
        if (before == null) {
            channel.pipeline().addLast(this);
            channel.pipeline().fireChannelRead(alreadyRead).fireChannelReadComplete();
        } else {
            channel.pipeline().addLast(this);
            before.fireChannelRead(alreadyRead).fireChannelReadComplete();
        }
    }

    /// The raw channel, for bytes that the owner shares between many.
    public Channel channel() {
        return link.context.channel();
    }

    public Phase phase() {
        return session.phase();
    }

    /// See [ServerSession#accept(int)].
    public void accept(int id) {
        session.accept(id);
        answered();
    }

    /// See [ServerSession#refuse(int, String, String)].
    public void refuse(int id, String code, String description) {
        session.refuse(id, code, description);
        answered();
    }

    /// See [ServerSession#redirect(int, String, String)].
    public void redirect(int id, String tcUrl, String description) {
        session.redirect(id, tcUrl, description);
        answered();
    }

    /// See [ServerSession#askToReconnect(String, String)]. After `graceMs` the connection is closed: by
    /// then the client is elsewhere.
    public boolean askToReconnect(String tcUrl, String description, long graceMs) {
        boolean asked = session.askToReconnect(tcUrl, description);
        afterSession();
        if (asked) {
            channel().eventLoop().schedule(() -> close("asked to reconnect"), graceMs, TimeUnit.MILLISECONDS);
        }
        return asked;
    }

    /// See [ServerSession#publisherCame(int)].
    public void publisherCame(int msid) {
        session.publisherCame(msid);
        afterSession();
    }

    /// See [ServerSession#publisherLeft(int)].
    public void publisherLeft(int msid) {
        session.publisherLeft(msid);
        afterSession();
    }

    /// See [ServerSession#sendMedia]. `body` is borrowed.
    public void sendMedia(int msid, MediaKind kind, long timestampMs, ByteBuf body) {
        session.sendMedia(msid, kind, timestampMs, body);
        afterSession();
    }

    /// See [ServerSession#reject(int, String, String)].
    public void reject(int msid, String code, String description) {
        session.reject(msid, code, description);
        afterSession();
    }

    /// See [ServerSession#call]. A call that is not answered in time ends by [ServerEvent.CallEnded] as well.
    public Optional<Integer> call(String method, List<AmfValue> arguments) {
        Optional<Integer> id = session.call(method, arguments, nowNs(), this::onEvent);
        afterSession();
        if (id.isPresent()) {
            long ms = limits.calls().timeoutMs();
            Runnable expire = () -> session.expireCalls(nowNs(), this::onEvent);
            channel().eventLoop().schedule(expire, ms, TimeUnit.MILLISECONDS);
        }
        return id;
    }

    /// See [ServerSession#shareObjects()].
    public void shareObjects() {
        session.shareObjects();
    }

    /// Whether the client uses a shared object now. Then it has found something to do here, and needs neither
    /// publish nor play to stay.
    public void setSharing(boolean sharing) {
        link.sharing = sharing;
        afterSession();
    }

    /// See [ServerSession#sendSharedObject]. Sent at once, and never left out: who missed one would believe
    /// something else than all others. So ask [#pendingBytes()] before.
    public void sendSharedObject(SharedObjectMessage message) {
        session.sendSharedObject(message);
        writeAll(session.takeOutput());
        link.context.flush();
        afterSession();
    }

    /// Bytes that were written, and that the network has not taken yet.
    public long pendingBytes() {
        ChannelOutboundBuffer pending = channel().unsafe().outboundBuffer();
        return pending == null ? 0 : pending.totalPendingWriteBytes();
    }

    /// The client has hit a limit of the owner: it is told, and the connection ends.
    public void endAtLimit(Limit limit, String sentence) {
        session.endAtLimit(EndCause.LIMIT, limit, sentence, this::onEvent);
        afterSession();
    }

    /// Says goodbye and closes. Twice does no harm.
    public void close(String reason) {
        session.close(reason, this::onEvent);
        afterSession();
    }

    /// Back-pressure: false stops reading from the client until it is called with true.
    public void setReading(boolean reading) {
        link.ownerReads = reading;
        updateReading();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        link.context = context;
        if (scrambling) {
            context.pipeline().addBefore(context.name(), null, new ScramblingDetector(new Unscrambled()));
        }
        link.deadline = new Deadline(this, timeouts, link.openMs);
        if (!link.attached) {
            context.channel().config().setRecvByteBufAllocator(new ReadSize());
        }
        if (context.channel().isActive()) {
            link.deadline.entered(session.phase());
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        link.deadline.entered(session.phase());
        context.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        link.inBatch = true;
        link.deadline.onRead();
        try {
            feed(bytes);
        } finally {
            bytes.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        link.inBatch = false;
        context.flush();
        context.fireChannelReadComplete();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        owner.onWritabilityChanged(this);
        context.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        ended(EndCause.PEER_CLOSED, "the client closed the connection");
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        boolean network = cause instanceof IOException;
        ended(network ? EndCause.PEER_CLOSED : EndCause.CLOSED, network ? "the connection broke" : "internal error");
        context.close();
        if (!network) {
            context.fireExceptionCaught(cause);
        }
    }

    /// RTMPE below has shaken hands for us.
    private final class Unscrambled implements ScrambledStream.Listener {
        @Override
        public void onHandshake(HandshakeForm form) {
            session.shookHandsBelow();
            afterSession();
        }

        @Override
        public void onFailure(RtmpException failure) {
            ended(EndCause.of(failure.kind()), String.valueOf(failure.getMessage()));
        }
    }

    private void feed(ByteBuf bytes) {
        ByteBuf all = bytes;
        if (link.unread.isReadable()) {
            all = Unpooled.buffer(link.unread.readableBytes() + bytes.readableBytes());
            all.writeBytes(link.unread).writeBytes(bytes);
        }
        link.inSession = true;
        try {
            session.receive(all, nowNs(), this::onEvent);
        } finally {
            link.inSession = false;
        }
        keepUnread(all);
        afterSession();
    }

    /// Copies into a buffer of its own size: the read buffer may be much larger.
    private void keepUnread(ByteBuf bytes) {
        link.unread = Unpooled.EMPTY_BUFFER;
        boolean publisher = session.phase() == Phase.PUBLISHING;
        int most = publisher
                ? limits.chunks().partialBytes()
                : limits.beforeAdmission().retainedBytes();
        if (bytes.readableBytes() + session.heldBytes() > most) {
            session.endAtLimit(
                    EndCause.LIMIT,
                    Limit.UNREAD_BYTES,
                    "More than %d bytes kept before the answer.".formatted(most),
                    this::onEvent);
        } else if (bytes.isReadable()) {
            link.unread = Unpooled.buffer(bytes.readableBytes()).writeBytes(bytes);
        }
    }

    /// After an answer the session reads on, unless it is doing so already.
    private void answered() {
        if (link.inSession) {
            write();
        } else {
            feed(Unpooled.EMPTY_BUFFER);
        }
    }

    private void afterSession() {
        write();
        if (link.inSession) {
            return;
        }
        Phase phase = session.phase();
        if (phase == Phase.PUBLISHING) {
            ReadSize.admit(channel());
        }
        link.deadline.entered(phase == Phase.IDLE && link.sharing ? Phase.PLAYING : phase);
        updateReading();
        if (session.isClosing()) {
            ended(EndCause.CLOSED, "closed");
        }
    }

    /// A publisher that never reads must not make us queue acknowledgements for ever: what it would not
    /// read is dropped, always in whole messages.
    ///
    /// @return whether something was written
    private boolean write() {
        ByteBuf output = session.takeOutput();
        boolean clogged =
                session.phase() == Phase.PUBLISHING && !link.context.channel().isWritable();
        if (output.isReadable() && !clogged) {
            writeAll(output);
            if (!link.inBatch) {
                link.context.flush();
            }
            return true;
        }
        return false;
    }

    private void writeAll(ByteBuf output) {
        if (output.isReadable()) {
            link.context.write(output, link.context.voidPromise());
        }
    }

    private void updateReading() {
        boolean reading = session.isClosing() || (session.wantsMore() && link.ownerReads);
        link.deadline.reading(reading);
        if (link.context.channel().config().isAutoRead() != reading) {
            link.context.channel().config().setAutoRead(reading);
        }
    }

    void onExpired(Limit limit, String what) {
        session.endAtLimit(EndCause.TIMEOUT, limit, what, this::onEvent);
        link.unread = Unpooled.EMPTY_BUFFER;
    }

    void ping() {
        session.ping(nowNs());
        afterSession();
    }

    private void onEvent(ServerEvent event) {
        if (event instanceof ServerEvent.Ended(EndCause cause, String reason)) {
            closeChannel(cause);
        }
        owner.onEvent(this, event);
    }

    private void ended(EndCause cause, String reason) {
        session.end(cause, reason, this::onEvent);
        link.unread = Unpooled.EMPTY_BUFFER;
    }

    /// A client that was told something gets time to read it; unread input would make the kernel throw our
    /// words away, so it is read on and discarded.
    private void closeChannel(EndCause cause) {
        if (link.closing) {
            return;
        }
        link.closing = true;
        link.deadline.stop();
        boolean lastWords = write();
        Channel channel = link.context.channel();
        boolean toldSomething = switch (cause) {
            case REFUSED, CLOSED -> true;
            case LIMIT, TIMEOUT -> lastWords;
            case PEER_CLOSED, HANDSHAKE, PROTOCOL -> false;
        };
        if (channel.isActive() && toldSomething) {
            channel.config().setAutoRead(true);
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER);
        } else {
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }
        // whatever is queued, and whether the client reads it or not
        channel.eventLoop().schedule(() -> channel.close(), timeouts.closeGraceMs(), TimeUnit.MILLISECONDS);
    }

    private long nowNs() {
        return link.context.channel().eventLoop().ticker().nanoTime();
    }
}
