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
import dev.sluice.hub.Viewing;
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
    private static final byte[] NO_FAREWELL = {};
    private static final RtmpLogin.Outcome CANNOT_LOG_IN =
            new RtmpLogin.Turned("the server could not decide who you are");

    private final RtmpShared shared;
    private final Loop loop;
    private final Consumer<Channel> onAdmitted;
    private final InetSocketAddress remote;
    private final Sessions.Session session;
    /// By message stream, and exchanged whole: most connections have one or none.
    private Map<Integer, RtmpIngest> ingests = Map.of();

    private @Nullable RtmpPlayback playback;
    private @Nullable Outlet outlet;
    private @Nullable SharedObjectUser objectUser;
    private Ending ending = Ending.UNKNOWN;
    private Capabilities capabilities = Capabilities.NONE;
    private String flashVer = "";
    private RtmpLogin.Welcome welcome = RtmpLogin.Welcome.STRANGER;
    private boolean ended;

    /// @param way how it came, as the table of sessions shows it
    /// @param onAdmitted told when it may publish or play, each time
    RtmpConnection(RtmpShared shared, String way, Channel channel, Consumer<Channel> onAdmitted) {
        var server = shared.server();
        this.shared = shared;
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
                var elsewhere = shared.settings().of(pathOf(asked).app()).redirect();
                if (!elsewhere.isEmpty()) {
                    channel.redirect(asked.id(), elsewhere, "this application is at " + elsewhere);
                    return;
                }
                answer(
                        shared.login().onConnect(asked, remote, loop.nowNs()),
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
            case PauseChanged(int msid, boolean paused) -> playbackOn(msid).ifPresent(playing -> playing.pause(paused));
            case ReceiveChanged(int msid, MediaKind kind, boolean wanted) -> onReceiveChanged(msid, kind, wanted);
            case ServerEvent.SharedObject(SharedObjectMessage message) -> onSharedObject(message);
            case LimitHit(Limit limit, String sentence) -> hit("rtmp-" + limit.label());
            case CallEnded ended -> {} // the server calls nobody
            case Ended(EndCause cause, String reason) -> onEnded(cause, reason);
        }
    }

    private void hit(String kind) {
        shared.server().limits().hit(kind, remote.getAddress());
    }

    private void decide(Action action, StreamPath path, Consumer<Verdict> then) {
        var user = welcome.userFor(path.app());
        var request = new AccessRequest(action, "rtmp", path.app(), path.name(), path.query(), user, remote);
        answer(shared.server().admission().decide(request), CANNOT_DECIDE, then);
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
        var sharing = shared.settings().of(path.app()).sharedObjects();
        boolean named =
                path.problem(shared.settings().global().rtmpLimits().names()).isEmpty();
        if (sharing.enabled() && named) {
            Runnable onLimit = () -> hit("rtmp-" + Limit.SHARED_OBJECTS.label());
            objectUser = new SharedObjectUser(shared.objects(), loop, channel, path.app(), sharing, onLimit);
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
        shared.server()
                .hub()
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
                onAdmitted.accept(channel.channel());
                ending = Ending.UNKNOWN;
                var ingest = new RtmpIngest(
                        publication,
                        loop,
                        shared.settings().of(name.app()),
                        limit -> hit(limit.label()),
                        fault -> onIngestFault(channel, asked.msid(), fault));
                changeIngests(all -> all.put(asked.msid(), ingest));
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
            when playback != null ->
                // the shared bytes use fixed chunk streams, which belong to one message stream
                channel.refuse(
                        asked.id(), StatusCode.PLAY_FAILED, "this connection plays already: open another for " + name);
            case Granted(StreamName name) ->
                shared.server()
                        .hub()
                        .find(name)
                        .ifPresentOrElse(
                                stream -> playIfPossible(channel, asked, stream),
                                () -> channel.refuse(
                                        asked.id(), StatusCode.PLAY_STREAM_NOT_FOUND, name + " is not live"));
        }
    }

    private void playIfPossible(RtmpChannel channel, PlayAsked asked, LiveStream stream) {
        var tracks = stream.state().tracks();
        var undeclared = shared.settings().of(stream.name().app()).undeclared();
        var choice = PlayerChoice.of(capabilities, asked.path().query(), undeclared, tracks);
        choice.nothingToShow(tracks)
                .ifPresentOrElse(
                        why -> channel.refuse(asked.id(), StatusCode.PLAY_NO_SUPPORTED_TRACK, why),
                        () -> play(channel, asked, stream, choice.dialect()));
    }

    private void play(RtmpChannel channel, PlayAsked asked, LiveStream stream, FlvDialect dialect) {
        onAdmitted.accept(channel.channel());
        channel.accept(asked.id());
        if (ended) {
            return;
        }
        ending = Ending.UNKNOWN;
        var started = new RtmpPlayback(
                shared.server().hub(),
                stream.name(),
                outletOf(channel),
                asked.msid(),
                shared.formats().of(dialect),
                new Watching(channel));
        playback = started;
        showRole(stream.name());
        started.start(stream);
    }

    /// Hears of the playback of this connection.
    private final class Watching implements RtmpPlayback.Owner {
        private final RtmpChannel channel;

        Watching(RtmpChannel channel) {
            this.channel = channel;
        }

        @Override
        public void began(Viewing viewing) {
            session.watches(viewing);
        }

        @Override
        public void jumped() {
            hit(LimitKind.VIEWER_LAG.label());
        }

        @Override
        public void ended(EndReason why) {
            playbackEnded(channel, why);
        }
    }

    private Outlet outletOf(RtmpChannel channel) {
        var present = outlet;
        if (present == null) {
            var context = channel.channel().pipeline().context(channel);
            present = ChannelOutlet.behind(loop, context, NO_FAREWELL);
            outlet = present;
        }
        return present;
    }

    /// The stream ended, or this player did not take it. Who publishes on the same connection goes on.
    private void playbackEnded(RtmpChannel channel, EndReason why) {
        var was = playback;
        if (was == null) {
            return;
        }
        playback = null;
        if (why == EndReason.STALLED) {
            hit(LimitKind.VIEWER_STALL.label());
        }
        if (!channel.channel().isActive()) {
            remember(why, was.summary()); // the connection is gone: its own end follows
            return;
        }
        if (ingests.isEmpty()) {
            ending = new Ending(why, was.summary());
            channel.close(why == EndReason.STALLED ? "the player took nothing" : "the stream ended");
        } else {
            showRole(was.name());
            channel.publisherLeft(was.msid());
        }
    }

    private Optional<RtmpPlayback> playbackOn(int msid) {
        return Optional.ofNullable(playback).filter(playing -> playing.msid() == msid);
    }

    private void onReceiveChanged(int msid, MediaKind kind, boolean wanted) {
        var track = kind == MediaKind.AUDIO ? TrackKind.AUDIO : TrackKind.VIDEO;
        playbackOn(msid).ifPresent(playing -> playing.receive(track, wanted));
    }

    private void changeIngests(Consumer<Map<Integer, RtmpIngest>> change) {
        var changed = new HashMap<>(ingests);
        change.accept(changed);
        ingests = Map.copyOf(changed);
    }

    // The end

    private void end(int msid, EndReason why) {
        var ingest = ingests.get(msid);
        if (ingest != null) {
            changeIngests(all -> all.remove(msid));
            boolean known = ending.reason() != EndReason.CONNECTION_LOST;
            ingest.close(known ? ending.reason() : why);
            remember(why, ingest.summary());
            showRole(ingest.name());
        }
        playbackOn(msid).ifPresent(was -> {
            playback = null;
            was.close(why);
            remember(why, was.summary());
            showRole(was.name());
        });
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
        if (playback != null) {
            end(playback.msid(), EndReason.CONNECTION_LOST);
        }
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
        if (published.isPresent()) {
            session.role(Sessions.Role.PUBLISHING, published.get());
        } else if (playback != null) {
            session.role(Sessions.Role.PLAYING, playback.name());
        } else {
            session.role(Sessions.Role.CONNECTED, last);
        }
    }
}
