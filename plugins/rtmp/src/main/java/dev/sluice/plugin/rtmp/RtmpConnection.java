package dev.sluice.plugin.rtmp;

import dev.sluice.hub.Claim;
import dev.sluice.hub.EndReason;
import dev.sluice.hub.Hub.Busy;
import dev.sluice.hub.Hub.Full;
import dev.sluice.hub.Hub.PublishOutcome;
import dev.sluice.hub.Hub.Started;
import dev.sluice.hub.LiveStream;
import dev.sluice.hub.Loop;
import dev.sluice.hub.Outlet;
import dev.sluice.hub.StreamName;
import dev.sluice.media.TrackKind;
import dev.sluice.media.flv.FlvDialect;
import dev.sluice.rtmp.Limit;
import dev.sluice.rtmp.MediaKind;
import dev.sluice.rtmp.StreamPath;
import dev.sluice.rtmp.netty.RtmpChannel;
import dev.sluice.rtmp.session.Capabilities;
import dev.sluice.rtmp.session.EndCause;
import dev.sluice.rtmp.session.ServerEvent;
import dev.sluice.rtmp.session.ServerEvent.CallEnded;
import dev.sluice.rtmp.session.ServerEvent.ConnectAsked;
import dev.sluice.rtmp.session.ServerEvent.Ended;
import dev.sluice.rtmp.session.ServerEvent.LimitHit;
import dev.sluice.rtmp.session.ServerEvent.Media;
import dev.sluice.rtmp.session.ServerEvent.PauseChanged;
import dev.sluice.rtmp.session.ServerEvent.PlayAsked;
import dev.sluice.rtmp.session.ServerEvent.PlayEnded;
import dev.sluice.rtmp.session.ServerEvent.PublishAsked;
import dev.sluice.rtmp.session.ServerEvent.PublishEnded;
import dev.sluice.rtmp.session.ServerEvent.ReceiveChanged;
import dev.sluice.rtmp.session.StatusCode;
import dev.sluice.rtmp.sharedobject.SharedObjectMessage;
import dev.sluice.server.netty.ChannelOutlet;
import dev.sluice.server.spi.Admission.AccessRequest;
import dev.sluice.server.spi.Admission.Action;
import dev.sluice.server.spi.Admission.Granted;
import dev.sluice.server.spi.Admission.Refused;
import dev.sluice.server.spi.Admission.Verdict;
import dev.sluice.server.spi.LimitKind;
import dev.sluice.server.spi.PerApp;
import dev.sluice.server.spi.ServerContext;
import dev.sluice.server.spi.Sessions;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One RTMP connection: asks admission, and connects its message streams to the hub. It may publish several
/// streams, and play one. Owned by the channel's loop.
final class RtmpConnection implements RtmpChannel.Owner {
    /// What the log will say about the end, as far as we know it.
    private record Ending(EndReason reason, String detail) {
        static final Ending UNKNOWN = new Ending(EndReason.CONNECTION_LOST, "");
    }

    private static final Verdict CANNOT_DECIDE = new Refused(500, "the server could not decide whether you may");
    private static final RtmpLogin.Outcome CANNOT_LOG_IN =
            new RtmpLogin.Turned("the server could not decide who you are");

    private final ServerContext server;
    private final PerApp<RtmpSettings> settings;
    private final RtmpLogin login;
    private final SharedObjects objects;
    private final Loop loop;
    private final Runnable onAdmitted;
    private final InetSocketAddress remote;
    private final Sessions.Session session;
    /// Both by message stream, and exchanged whole: most connections have one of one and none of the other.
    private Map<Integer, RtmpIngest> ingests = Map.of();

    private Map<Integer, RtmpPlayback> playbacks = Map.of();
    private @Nullable Outlet outlet;
    private @Nullable SharedObjectUser objectUser;
    private Ending ending = Ending.UNKNOWN;
    private Capabilities capabilities = Capabilities.NONE;
    private String flashVer = "";
    private RtmpLogin.Welcome welcome = RtmpLogin.Welcome.STRANGER;
    private boolean ended;

    /// @param way how it came, as the table of sessions shows it
    /// @param onAdmitted told when it may publish or play, each time
    RtmpConnection(
            ServerContext server,
            PerApp<RtmpSettings> settings,
            RtmpLogin login,
            SharedObjects objects,
            String way,
            Channel channel,
            Runnable onAdmitted) {
        this.server = server;
        this.settings = settings;
        this.login = login;
        this.objects = objects;
        this.onAdmitted = onAdmitted;
        this.loop = server.loopOf(channel.eventLoop());
        this.remote = server.ports().remote(channel);
        // posted, not run: who is kicked while it opens its session is not set up yet
        this.session = server.sessions().open(way, remote, why -> loop.execute(() -> kick(channel, why)));
    }

    @Override
    public void onEvent(RtmpChannel channel, ServerEvent event) {
        switch (event) {
            case ConnectAsked asked -> {
                session.client(asked.flashVer());
                flashVer = asked.flashVer();
                capabilities = asked.capabilities();
                var elsewhere = settings.of(pathOf(asked).app()).redirect();
                if (!elsewhere.isEmpty()) {
                    channel.redirect(asked.id(), elsewhere, "this application is at " + elsewhere);
                    return;
                }
                answer(
                        login.onConnect(asked, remote, loop.nowNs()),
                        CANNOT_LOG_IN,
                        outcome -> onLogin(channel, asked, outcome));
            }
            case PublishAsked asked ->
                decide(Action.PUBLISH, asked.path(), verdict -> onPublishVerdict(channel, asked, verdict));
            case PlayAsked asked ->
                decide(Action.PLAY, asked.path(), verdict -> onPlayVerdict(channel, asked, verdict));
            case Media media -> onMedia(media);
            case PublishEnded(int msid, boolean clean) ->
                end(msid, clean ? EndReason.CLIENT_DONE : EndReason.CONNECTION_LOST);
            case PlayEnded(int msid) -> end(msid, EndReason.CLIENT_DONE);
            case PauseChanged(int msid, boolean paused) -> onPauseChanged(msid, paused);
            case ReceiveChanged(int msid, MediaKind kind, boolean wanted) -> onReceiveChanged(msid, kind, wanted);
            case ServerEvent.SharedObject(SharedObjectMessage message) -> onSharedObject(message);
            case LimitHit(Limit limit, String sentence) -> hit("rtmp-" + limit.label());
            case CallEnded ended -> {} // the server calls nobody
            case Ended(EndCause cause, String reason) -> onEnded(cause, reason);
        }
    }

    private void hit(String kind) {
        server.limits().hit(kind, remote.getAddress());
    }

    private void decide(Action action, StreamPath path, Consumer<Verdict> then) {
        var user = welcome.userFor(path.app());
        var request = new AccessRequest(action, "rtmp", path.app(), path.name(), path.query(), user, remote);
        answer(server.admission().decide(request), CANNOT_DECIDE, then);
    }

    /// Comes back to the loop with an answer, if the client is still there.
    private <A> void answer(CompletionStage<A> stage, A onFailure, Consumer<A> then) {
        stage.exceptionally(failure -> onFailure)
                .thenAccept(answer -> loop.run(() -> {
                    if (!ended) {
                        then.accept(answer);
                    }
                }));
    }

    private void onLogin(RtmpChannel channel, ConnectAsked asked, RtmpLogin.Outcome outcome) {
        switch (outcome) {
            case RtmpLogin.Welcome known -> {
                welcome = known;
                shareObjects(channel, asked);
                channel.accept(asked.id());
            }
            case RtmpLogin.Turned(String description) ->
                channel.refuse(asked.id(), StatusCode.CONNECT_REJECTED, description);
        }
    }

    private static StreamPath pathOf(ConnectAsked asked) {
        return StreamPath.of(asked.tcUrl(), asked.app(), RtmpLogin.ANY_NAME);
    }

    // Shared objects

    /// Before the client hears that it is connected: it may say what it wants at once.
    private void shareObjects(RtmpChannel channel, ConnectAsked asked) {
        var path = pathOf(asked);
        var sharing = settings.of(path.app()).sharedObjects();
        boolean named = path.problem(settings.global().rtmpLimits().names()).isEmpty();
        if (sharing.enabled() && named) {
            Runnable onLimit = () -> hit("rtmp-" + Limit.SHARED_OBJECTS.label());
            objectUser = new SharedObjectUser(objects, loop, channel, path.app(), sharing, onLimit);
            channel.shareObjects();
        }
    }

    private void onSharedObject(SharedObjectMessage message) {
        if (objectUser != null) {
            objectUser.onMessage(message);
        }
    }

    // Publishing

    private void onPublishVerdict(RtmpChannel channel, PublishAsked asked, Verdict verdict) {
        switch (verdict) {
            case Refused(int code, String why) ->
                channel.refuse(asked.id(), code == 400 ? StatusCode.PUBLISH_BAD_NAME : StatusCode.PUBLISH_DENIED, why);
            case Granted(StreamName name) -> publish(channel, asked, name);
        }
    }

    private void publish(RtmpChannel channel, PublishAsked asked, StreamName name) {
        Consumer<String> displaced = why -> onIngestFault(
                channel,
                asked.msid(),
                new RtmpIngest.Fault(EndReason.DISPLACED, why + ": stop one of the two encoders"));
        var who = remote.getAddress().getHostAddress() + " " + flashVer; // not another that publishes the same
        server.hub()
                .publish(name, new Claim(loop, who, displaced))
                .thenAccept(outcome -> loop.run(() -> {
                    if (!ended) {
                        onPublishOutcome(channel, asked, name, outcome);
                    } else if (outcome instanceof Started(var publication)) {
                        publication.close(EndReason.CONNECTION_LOST); // it went away before it had an answer
                    }
                }));
    }

    private void onPublishOutcome(RtmpChannel channel, PublishAsked asked, StreamName name, PublishOutcome outcome) {
        switch (outcome) {
            case Busy(String why) -> channel.refuse(asked.id(), StatusCode.PUBLISH_BAD_NAME, why);
            case Full full -> {
                hit(LimitKind.STREAM_MEMORY.label());
                channel.refuse(
                        asked.id(),
                        StatusCode.PUBLISH_REJECTED,
                        "the server has no memory for another stream (hub.memoryMaxBytes)");
            }
            case Started(var publication) -> {
                onAdmitted.run();
                ending = Ending.UNKNOWN;
                var ingest = new RtmpIngest(
                        publication,
                        loop,
                        settings.of(name.app()),
                        limit -> hit(limit.label()),
                        fault -> onIngestFault(channel, asked.msid(), fault));
                ingests = with(asked.msid(), ingest, ingests);
                showRole(name);
                channel.accept(asked.id());
            }
        }
    }

    private void onIngestFault(RtmpChannel channel, int msid, RtmpIngest.Fault fault) {
        if (!ingests.containsKey(msid)) {
            return; // it left before it could be told
        }
        ending = new Ending(fault.reason(), fault.sentence());
        channel.reject(msid, StatusCode.PUBLISH_REJECTED, fault.sentence());
    }

    private void onMedia(Media media) {
        var ingest = ingests.get(media.msid());
        if (ingest != null) {
            ingest.onMedia(media.kind(), media.timestampMs(), media.body());
        }
    }

    // Playing

    private void onPlayVerdict(RtmpChannel channel, PlayAsked asked, Verdict verdict) {
        switch (verdict) {
            case Refused(int code, String why) ->
                channel.refuse(
                        asked.id(), code == 400 ? StatusCode.PLAY_STREAM_NOT_FOUND : StatusCode.PLAY_FAILED, why);
            case Granted(StreamName name)
            when !playbacks.isEmpty() ->
                // the shared bytes use fixed chunk streams, which belong to one message stream
                channel.refuse(
                        asked.id(), StatusCode.PLAY_FAILED, "this connection plays already: open another for " + name);
            case Granted(StreamName name) ->
                server.hub()
                        .find(name)
                        .ifPresentOrElse(
                                stream -> playIfPossible(channel, asked, stream),
                                () -> channel.refuse(
                                        asked.id(), StatusCode.PLAY_STREAM_NOT_FOUND, name + " is not live"));
        }
    }

    private void playIfPossible(RtmpChannel channel, PlayAsked asked, LiveStream stream) {
        var tracks = stream.state().tracks();
        var undeclared = settings.of(stream.name().app()).undeclared();
        var choice = PlayerChoice.of(capabilities, asked.path().query(), undeclared, tracks);
        choice.nothingToShow(tracks)
                .ifPresentOrElse(
                        why -> channel.refuse(asked.id(), StatusCode.PLAY_NO_SUPPORTED_TRACK, why),
                        () -> play(channel, asked, stream, choice.dialect()));
    }

    private void play(RtmpChannel channel, PlayAsked asked, LiveStream stream, FlvDialect dialect) {
        onAdmitted.run();
        channel.accept(asked.id());
        if (ended) {
            return;
        }
        ending = Ending.UNKNOWN;
        int msid = asked.msid(); // the question itself may go
        var playback = new RtmpPlayback(
                server.hub(),
                stream.name(),
                outletOf(channel),
                msid,
                RtmpFormat.ofAll(settings.global().chunkBytes(), dialect),
                () -> hit(LimitKind.VIEWER_LAG.label()),
                why -> onPlaybackEnded(channel, msid, why));
        playbacks = with(msid, playback, playbacks);
        showRole(stream.name());
        playback.start(stream);
    }

    private Outlet outletOf(RtmpChannel channel) {
        var present = outlet;
        if (present == null) {
            var context = channel.channel().pipeline().context(channel);
            present = ChannelOutlet.behind(loop, context, new byte[0]);
            outlet = present;
        }
        return present;
    }

    /// The stream ended, or this player did not take it. Who publishes on the same connection goes on.
    private void onPlaybackEnded(RtmpChannel channel, int msid, EndReason why) {
        var playback = playbacks.get(msid);
        if (playback == null) {
            return;
        }
        playbacks = without(msid, playbacks);
        if (why == EndReason.STALLED) {
            hit(LimitKind.VIEWER_STALL.label());
        }
        if (!channel.channel().isActive()) {
            remember(why, playback.summary()); // the connection is gone: its own end follows
            return;
        }
        if (ingests.isEmpty()) {
            ending = new Ending(why, playback.summary());
            channel.close(why == EndReason.STALLED ? "the player took nothing" : "the stream ended");
        } else {
            showRole(playback.name());
            channel.publisherLeft(msid);
        }
    }

    private void onPauseChanged(int msid, boolean paused) {
        var playback = playbacks.get(msid);
        if (playback != null) {
            playback.pause(paused);
        }
    }

    private void onReceiveChanged(int msid, MediaKind kind, boolean wanted) {
        var playback = playbacks.get(msid);
        if (playback != null) {
            playback.receive(kind == MediaKind.AUDIO ? TrackKind.AUDIO : TrackKind.VIDEO, wanted);
        }
    }

    private static <T> Map<Integer, T> with(int msid, T added, Map<Integer, T> before) {
        var more = new HashMap<>(before);
        more.put(msid, added);
        return Map.copyOf(more);
    }

    private static <T> Map<Integer, T> without(int msid, Map<Integer, T> before) {
        var less = new HashMap<>(before);
        less.remove(msid);
        return Map.copyOf(less);
    }

    // The end

    private void end(int msid, EndReason why) {
        var ingest = ingests.get(msid);
        if (ingest != null) {
            ingests = without(msid, ingests);
            boolean known = ending.reason() != EndReason.CONNECTION_LOST;
            ingest.close(known ? ending.reason() : why);
            remember(why, ingest.summary());
            showRole(ingest.name());
        }
        var playback = playbacks.get(msid);
        if (playback != null) {
            playbacks = without(msid, playbacks);
            playback.close(why);
            remember(why, playback.summary());
            showRole(playback.name());
        }
    }

    /// What was known first is the cause; what comes later is its consequence.
    private void remember(EndReason why, String summary) {
        boolean known = ending.reason() != EndReason.CONNECTION_LOST;
        boolean told = !ending.detail().isEmpty();
        ending = new Ending(known ? ending.reason() : why, told ? ending.detail() + "; " + summary : summary);
    }

    private void onEnded(EndCause cause, String sentence) {
        ended = true;
        if (objectUser != null) {
            objectUser.end();
        }
        ingests.keySet().forEach(msid -> end(msid, EndReason.CONNECTION_LOST));
        playbacks.keySet().forEach(msid -> end(msid, EndReason.CONNECTION_LOST));
        var reason = switch (cause) {
            case PEER_CLOSED, CLOSED -> ending.reason();
            case REFUSED -> ending.reason() == EndReason.CONNECTION_LOST ? EndReason.REFUSED : ending.reason();
            case HANDSHAKE, PROTOCOL -> EndReason.BAD_INPUT;
            case LIMIT -> EndReason.LIMIT;
            case TIMEOUT -> EndReason.IDLE;
        };
        var known = ending.detail();
        session.end(reason, known.isEmpty() ? sentence : sentence.replaceAll("\\.$", "") + "; " + known);
    }

    private void kick(Channel channel, EndReason why) {
        var handler = channel.pipeline().get(RtmpChannel.class);
        if (handler != null && !ended) {
            ending = new Ending(why, "");
            handler.close(why == EndReason.SERVER_STOPPING ? "the server is stopping" : "ended by the operator");
        }
    }

    /// A connection shows one role in the table: what it publishes, else what it plays.
    ///
    /// @param last what the change was about
    private void showRole(StreamName last) {
        if (ended) {
            return;
        }
        Optional<StreamName> published =
                ingests.values().stream().map(RtmpIngest::name).findFirst();
        Optional<StreamName> played =
                playbacks.values().stream().map(RtmpPlayback::name).findFirst();
        if (published.isPresent()) {
            session.role(Sessions.Role.PUBLISHING, published.get());
        } else if (played.isPresent()) {
            session.role(Sessions.Role.PLAYING, played.get());
        } else {
            session.role(Sessions.Role.CONNECTED, last);
        }
    }
}
