package dev.sluice.rtmp.session;

import dev.sluice.rtmp.MediaKind;
import dev.sluice.rtmp.RtmpException;
import dev.sluice.rtmp.RtmpLimits;
import dev.sluice.rtmp.amf.Amf0;
import dev.sluice.rtmp.amf.AmfValue;
import dev.sluice.rtmp.handshake.ClientHandshake;
import dev.sluice.rtmp.message.RtmpMessage;
import dev.sluice.rtmp.message.UserEvent;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Optional;
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

    private final ClientRequest request;
    private final MessageLink link;
    private final ClientHandshake handshake = new ClientHandshake(new SplittableRandom());

    private Phase phase = Phase.HANDSHAKE;
    private int lastTransaction;
    private int createTransaction;
    private int msid;

    public ClientSession(ClientRequest request, RtmpLimits limits) {
        this.request = request;
        this.link = new MessageLink(limits);
        // We chose this server, so it may send what an admitted peer may.
        link.admit();
    }

    /// Begins the handshake. Call once, when the connection stands.
    public void start() {
        handshake.start(link.output());
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
                handle(message.get(), events);
            }
        } catch (RtmpException e) {
            end(EndCause.of(e.kind()), String.valueOf(e.getMessage()), events);
        }
        if (phase == Phase.ENDED) {
            bytes.skipBytes(bytes.readableBytes());
        }
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
                AmfValue.properties().put("app", request.url().app());
        if (request.action() == ClientRequest.Action.PUBLISH) {
            properties.put("type", "nonprivate");
        }
        properties
                .put("flashVer", request.flashVer())
                .put("tcUrl", request.url().tcUrl());
        if (request.action() == ClientRequest.Action.PLAY) {
            properties
                    .put("fpad", false)
                    .put("capabilities", 15)
                    .put("audioCodecs", 4071)
                    .put("videoCodecs", 252)
                    .put("videoFunction", 1);
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

    private void handle(RtmpMessage message, Consumer<ClientEvent> events) {
        switch (message) {
            case RtmpMessage.Command command -> onCommand(command, events);
            case RtmpMessage.Media media -> onMedia(media, events);
            case RtmpMessage.Aggregate(var parts) -> parts.forEach(part -> onMedia(part, events));
            case RtmpMessage.UserControl control -> {}
            case RtmpMessage.SetChunkSize done -> {}
            case RtmpMessage.Abort done -> {}
            case RtmpMessage.Acknowledgement done -> {}
            case RtmpMessage.WindowAckSize done -> {}
            case RtmpMessage.SetPeerBandwidth done -> {}
            case RtmpMessage.Other ignored -> {}
        }
    }

    private void onMedia(RtmpMessage.Media media, Consumer<ClientEvent> events) {
        boolean playing = phase == Phase.PLAYING || phase == Phase.START;
        if (playing && request.action() == ClientRequest.Action.PLAY && media.body().length > 0) {
            events.accept(new ClientEvent.Media(media.kind(), media.timestampMs(), media.body()));
        }
    }

    private void onCommand(RtmpMessage.Command command, Consumer<ClientEvent> events) {
        switch (command.name()) {
            case "_result" -> onResult(command, events);
            case "_error" -> onError(command, events);
            case "onStatus" -> onStatus(command, events);
            case "close" -> end(EndCause.PEER_CLOSED, "the server said goodbye", events);
            case "_onbwcheck", "onBWCheck" -> {
                if (command.wantsReply()) {
                    link.writeCommand(
                            MessageLink.CONNECTION_CSID, 0, "_result", command.transactionId(), AmfValue.NULL);
                }
            }
            default -> {}
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
        String software = result.object() instanceof AmfValue.Obj server
                ? server.string("fmsVer").orElse("")
                : "";
        Capabilities capabilities =
                result.argument(0) instanceof AmfValue.Obj info ? Capabilities.of(info) : Capabilities.NONE;
        return new ClientEvent.Connected(software, handshake.form(), capabilities);
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
            failed(statusOf(command), events);
        }
    }

    private void onStatus(RtmpMessage.Command command, Consumer<ClientEvent> events) {
        ClientEvent.Status status = statusOf(command);
        if (status.level().equals("error")) {
            failed(status, events);
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

    private void failed(ClientEvent.Status status, Consumer<ClientEvent> events) {
        events.accept(status);
        end(EndCause.REFUSED, status.code() + ": " + status.description(), events);
    }

    /// The first object is the status, whatever stands before it.
    private static ClientEvent.Status statusOf(RtmpMessage.Command command) {
        for (AmfValue value : command.arguments()) {
            if (value instanceof AmfValue.Obj info) {
                return new ClientEvent.Status(
                        info.string("level").orElse("status"),
                        info.string("code").orElse(""),
                        info.string("description").orElse(""));
            }
        }
        return new ClientEvent.Status("error", StatusCode.CALL_FAILED, "");
    }
}
