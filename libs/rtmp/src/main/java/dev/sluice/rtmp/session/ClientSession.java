package dev.sluice.rtmp.session;

import dev.sluice.rtmp.MediaKind;
import dev.sluice.rtmp.RtmpException;
import dev.sluice.rtmp.RtmpLimits;
import dev.sluice.rtmp.RtmpUrl;
import dev.sluice.rtmp.amf.Amf0;
import dev.sluice.rtmp.amf.AmfValue;
import dev.sluice.rtmp.handshake.ClientHandshake;
import dev.sluice.rtmp.handshake.HandshakeForm;
import dev.sluice.rtmp.message.RtmpMessage;
import dev.sluice.rtmp.message.UserEvent;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/// The client's side of one RTMP connection, for one stream: bytes in, events and bytes out. No socket, no clock,
/// no thread.
///
/// Publishing follows the sequence of FMLE (`releaseStream`, `FCPublish`, `createStream`, `publish`), which
/// origins of the Adobe family expect. Send media only after [ClientEvent.Publishing]: some servers listen only
/// from then on. One owner thread (RTMP 1.0 §5, §7).
public final class ClientSession {
    /// How far the server has let us.
    public enum Phase {
        HANDSHAKE,
        CONNECT,
        CREATE_STREAM,
        START,
        PUBLISHING,
        PLAYING,
        ENDED
    }

    private static final int CONNECT_TRANSACTION = 1;
    private static final int PLAY_BUFFER_MS = 3000;
    private static final int MAX_RECONNECTS = 5;
    private static final long RECONNECTS_WITHIN_NS = 60_000_000_000L;

    private static final AmfValue CALL_FAILED = AmfValue.properties()
            .put("level", "error")
            .put("code", StatusCode.CALL_FAILED)
            .put("description", "This client has no such method.")
            .object();

    private final ClientRequest request;
    private final MessageLink link;
    private final ClientHandshake handshake;
    private final SecureRandom random = new SecureRandom();
    private final Queue<Long> reconnectsNs = new ArrayDeque<>();

    private Phase phase = Phase.HANDSHAKE;
    private int lastTransaction;
    private int createTransaction;
    private int msid;

    public ClientSession(ClientRequest request, RtmpLimits limits) {
        this.request = request;
        this.link = new MessageLink(limits);
        this.handshake = new ClientHandshake(new SplittableRandom(), request.handshake());
        // We chose this server, so it may send what an admitted peer may.
        link.admit();
    }

    /// Begins the handshake. Call once, when the connection stands.
    public void start() {
        handshake.start(link.output());
    }

    /// Instead of [#start()]: the handshake was done below, by a transport that has its own.
    public void shookHands(HandshakeForm form) {
        if (phase == Phase.HANDSHAKE) {
            handshake.doneElsewhere(form);
            connect();
        }
    }

    /// Reads all that arrived.
    ///
    /// @param nowNs monotonic time in nanoseconds, any origin
    /// @param events is told what happened, in order, on this thread
    public void receive(ByteBuf bytes, long nowNs, Consumer<ClientEvent> events) {
        try {
            if (phase == Phase.HANDSHAKE && handshake.receive(bytes, link.output())) {
                connect();
            }
            while (phase != Phase.HANDSHAKE && phase != Phase.ENDED) {
                Optional<RtmpMessage> message = link.next(bytes, nowNs);
                if (message.isEmpty()) {
                    break;
                }
                handle(message.get(), nowNs, events);
            }
        } catch (RtmpException e) {
            end(EndCause.of(e.kind()), String.valueOf(e.getMessage()), events);
        }
        if (phase == Phase.ENDED) {
            bytes.skipBytes(bytes.readableBytes());
        }
    }

    /// Where it connects.
    public RtmpUrl url() {
        return request.url();
    }

    public Phase phase() {
        return phase;
    }

    /// Bytes to send, as a heap buffer that needs no release; empty if there are none.
    public ByteBuf takeOutput() {
        return link.takeOutput();
    }

    /// Sends media to the server. Does nothing unless publishing.
    ///
    /// @param timestampMs milliseconds, unsigned 32 bits
    /// @param body from its reader index on; borrowed
    public void sendMedia(MediaKind kind, long timestampMs, ByteBuf body) {
        if (phase == Phase.PUBLISHING) {
            link.writeMedia(kind, timestampMs, msid, body);
        }
    }

    /// Sends `onMetaData`, in the form that every server keeps for its players.
    public void sendMetadata(AmfValue.EcmaArray metadata) {
        byte[] body = Amf0.encode(AmfValue.of("@setDataFrame"), AmfValue.of("onMetaData"), metadata);
        sendMedia(MediaKind.DATA, 0, Unpooled.wrappedBuffer(body));
    }

    /// Says goodbye, so that the server knows that we shall not come back, and ends. Twice does no harm.
    public void close(String reason, Consumer<ClientEvent> events) {
        if (phase == Phase.PUBLISHING) {
            call("FCUnpublish", 0, AmfValue.of(request.url().name()));
        }
        if (phase == Phase.PUBLISHING || phase == Phase.PLAYING) {
            call("deleteStream", 0, AmfValue.of(msid));
        }
        end(EndCause.CLOSED, reason, events);
    }

    /// Everything ends here. Twice does no harm.
    public void end(EndCause cause, String reason, Consumer<ClientEvent> events) {
        if (phase != Phase.ENDED) {
            phase = Phase.ENDED;
            events.accept(new ClientEvent.Ended(cause, reason));
        }
    }

    private void connect() {
        phase = Phase.CONNECT;
        link.announceChunkSize(request.chunkBytes());
        AmfValue.Properties properties =
                AmfValue.properties().put("app", request.url().app() + request.connectQuery());
        if (request.action() == ClientRequest.Action.PUBLISH) {
            properties.put("type", "nonprivate");
        }
        properties
                .put("flashVer", request.flashVer())
                .put("tcUrl", request.url().tcUrl() + request.connectQuery());
        if (request.action() == ClientRequest.Action.PLAY) {
            properties
                    .put("fpad", false)
                    .put("capabilities", 15)
                    .put("audioCodecs", 4071)
                    .put("videoCodecs", 252)
                    .put("videoFunction", 1);
            Capabilities.OF_PLAYER.writeTo(properties);
        }
        link.writeCommand(MessageLink.CONNECTION_CSID, 0, "connect", nextTransaction(), properties.object());
    }

    private int call(String name, int onMsid, AmfValue... arguments) {
        AmfValue[] values = new AmfValue[arguments.length + 1];
        values[0] = AmfValue.NULL;
        System.arraycopy(arguments, 0, values, 1, arguments.length);
        int csid = onMsid == 0 ? MessageLink.CONNECTION_CSID : MessageLink.STREAM_CSID;
        int transaction = nextTransaction();
        link.writeCommand(csid, onMsid, name, transaction, values);
        return transaction;
    }

    private int nextTransaction() {
        return ++lastTransaction;
    }

    private void handle(RtmpMessage message, long nowNs, Consumer<ClientEvent> events) {
        switch (message) {
            case RtmpMessage.Command command -> onCommand(command, nowNs, events);
            case RtmpMessage.Media media -> onMedia(media, events);
            case RtmpMessage.Aggregate(var parts) -> parts.forEach(part -> onMedia(part, events));
            case RtmpMessage.UserControl control -> {}
            case RtmpMessage.SetChunkSize done -> {}
            case RtmpMessage.Abort done -> {}
            case RtmpMessage.Acknowledgement done -> {}
            case RtmpMessage.WindowAckSize done -> {}
            case RtmpMessage.SetPeerBandwidth done -> {}
            case RtmpMessage.SharedObject ignored -> {}
            case RtmpMessage.Other ignored -> {}
        }
    }

    private void onMedia(RtmpMessage.Media media, Consumer<ClientEvent> events) {
        boolean playing = phase == Phase.PLAYING || phase == Phase.START;
        if (playing && request.action() == ClientRequest.Action.PLAY && media.body().length > 0) {
            events.accept(new ClientEvent.Media(media.kind(), media.timestampMs(), media.body()));
        }
    }

    private void onCommand(RtmpMessage.Command command, long nowNs, Consumer<ClientEvent> events) {
        switch (command.name()) {
            case "_result" -> onResult(command, events);
            case "_error" -> onError(command, events);
            case "onStatus" -> onStatus(command, nowNs, events);
            case "close" -> end(EndCause.PEER_CLOSED, "the server said goodbye", events);
            case "_onbwcheck", "onBWCheck" -> answer(command, "_result");
            case "ping" -> link.writeCommand(MessageLink.CONNECTION_CSID, 0, "pong", 0, AmfValue.NULL);
            default -> answer(command, "_error", CALL_FAILED);
        }
    }

    /// A server that wants an answer may wait for it.
    private void answer(RtmpMessage.Command command, String name, AmfValue... values) {
        if (command.wantsReply()) {
            AmfValue[] all = new AmfValue[values.length + 1];
            all[0] = AmfValue.NULL;
            System.arraycopy(values, 0, all, 1, values.length);
            link.writeCommand(MessageLink.CONNECTION_CSID, 0, name, command.transactionId(), all);
        }
    }

    private void onResult(RtmpMessage.Command command, Consumer<ClientEvent> events) {
        if (phase == Phase.CONNECT && command.transactionId() == CONNECT_TRANSACTION) {
            phase = Phase.CREATE_STREAM;
            events.accept(connected(command));
            AmfValue name = AmfValue.of(request.url().name());
            if (request.action() == ClientRequest.Action.PUBLISH) {
                call("releaseStream", 0, name);
                call("FCPublish", 0, name);
            }
            createTransaction = call("createStream", 0);
        } else if (phase == Phase.CREATE_STREAM && command.transactionId() == createTransaction) {
            startStream(command);
        }
    }

    private ClientEvent.Connected connected(RtmpMessage.Command result) {
        String version = result.object() instanceof AmfValue.Obj server
                ? server.string("fmsVer").orElse("")
                : "";
        return new ClientEvent.Connected(version, Capabilities.of(infoOf(result)), handshake.form());
    }

    private void startStream(RtmpMessage.Command created) {
        if (!(created.argument(0) instanceof AmfValue.Num(double id)) || !(id >= 1 && id <= Integer.MAX_VALUE)) {
            throw RtmpException.protocol("The server created a stream without a usable number.");
        }
        phase = Phase.START;
        msid = (int) id;
        AmfValue name = AmfValue.of(request.url().name());
        switch (request.action()) {
            case PUBLISH -> call("publish", msid, name, AmfValue.of("live"));
            case PLAY -> {
                // Some networks play only to those who subscribed; others answer with an error, which means nothing.
                call("FCSubscribe", 0, name);
                call("play", msid, name, AmfValue.of(ServerEvent.PlayAsked.LIVE_OR_RECORDED));
                link.writeUserControl(UserEvent.SET_BUFFER_LENGTH, msid, PLAY_BUFFER_MS);
            }
        }
    }

    /// Errors of `releaseStream` and `FCPublish` mean nothing: many servers know neither.
    private void onError(RtmpMessage.Command command, Consumer<ClientEvent> events) {
        boolean fatal = command.transactionId() == CONNECT_TRANSACTION
                || (command.transactionId() == createTransaction && phase == Phase.CREATE_STREAM);
        if (fatal) {
            failed(command, events);
        }
    }

    private void onStatus(RtmpMessage.Command command, long nowNs, Consumer<ClientEvent> events) {
        ClientEvent.Status status = statusOf(command);
        if (status.level().equals("error")) {
            failed(command, events);
            return;
        }
        if (status.code().equals(StatusCode.CONNECT_RECONNECT_REQUEST)) {
            onReconnect(infoOf(command), nowNs, events);
            return;
        }
        events.accept(status);
        if (phase == Phase.START) {
            switch (status.code()) {
                case StatusCode.PUBLISH_START -> begin(Phase.PUBLISHING, new ClientEvent.Publishing(), events);
                case StatusCode.PLAY_START -> begin(Phase.PLAYING, new ClientEvent.Playing(), events);
                default -> {}
            }
        }
    }

    private void begin(Phase begun, ClientEvent event, Consumer<ClientEvent> events) {
        phase = begun;
        events.accept(event);
    }

    /// A server that asks too often is not listened to; one that names no usable address neither.
    private void onReconnect(AmfValue.Obj info, long nowNs, Consumer<ClientEvent> events) {
        reconnectsNs.removeIf(before -> nowNs - before >= RECONNECTS_WITHIN_NS);
        if (reconnectsNs.size() >= MAX_RECONNECTS) {
            return;
        }
        reconnectsNs.add(nowNs);
        request.url()
                .at(info.string("tcUrl").orElse(""))
                .ifPresent(url -> events.accept(new ClientEvent.ReconnectAsked(
                        url, info.string("description").orElse(""))));
    }

    private void failed(RtmpMessage.Command command, Consumer<ClientEvent> events) {
        ClientEvent.Status status = statusOf(command);
        String challenge = HexFormat.of().toHexDigits(random.nextInt());
        Optional<ClientEvent> again = phase == Phase.CONNECT
                ? SecondTry.after(request, infoOf(command), challenge).map(ClientEvent.ComeAgain::new)
                : Optional.empty();
        events.accept(again.orElse(status));
        end(EndCause.REFUSED, status.code() + ": " + status.description(), events);
    }

    private static ClientEvent.Status statusOf(RtmpMessage.Command command) {
        AmfValue.Obj info = infoOf(command);
        return info.properties().isEmpty()
                ? new ClientEvent.Status("error", StatusCode.CALL_FAILED, "")
                : new ClientEvent.Status(
                        info.string("level").orElse("status"),
                        info.string("code").orElse(""),
                        info.string("description").orElse(""));
    }

    /// The first object, whatever stands before it; an empty one if there is none.
    private static AmfValue.Obj infoOf(RtmpMessage.Command command) {
        for (AmfValue value : command.arguments()) {
            if (value instanceof AmfValue.Obj info) {
                return info;
            }
        }
        return AmfValue.properties().object();
    }
}
