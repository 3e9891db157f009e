package dev.sluice.plugin.rtmp;

import dev.sluice.rtmp.StreamPath;
import dev.sluice.rtmp.session.AdobeLogin;
import dev.sluice.rtmp.session.ServerEvent.ConnectAsked;
import dev.sluice.server.spi.Admission;
import dev.sluice.server.spi.Admission.LoginRequest;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// Lets publishers log in, where their application has users. It happens in `connect`, before anybody knows
/// what will be published, so it is asked of clients that say they publish. Who brings a key, or does not
/// say it, is let through and judged when he publishes. One for the server; any thread.
final class RtmpLogin {
    private static final String KEY_PARAMETER = "key";
    /// Where only the application is of interest.
    static final String ANY_NAME = "x";

    /// What came of a connect.
    sealed interface Outcome {}

    /// @param app where the user is one; empty if nobody logged in
    /// @param user empty if nobody logged in
    record Welcome(String app, String user) implements Outcome {
        static final Welcome STRANGER = new Welcome("", "");

        /// A user of one application is nobody in another.
        String userFor(String otherApp) {
            return otherApp.equals(app) ? user : "";
        }
    }

    record Turned(String description) implements Outcome {}

    private final Admission admission;
    private final AdobeLogin adobe = new AdobeLogin();

    RtmpLogin(Admission admission) {
        this.admission = admission;
    }

    /// @param nowNs monotonic time in nanoseconds
    CompletionStage<Outcome> onConnect(ConnectAsked asked, InetSocketAddress remote, long nowNs) {
        var path = StreamPath.of(asked.tcUrl(), asked.app(), ANY_NAME);
        boolean hasKey = path.query().containsKey(KEY_PARAMETER);
        if (!asked.publisher() || hasKey || !admission.wantsLogin(path.app())) {
            return CompletableFuture.completedFuture(Welcome.STRANGER);
        }
        return switch (adobe.next(asked.app(), nowNs)) {
            case AdobeLogin.Refusal(String description) -> CompletableFuture.completedFuture(new Turned(description));
            case AdobeLogin.Answer answer -> {
                var request = new LoginRequest("rtmp", path.app(), answer.user(), remote, answer.proves());
                yield admission
                        .login(request)
                        .thenApply(refused -> refused.isPresent()
                                ? new Turned(adobe.failed().description())
                                : new Welcome(path.app(), answer.user()));
            }
        };
    }
}
