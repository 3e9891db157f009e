package dev.sluice.plugin.rtmp;

import dev.sluice.hub.EndReason;
import dev.sluice.hub.Hub.Busy;
import dev.sluice.hub.Hub.Full;
import dev.sluice.hub.Hub.Started;
import dev.sluice.hub.Loop;
import dev.sluice.hub.StreamName;
import dev.sluice.rtmp.StreamPath;
import dev.sluice.rtmp.netty.RtmpChannel;
import dev.sluice.rtmp.session.EndCause;
import dev.sluice.rtmp.session.ServerEvent;
import dev.sluice.rtmp.session.ServerEvent.ConnectAsked;
import dev.sluice.rtmp.session.ServerEvent.Ended;
import dev.sluice.rtmp.session.ServerEvent.Media;
import dev.sluice.rtmp.session.ServerEvent.PauseChanged;
import dev.sluice.rtmp.session.ServerEvent.PlayAsked;
import dev.sluice.rtmp.session.ServerEvent.PlayEnded;
import dev.sluice.rtmp.session.ServerEvent.PublishAsked;
import dev.sluice.rtmp.session.ServerEvent.PublishEnded;
import dev.sluice.rtmp.session.StatusCode;
import dev.sluice.server.spi.Admission.AccessRequest;
import dev.sluice.server.spi.Admission.Action;
import dev.sluice.server.spi.Admission.Granted;
import dev.sluice.server.spi.Admission.Refused;
import dev.sluice.server.spi.Admission.Verdict;
import dev.sluice.server.spi.PerApp;
import dev.sluice.server.spi.ServerContext;
import dev.sluice.server.spi.Sessions;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// One RTMP connection: asks admission, and connects its message streams to the hub. Owned by the channel's loop.
final class RtmpConnection implements RtmpChannel.Owner {
    private final ServerContext server;
    private final PerApp<RtmpSettings> settings;
    private final Loop loop;
    private final InetSocketAddress remote;
    private final Sessions.Session session;
    private final Map<Integer, RtmpIngest> ingests = new HashMap<>();
    private final Map<Integer, RtmpPlayback> playbacks = new HashMap<>();
    private Status status;

    /// What the log says about the end: the last thing we know.
    private record Status(boolean ended, EndReason reason, String detail) {}

    RtmpConnection(ServerContext server, PerApp<RtmpSettings> settings, Channel channel) {
        this.server = server;
        this.settings = settings;
        this.loop = server.loopOf(channel.eventLoop());
        this.remote = (InetSocketAddress) channel.remoteAddress();
        this.status = new Status(false, EndReason.CONNECTION_LOST, "");
        this.session = server.sessions().open("rtmp", remote, why -> loop.run(() -> kick(channel, why)));
    }

    @Override
    public void onEvent(RtmpChannel channel, ServerEvent event) {
        switch (event) {
            case ConnectAsked asked -> {
                session.client(asked.flashVer());
                channel.accept(asked.id());
            }
            case PublishAsked asked ->
                decide(Action.PUBLISH, asked.path(), verdict -> onPublishVerdict(channel, asked, verdict));
            case PlayAsked asked ->
                decide(Action.PLAY, asked.path(), verdict -> onPlayVerdict(channel, asked, verdict));
            case Media media -> onMedia(media);
            case PublishEnded ended -> onPublishEnded(ended);
            case PlayEnded(int msid) -> end(msid, EndReason.CLIENT_DONE);
            case PauseChanged(int msid, boolean paused) -> onPauseChanged(msid, paused);
            case Ended(EndCause cause, String reason) -> onEnded(cause, reason);
        }
    }

    private void decide(Action action, StreamPath path, Consumer<Verdict> then) {
        var request = new AccessRequest(action, "rtmp", path.app(), path.name(), path.query(), remote);
        server.admission()
                .decide(request)
                .exceptionally(failure -> new Refused(500, "the server could not decide whether you may"))
                .thenAccept(verdict -> loop.run(() -> {
                    if (!status.ended()) {
                        then.accept(verdict);
                    }
                }));
    }

    private void onPublishVerdict(RtmpChannel channel, PublishAsked asked, Verdict verdict) {
        switch (verdict) {
            case Refused(int code, String why) ->
                channel.refuse(asked.id(), code == 400 ? StatusCode.PUBLISH_BAD_NAME : StatusCode.PUBLISH_DENIED, why);
            case Granted(StreamName name) -> publish(channel, asked, name);
        }
    }

    private void publish(RtmpChannel channel, PublishAsked asked, StreamName name) {
        switch (server.hub().publish(name, loop)) {
            case Busy busy ->
                channel.refuse(
                        asked.id(),
                        StatusCode.PUBLISH_BAD_NAME,
                        name + " is being published already: stop the other encoder or use another stream name");
            case Full full ->
                channel.refuse(
                        asked.id(),
                        StatusCode.PUBLISH_REJECTED,
                        "the server has no memory for another stream (hub.memoryMaxBytes)");
            case Started(var publication) -> {
                session.role(Sessions.Role.PUBLISHING, name);
                server.ports().admitted(channel.channel());
                ingests.put(
                        asked.msid(),
                        new RtmpIngest(
                                publication, loop, settings.of(name.app()), why -> onIngestFault(channel, asked, why)));
                channel.accept(asked.id());
            }
        }
    }

    private void onIngestFault(RtmpChannel channel, PublishAsked asked, RtmpIngest.Fault fault) {
        status = new Status(false, fault.reason(), fault.sentence());
        channel.reject(asked.msid(), StatusCode.PUBLISH_REJECTED, fault.sentence());
    }

    private void onPlayVerdict(RtmpChannel channel, PlayAsked asked, Verdict verdict) {
        switch (verdict) {
            case Refused(int code, String why) ->
                channel.refuse(
                        asked.id(), code == 400 ? StatusCode.PLAY_STREAM_NOT_FOUND : StatusCode.PLAY_FAILED, why);
            case Granted(StreamName name) -> play(channel, asked, name);
        }
    }

    private void play(RtmpChannel channel, PlayAsked asked, StreamName name) {
        var stream = server.hub().find(name);
        if (stream.isEmpty()) {
            channel.refuse(asked.id(), StatusCode.PLAY_STREAM_NOT_FOUND, name + " is not live");
            return;
        }
        session.role(Sessions.Role.PLAYING, name);
        server.ports().admitted(channel.channel());
        channel.accept(asked.id());
        if (!status.ended()) {
            var playback = new RtmpPlayback(
                    stream.get(),
                    loop,
                    channel,
                    asked.msid(),
                    settings.global().chunkBytes(),
                    why -> onPlaybackEnded(channel, why));
            playbacks.put(asked.msid(), playback);
            playback.start();
        }
    }

    /// The stream ended, or this player did not take it.
    private void onPlaybackEnded(RtmpChannel channel, EndReason why) {
        status = new Status(false, why, playbackDetail());
        channel.close(why == EndReason.STALLED ? "the player took nothing" : "the stream ended");
    }

    private void onMedia(Media media) {
        var ingest = ingests.get(media.msid());
        if (ingest != null) {
            ingest.onMedia(media.kind(), media.timestampMs(), media.body());
        }
    }

    private void onPublishEnded(PublishEnded ended) {
        if (ended.clean()) {
            status = new Status(false, EndReason.CLIENT_DONE, "");
        }
        end(ended.msid(), ended.clean() ? EndReason.CLIENT_DONE : EndReason.CONNECTION_LOST);
    }

    private void onPauseChanged(int msid, boolean paused) {
        var playback = playbacks.get(msid);
        if (playback != null) {
            playback.pause(paused);
        }
    }

    private void end(int msid, EndReason why) {
        var ingest = ingests.remove(msid);
        if (ingest != null) {
            ingest.close(why);
            status = new Status(
                    status.ended(), status.reason(), status.detail().isEmpty() ? ingest.summary() : status.detail());
        }
        var playback = playbacks.remove(msid);
        if (playback != null) {
            status = new Status(status.ended(), status.reason(), playback.summary());
            playback.close(why);
        }
    }

    private String playbackDetail() {
        return playbacks.values().stream()
                .map(RtmpPlayback::summary)
                .findFirst()
                .orElse("");
    }

    private void onEnded(EndCause cause, String sentence) {
        List.copyOf(ingests.keySet()).forEach(msid -> end(msid, EndReason.CONNECTION_LOST));
        List.copyOf(playbacks.keySet()).forEach(msid -> end(msid, EndReason.CONNECTION_LOST));
        var reason = switch (cause) {
            case PEER_CLOSED, CLOSED -> status.reason();
            case REFUSED -> status.reason() == EndReason.CONNECTION_LOST ? EndReason.REFUSED : status.reason();
            case HANDSHAKE, PROTOCOL -> EndReason.BAD_INPUT;
            case LIMIT -> EndReason.LIMIT;
            case TIMEOUT -> EndReason.IDLE;
        };
        var known = status.detail();
        var detail = known.isEmpty() ? sentence : sentence.replaceAll("\\.$", "") + "; " + known;
        status = new Status(true, reason, detail);
        session.end(reason, detail);
    }

    private void kick(Channel channel, EndReason why) {
        var handler = channel.pipeline().get(RtmpChannel.class);
        if (handler != null && !status.ended()) {
            status = new Status(false, why, "");
            handler.close(why == EndReason.SERVER_STOPPING ? "the server is stopping" : "ended by the operator");
        }
    }
}
