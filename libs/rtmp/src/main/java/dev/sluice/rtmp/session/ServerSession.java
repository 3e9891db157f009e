package dev.sluice.rtmp.session;

import dev.sluice.rtmp.Limit;
import dev.sluice.rtmp.MediaKind;
import dev.sluice.rtmp.RtmpException;
import dev.sluice.rtmp.RtmpLimits;
import dev.sluice.rtmp.StreamPath;
import dev.sluice.rtmp.amf.AmfValue;
import dev.sluice.rtmp.handshake.ServerHandshake;
import dev.sluice.rtmp.message.RtmpMessage;
import dev.sluice.rtmp.sharedobject.SharedObjectMessage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The server's side of one RTMP connection: bytes in, events and bytes out. No socket, no clock, no thread.
///
/// - Give it what arrived: [#receive]. Send what it has to say: [#takeOutput()], after every call.
/// - It asks before it lets anybody connect, publish or play ([ServerEvent.Asked]); answer by id, at once
///   inside the event or later. While a question is open it leaves all bytes unread ([#wantsMore()]), so
///   that a stranger's media is neither read nor kept; give the same bytes again after the answer.
/// - Malformed or excessive input ends it by an [ServerEvent.Ended] event; nothing is thrown. After
///   [#isClosing()] turned true, send the output and close the connection a little later, so that the client
///   reads why.
///
/// One owner thread. @spec RTMP 1.0 §5, §7
public final class ServerSession {
    /// How far the client has come. A time limit belongs to each but the last three.
    public enum Phase {
        HANDSHAKE,
        CONNECT,
        /// Connected, and neither publishing nor playing.
        IDLE,
        /// At least one stream publishes.
        PUBLISHING,
        /// At least one stream plays and none publishes.
        PLAYING,
        /// A last word is on its way to the client.
        CLOSING,
        ENDED
    }

    /// Larger than nearly every frame, so that a message is one chunk.
    public static final int DEFAULT_CHUNK_BYTES = 65_536;

    private static final ServerEvent.Ended NOT_SAID = new ServerEvent.Ended(EndCause.CLOSED, "");

    private final RtmpLimits limits;
    private final int chunkBytes;
    private final MessageLink link;
    private final ServerReplies replies;
    private final StreamRoles roles;
    private final OutstandingCalls outstanding;
    private final RateLimit commandRate;
    /// Let go when it is over: a player stays much longer.
    private @Nullable ServerHandshake handshake = new ServerHandshake(new SplittableRandom());

    private Phase phase = Phase.HANDSHAKE;
    private ConnectRequest connect = ConnectRequest.NONE;
    private Question question = Question.NONE;
    private int lastQuestionId;
    private Set<Limit> hits = Set.of();
    private boolean scrambled;
    /// FFmpeg, publishing over RTMPE, scrambles a chunk size before it reads it: so it is told none until it plays.
    private boolean chunkSizeDue;
    private boolean admitted;
    private boolean sharesObjects;
    private int commandsBeforeAdmission;
    private ServerEvent.Ended saidEnd = NOT_SAID;

    public ServerSession() {
        this(RtmpLimits.DEFAULTS, DEFAULT_CHUNK_BYTES);
    }

    /// @param chunkBytes largest chunk that we send, announced in answer to `connect`
    public ServerSession(RtmpLimits limits, int chunkBytes) {
        this.limits = limits;
        this.chunkBytes = chunkBytes;
        this.link = new MessageLink(limits);
        this.replies = new ServerReplies(link);
        this.roles = new StreamRoles(limits.streams());
        this.outstanding = new OutstandingCalls(limits.calls());
        this.commandRate =
                new RateLimit(limits.rates().commandsPerSecond(), limits.rates().commandsBurst());
    }

    /// Reads what arrived, up to a question. Bytes that stay unread must be given again, in front of newer
    /// ones.
    ///
    /// @param nowNs monotonic time in nanoseconds, any origin
    /// @param events is told what happened, in order, on this thread; it may answer questions right away
    public void receive(ByteBuf bytes, long nowNs, Consumer<ServerEvent> events) {
        try {
            if (phase == Phase.HANDSHAKE && handshake != null && handshake.receive(bytes, link.output())) {
                shookHands();
            }
            while (phase != Phase.HANDSHAKE && !isClosing() && wantsMore()) {
                Optional<RtmpMessage> message = link.next(bytes, nowNs);
                if (message.isEmpty()) {
                    break;
                }
                handle(message.get(), nowNs, events);
            }
        } catch (RtmpException e) {
            e.limit().ifPresent(limit -> {
                hit(limit, "" + e.getMessage(), events);
                explain("" + e.getMessage());
            });
            end(EndCause.of(e.kind()), String.valueOf(e.getMessage()), events);
        }
        link.takeLeftOut().forEach(limit -> hit(limit, "answers were left out", events));
        if (isClosing()) {
            bytes.skipBytes(bytes.readableBytes());
        }
    }

    /// The handshake was done below, by RTMPE.
    public void shookHandsBelow() {
        if (phase == Phase.HANDSHAKE) {
            scrambled = true;
            shookHands();
        }
    }

    private void shookHands() {
        handshake = null;
        phase = Phase.CONNECT;
    }

    /// Tells of a limit, the first time.
    private void hit(Limit limit, String sentence, Consumer<ServerEvent> events) {
        if (phase != Phase.ENDED && !hits.contains(limit)) {
            hits = HitLimits.with(hits, limit);
            events.accept(new ServerEvent.LimitHit(limit, sentence));
        }
    }

    /// A limit outside the session, such as a timeout, ends it.
    public void endAtLimit(EndCause cause, Limit limit, String sentence, Consumer<ServerEvent> events) {
        hit(limit, sentence, events);
        explain(sentence);
        end(cause, sentence, events);
    }

    /// Who has not connected yet has asked nothing that could be answered.
    private void explain(String sentence) {
        if (phase == Phase.IDLE) {
            new LastWords(replies, roles).error(sentence);
        }
    }

    /// Bytes that the session holds because of what the client sent, unread ones not counted.
    public int heldBytes() {
        return link.heldBytes();
    }

    /// False while a question is open: do not read from the connection.
    public boolean wantsMore() {
        return question instanceof Question.None;
    }

    /// Whether the connection is to be closed once the output is sent.
    public boolean isClosing() {
        return phase == Phase.CLOSING || phase == Phase.ENDED;
    }

    public Phase phase() {
        if (phase != Phase.IDLE) {
            return phase;
        }
        return roles.anyPublishing() ? Phase.PUBLISHING : roles.anyActive() ? Phase.PLAYING : Phase.IDLE;
    }

    /// Bytes to send, as a heap buffer that needs no release; empty if there are none.
    public ByteBuf takeOutput() {
        return link.takeOutput();
    }

    /// Says yes to a question. An answer to another than the open question is too late and does nothing.
    /// Afterwards call [#receive] with the bytes that it had left unread.
    public void accept(int id) {
        switch (answered(id)) {
            case Question.None() -> {}
            case Question.Connect(int same, double transactionId) -> {
                phase = Phase.IDLE;
                chunkSizeDue = scrambled && connect.publisher();
                replies.connectAccepted(transactionId, connect.objectEncoding(), chunkSizeDue ? 0 : chunkBytes);
            }
            case Question.Publish(int same, int msid, StreamPath path) -> {
                admitted = true;
                link.admit();
                roles.publish(msid, path);
                replies.publishAccepted(msid);
            }
            case Question.Play(int same, int msid, boolean reset) -> {
                admitted = true; // but a player sends nothing large: his limits stay those of a stranger
                roles.play(msid);
                if (chunkSizeDue) {
                    chunkSizeDue = false;
                    replies.chunkSize(chunkBytes);
                }
                replies.playAccepted(msid, reset);
            }
        }
    }

    /// Says no, in a form that clients show to their user. A refused connect or publish closes the
    /// connection; after a refused play the client may ask for something else.
    ///
    /// @param code one of [StatusCode]
    /// @param description a sentence for the user
    public void refuse(int id, String code, String description) {
        switch (answered(id)) {
            case Question.None() -> {}
            case Question.Connect(int same, double transactionId) -> {
                replies.connectRefused(transactionId, code, description);
                closing(EndCause.REFUSED, "connect refused: " + description);
            }
            case Question.Publish(int same, int msid, StreamPath path) -> refusePublish(msid, code, description);
            case Question.Play(int same, int msid, boolean reset) -> replies.failure(msid, code, description);
        }
    }

    /// Says no to a connect, and where to go instead. Flash players and some encoders follow; others show the
    /// description.
    ///
    /// @param tcUrl such as `rtmp://other.example/live`
    public void redirect(int id, String tcUrl, String description) {
        if (answered(id) instanceof Question.Connect(int same, double transactionId)) {
            replies.redirected(transactionId, tcUrl, description);
            closing(EndCause.REFUSED, "connect redirected");
        }
    }

    /// Asks the client to connect again, here or elsewhere, and to go on there; meanwhile it is served as
    /// before.
    ///
    /// @param tcUrl absolute, `//host/app`, `/app`, or empty for the same address
    /// @return false if it did not say that it follows such a request: then nothing is sent
    public boolean askToReconnect(String tcUrl, String description) {
        boolean follows = connect.capabilities().reconnects() && phase == Phase.IDLE && !isClosing();
        if (follows) {
            replies.reconnectRequested(tcUrl, description);
        }
        return follows;
    }

    private Question answered(int id) {
        if (question.id() != id || isClosing()) {
            return Question.NONE;
        }
        Question answered = question;
        question = Question.NONE;
        return answered;
    }

    /// Tells a player that its stream has a publisher again.
    public void publisherCame(int msid) {
        if (roles.isPlaying(msid) && !isClosing()) {
            replies.publisherCame(msid);
        }
    }

    /// Tells a player that its stream's publisher is gone. It may stay connected and wait.
    public void publisherLeft(int msid) {
        if (roles.isPlaying(msid) && !isClosing()) {
            replies.publisherLeft(msid);
        }
    }

    /// Sends media to a player. Who writes shared bytes straight to the connection does not use this.
    ///
    /// @param timestampMs milliseconds, unsigned 32 bits
    /// @param body from its reader index on; borrowed
    public void sendMedia(int msid, MediaKind kind, long timestampMs, ByteBuf body) {
        if (roles.isPlaying(msid) && !isClosing()) {
            link.writeMedia(kind, timestampMs, msid, body);
        }
    }

    /// Calls a method of the client. [ServerEvent.CallEnded] tells what came of it.
    ///
    /// @return its id; empty where too many calls wait already, or the client is not connected
    public Optional<Integer> call(String method, List<AmfValue> arguments, long nowNs, Consumer<ServerEvent> events) {
        if (phase != Phase.IDLE) {
            return Optional.empty();
        }
        Optional<Integer> id = outstanding.begin(nowNs);
        id.ifPresentOrElse(
                number -> replies.call(method, number, arguments),
                () -> hit(Limit.OUTSTANDING_CALLS, "Too many calls wait for an answer.", events));
        return id;
    }

    /// Ends calls that waited too long.
    public void expireCalls(long nowNs, Consumer<ServerEvent> events) {
        outstanding.takeExpired(nowNs).forEach(id -> noAnswer(id, events));
    }

    private static void noAnswer(int id, Consumer<ServerEvent> events) {
        events.accept(new ServerEvent.CallEnded(id, ServerEvent.CallOutcome.NO_ANSWER, AmfValue.UNDEFINED));
    }

    /// Asks a client that plays for a sign of life. Many never answer; the question alone keeps routers from
    /// forgetting the connection.
    public void ping(long nowNs) {
        if (phase() == Phase.PLAYING) {
            replies.ping(TimeUnit.NANOSECONDS.toMillis(nowNs));
        }
    }

    /// From now on messages about shared objects are [ServerEvent.SharedObject] events, once the client has
    /// connected. They count as commands, but need no admission.
    public void shareObjects() {
        sharesObjects = true;
    }

    /// Tells the client what happened to a shared object.
    public void sendSharedObject(SharedObjectMessage message) {
        if (phase == Phase.IDLE) {
            link.writeSharedObject(message);
        }
    }

    /// Ends a publisher or player with an error that its user gets to see, and then the connection.
    ///
    /// @param code one of [StatusCode]
    public void reject(int msid, String code, String description) {
        if (!isClosing()) {
            replies.failure(msid, code, description);
            closing(EndCause.REFUSED, description);
        }
    }

    /// Says goodbye to everybody on the connection and ends. Twice does no harm.
    public void close(String reason, Consumer<ServerEvent> events) {
        if (!isClosing() && phase == Phase.IDLE) {
            new LastWords(replies, roles).goodbye();
        }
        end(EndCause.CLOSED, reason, events);
    }

    /// Everything ends here: what is published or played first, then the session. If a last word has been
    /// said, its cause and reason count. Twice does no harm.
    public void end(EndCause cause, String reason, Consumer<ServerEvent> events) {
        if (phase == Phase.ENDED) {
            return;
        }
        ServerEvent.Ended ended = phase == Phase.CLOSING ? saidEnd : new ServerEvent.Ended(cause, reason);
        phase = Phase.ENDED;
        question = Question.NONE;
        roles.endAll(events);
        outstanding.takeAll().forEach(id -> noAnswer(id, events));
        events.accept(ended);
    }

    private void closing(EndCause cause, String reason) {
        phase = Phase.CLOSING;
        saidEnd = new ServerEvent.Ended(cause, reason);
    }

    private void handle(RtmpMessage message, long nowNs, Consumer<ServerEvent> events) {
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
            case RtmpMessage.SharedObject(byte[] body) -> onSharedObject(body, nowNs, events);
            case RtmpMessage.Other ignored -> {}
        }
    }

    /// Where nobody shares they are no more than an unknown type, whatever is in them.
    private void onSharedObject(byte[] body, long nowNs, Consumer<ServerEvent> events) {
        if (!sharesObjects || phase != Phase.IDLE) {
            return;
        }
        if (!commandRate.take(nowNs)) {
            throw RtmpException.limit(Limit.COMMAND_RATE, "A flood of shared object messages.");
        }
        events.accept(new ServerEvent.SharedObject(SharedObjectMessage.read(body, limits)));
    }

    private void onMedia(RtmpMessage.Media media, Consumer<ServerEvent> events) {
        if (media.body().length > 0 && roles.isPublishing(media.msid())) {
            events.accept(new ServerEvent.Media(media.msid(), media.kind(), media.timestampMs(), media.body()));
        }
    }

    private void onCommand(RtmpMessage.Command command, long nowNs, Consumer<ServerEvent> events) {
        if (!commandRate.take(nowNs)) {
            throw RtmpException.limit(Limit.COMMAND_RATE, "A flood of commands.");
        }
        if (!admitted && ++commandsBeforeAdmission > limits.beforeAdmission().commands()) {
            throw RtmpException.limit(
                    Limit.COMMANDS_BEFORE_ADMISSION, "Too many commands before the first publish or play.");
        }
        if (phase == Phase.CONNECT && !command.name().equals("connect")) {
            if (command.wantsReply()) {
                replies.callFailed(command.transactionId(), "Call connect first.");
            }
            return;
        }
        StreamCommands streams = new StreamCommands(replies, roles);
        switch (command.name()) {
            case "connect" -> onConnect(command, events);
            case "publish" -> onPublish(command, events);
            case "play" -> onPlay(command, events);
            case "play2" -> onPlay2(command, events);
            case "pause", "pauseRaw" -> streams.pause(command, events);
            case "receiveAudio" -> streams.receive(command, MediaKind.AUDIO, events);
            case "receiveVideo" -> streams.receive(command, MediaKind.VIDEO, events);
            case "seek" -> streams.seek(command);
            case "closeStream" -> streams.close(command.msid(), events);
            case "deleteStream" -> streams.delete(command, events);
            case "FCUnpublish" -> streams.fcUnpublish(command, events);
            case "_result" -> onAnswer(command, ServerEvent.CallOutcome.RESULT, events);
            case "_error" -> onAnswer(command, ServerEvent.CallOutcome.ERROR, events);
            case "close" -> end(EndCause.PEER_CLOSED, "the client said goodbye", events);
            default -> {
                if (!new ServerCalls(replies, roles).answer(command)) {
                    hit(Limit.STREAMS, "too many message streams", events);
                }
            }
        }
    }

    private void onConnect(RtmpMessage.Command command, Consumer<ServerEvent> events) {
        if (phase != Phase.CONNECT) {
            replies.callFailed(command.transactionId(), "This connection is connected already.");
            return;
        }
        AmfValue.Obj properties = ConnectRequest.propertiesOf(command);
        connect = ConnectRequest.of(properties);
        int tcUrlBytes = ByteBufUtil.utf8Bytes(connect.tcUrl());
        if (tcUrlBytes > limits.names().tcUrlBytes()) {
            String why = "A tcUrl of %d bytes where %d are allowed."
                    .formatted(tcUrlBytes, limits.names().tcUrlBytes());
            hit(Limit.NAME_BYTES, why, events);
            replies.connectRefused(command.transactionId(), StatusCode.CONNECT_REJECTED, why);
            closing(EndCause.LIMIT, why);
            return;
        }
        int id = ++lastQuestionId;
        question = new Question.Connect(id, command.transactionId());
        events.accept(new ServerEvent.ConnectAsked(
                id,
                connect.app(),
                connect.tcUrl(),
                ConnectRequest.flashVerOf(properties),
                connect.publisher(),
                connect.capabilities(),
                properties,
                command.arguments()));
    }

    private void onPublish(RtmpMessage.Command command, Consumer<ServerEvent> events) {
        int msid = command.msid();
        if (command.argument(0) instanceof AmfValue.Bool(boolean on) && !on) {
            new StreamCommands(replies, roles).close(msid, events);
            return;
        }
        if (!roles.isIdle(msid)) {
            replies.failure(msid, StatusCode.PUBLISH_BAD_NAME, "Message stream %d is not free.".formatted(msid));
            return;
        }
        StreamPath path = StreamPath.of(connect.tcUrl(), connect.app(), text(command.argument(0)));
        Optional<String> problem = problemOf(path, events);
        if (problem.isPresent()) {
            refusePublish(msid, StatusCode.PUBLISH_BAD_NAME, problem.get());
            return;
        }
        int id = ++lastQuestionId;
        question = new Question.Publish(id, msid, path);
        String type = text(command.argument(1));
        events.accept(new ServerEvent.PublishAsked(id, msid, path, type.isEmpty() ? "live" : type));
    }

    private Optional<String> problemOf(StreamPath path, Consumer<ServerEvent> events) {
        Optional<String> problem = path.problem(limits.names());
        if (path.isTooLong(limits.names())) {
            hit(Limit.NAME_BYTES, problem.orElse(""), events);
        }
        return problem;
    }

    private void refusePublish(int msid, String code, String description) {
        replies.failure(msid, code, description);
        closing(EndCause.REFUSED, "publish refused: " + description);
    }

    private void onPlay(RtmpMessage.Command command, Consumer<ServerEvent> events) {
        if (command.argument(0) instanceof AmfValue.Bool(boolean on) && !on) {
            new StreamCommands(replies, roles).close(command.msid(), events);
        } else {
            play(command.msid(), PlayRequest.ofPlay(command), events);
        }
    }

    private void onPlay2(RtmpMessage.Command command, Consumer<ServerEvent> events) {
        int msid = command.msid();
        PlayRequest.ofPlay2(command)
                .ifPresentOrElse(
                        request -> play(msid, request, events),
                        () -> replies.failure(msid, StatusCode.PLAY_FAILED, "play2 names no stream."));
    }

    private void play(int msid, PlayRequest request, Consumer<ServerEvent> events) {
        if (roles.isPlaying(msid)) {
            roles.end(msid, true, events);
        }
        if (!roles.isIdle(msid)) {
            replies.failure(msid, StatusCode.PLAY_FAILED, "Message stream %d is not free.".formatted(msid));
            return;
        }
        StreamPath path = StreamPath.of(connect.tcUrl(), connect.app(), request.name());
        Optional<String> problem = problemOf(path, events);
        if (problem.isPresent()) {
            replies.failure(msid, StatusCode.PLAY_STREAM_NOT_FOUND, problem.get());
            return;
        }
        int id = ++lastQuestionId;
        question = new Question.Play(id, msid, request.reset());
        events.accept(new ServerEvent.PlayAsked(id, msid, path, request.startMs()));
    }

    private void onAnswer(RtmpMessage.Command command, ServerEvent.CallOutcome outcome, Consumer<ServerEvent> events) {
        outstanding
                .answered(command.transactionId())
                .ifPresent(id -> events.accept(new ServerEvent.CallEnded(id, outcome, command.argument(0))));
    }

    private static String text(AmfValue value) {
        return value instanceof AmfValue.Str(String text) ? text : "";
    }
}
