package dev.sluice.rtmp.session;

/// What a client hears on each stream in use before the connection ends.
final class LastWords {
    private final ServerReplies replies;
    private final StreamRoles roles;

    LastWords(ServerReplies replies, StreamRoles roles) {
        this.replies = replies;
        this.roles = roles;
    }

    /// An error that clients show: on each stream in use, else on the connection.
    void error(String sentence) {
        roles.all().forEach(stream -> {
            switch (stream) {
                case StreamRoles.Role.Idle idle -> {}
                case StreamRoles.Role.Publishing publishing ->
                    replies.failure(publishing.msid(), StatusCode.PUBLISH_REJECTED, sentence);
                case StreamRoles.Role.Playing(int msid) -> replies.failure(msid, StatusCode.PLAY_FAILED, sentence);
            }
        });
        if (!roles.anyActive()) {
            replies.failure(0, StatusCode.CONNECT_REJECTED, sentence);
        }
    }

    void goodbye() {
        roles.all().forEach(stream -> {
            switch (stream) {
                case StreamRoles.Role.Idle idle -> {}
                case StreamRoles.Role.Publishing publishing ->
                    replies.status(publishing.msid(), StatusCode.UNPUBLISH_SUCCESS, "The server stopped publishing.");
                case StreamRoles.Role.Playing(int msid) -> replies.playEnded(msid);
            }
        });
        replies.closeCommand();
    }
}
