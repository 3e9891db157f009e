package dev.sluice.server.spi;

import dev.sluice.hub.StreamName;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/// May this one publish or play? Answered later, from any thread; the asker goes back to its own loop.
public interface Admission {
    CompletionStage<Verdict> decide(AccessRequest request);

    enum Action {
        PUBLISH,
        PLAY
    }

    /// The question.
    ///
    /// @param protocol who asks, for logs
    /// @param app canonical application as the client sent it; not validated yet
    /// @param name canonical stream name as the client sent it; not validated yet
    /// @param query query parameters, decoded once; may hold secrets, so it is never logged
    record AccessRequest(
            Action action,
            String protocol,
            String app,
            String name,
            Map<String, String> query,
            InetSocketAddress remote) {
        public AccessRequest {
            query = Map.copyOf(query);
        }

        @Override
        public String toString() {
            return action + " " + app + "/" + name + " by " + protocol + " from " + remote;
        }
    }

    sealed interface Verdict {}

    /// Yes, under this public name.
    record Granted(StreamName as) implements Verdict {}

    /// No. `status` is the HTTP status that says it best: 400 a name that cannot be, 403 not allowed, 429 too
    /// many failures.
    record Refused(int status, String why) implements Verdict {}
}
