package dev.sluice.rtmp.session;

import dev.sluice.rtmp.amf.AmfValue;
import dev.sluice.rtmp.message.RtmpMessage;
import java.util.Optional;

/// Commands that are answered at once, without a question and without ending anything. Encoders send them in any
/// order, and some wait for every answer; none is ever a reason to close.
final class ServerCalls {
    private final ServerReplies replies;
    private final StreamRoles roles;

    ServerCalls(ServerReplies replies, StreamRoles roles) {
        this.replies = replies;
        this.roles = roles;
    }

    /// @return false where a stream was refused because there are too many
    boolean answer(RtmpMessage.Command command) {
        if (command.name().equals("createStream")) {
            return createStream(command.transactionId());
        }
        double id = command.transactionId();
        switch (command.name()) {
            case "releaseStream" -> replies.result(id, AmfValue.UNDEFINED);
            case "FCPublish" -> {
                replies.result(id, AmfValue.UNDEFINED);
                replies.expectsFcPublish();
            }
            case "FCSubscribe" -> {
                replies.result(id, AmfValue.UNDEFINED);
                replies.notice("onFCSubscribe", StatusCode.PLAY_START, "Ready to play.");
            }
            case "FCUnsubscribe" -> {
                replies.result(id, AmfValue.UNDEFINED);
                replies.notice("onFCUnsubscribe", StatusCode.PLAY_STOP, "Stopped.");
            }
            case "getStreamLength", "getMovLen" -> replies.result(id, AmfValue.of(0));
            case "_checkbw",
                    "checkBandwidth",
                    "setPeerInfo",
                    "set_playlist",
                    "FCTimer",
                    "initStream",
                    "receiveVideoFPS" -> ifWanted(command, () -> replies.result(id, AmfValue.NULL));
            // What only servers say: an answer to it would go on for ever.
            case "onStatus", "ping", "pong" -> {}
            default -> ifWanted(command, () -> replies.callFailed(id, "This server has no such method."));
        }
        return true;
    }

    private static void ifWanted(RtmpMessage.Command command, Runnable reply) {
        if (command.wantsReply()) {
            reply.run();
        }
    }

    private boolean createStream(double transactionId) {
        Optional<Integer> msid = roles.create();
        if (msid.isPresent()) {
            replies.result(transactionId, AmfValue.of(msid.get()));
        } else {
            replies.callFailed(transactionId, "Too many streams on this connection.");
        }
        return msid.isPresent();
    }
}
