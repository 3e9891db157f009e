package dev.sluice.rtmp.session;

import dev.sluice.rtmp.MediaKind;
import dev.sluice.rtmp.amf.AmfValue;
import dev.sluice.rtmp.message.RtmpMessage;
import java.util.function.Consumer;

/// Commands about a message stream that publishes or plays. What the stream is not used for is ignored.
final class StreamCommands {
    private final ServerReplies replies;
    private final StreamRoles roles;

    StreamCommands(ServerReplies replies, StreamRoles roles) {
        this.replies = replies;
        this.roles = roles;
    }

    void pause(RtmpMessage.Command command, Consumer<ServerEvent> events) {
        int msid = command.msid();
        if (!roles.isPlaying(msid)) {
            return;
        }
        boolean paused = command.argument(0) instanceof AmfValue.Bool(boolean on) && on;
        if (paused) {
            replies.paused(msid);
        } else {
            replies.unpaused(msid);
        }
        events.accept(new ServerEvent.PauseChanged(msid, paused));
    }

    void receive(RtmpMessage.Command command, MediaKind kind, Consumer<ServerEvent> events) {
        int msid = command.msid();
        if (!roles.isPlaying(msid)) {
            return;
        }
        boolean wanted = !(command.argument(0) instanceof AmfValue.Bool(boolean on)) || on;
        if (wanted) {
            replies.receivingAgain(msid);
        }
        events.accept(new ServerEvent.ReceiveChanged(msid, kind, wanted));
    }

    /// A live stream has one place.
    void seek(RtmpMessage.Command command) {
        if (roles.isPlaying(command.msid())) {
            replies.status(command.msid(), StatusCode.SEEK_FAILED, "A live stream cannot be searched.");
        }
    }

    void close(int msid, Consumer<ServerEvent> events) {
        if (roles.isPublishing(msid)) {
            replies.status(msid, StatusCode.UNPUBLISH_SUCCESS, "Publishing has ended.");
        }
        roles.end(msid, true, events);
    }

    void delete(RtmpMessage.Command command, Consumer<ServerEvent> events) {
        boolean named = command.argument(0) instanceof AmfValue.Num(double id) && id >= 1 && id <= 0xffff;
        int msid = named && command.argument(0) instanceof AmfValue.Num(double id) ? (int) id : command.msid();
        roles.delete(msid, events);
    }

    void fcUnpublish(RtmpMessage.Command command, Consumer<ServerEvent> events) {
        replies.result(command.transactionId(), AmfValue.UNDEFINED);
        replies.notice("onFCUnpublish", StatusCode.UNPUBLISH_SUCCESS, "Publishing has ended.");
        String name = command.argument(0) instanceof AmfValue.Str(String text) ? text : "";
        roles.publisherOf(name).ifPresent(msid -> close(msid, events));
    }
}
