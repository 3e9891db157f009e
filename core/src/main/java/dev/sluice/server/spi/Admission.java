package dev.sluice.server.spi;

import dev.sluice.hub.StreamName;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/// May this one publish or play? Answered later, from any thread; the asker goes back to its own loop.
public interface Admission {
    CompletionStage<Verdict> decide(AccessRequest request);

    /// Whether publishers of this application are to log in with user name and password. Cheap; any thread.
    default boolean wantsLogin(String app) {
        return false;
    }

    /// Is this one the user that he says he is? Asked by protocols with user names, before [#decide].
    ///
    /// @return empty if he is
    default CompletionStage<Optional<Refused>> login(LoginRequest request) {
        return CompletableFuture.completedFuture(
                Optional.of(new Refused(403, "there are no users of '" + request.app() + "'")));
    }

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
    /// @param user who has logged in to this application; empty if nobody has
    record AccessRequest(
            Action action,
            String protocol,
            String app,
            String name,
            Map<String, String> query,
            String user,
            InetSocketAddress remote) {
        public AccessRequest {
            query = Map.copyOf(query);
        }

        /// By somebody who has not logged in.
        public AccessRequest(
                Action action,
                String protocol,
                String app,
                String name,
                Map<String, String> query,
                InetSocketAddress remote) {
            this(action, protocol, app, name, query, "", remote);
        }

        @Override
        public String toString() {
            return action + " " + app + "/" + name + " by " + protocol + " from " + remote;
        }
    }

    /// A login.
    ///
    /// @param app canonical application; not validated yet
    /// @param user as sent; not validated
    /// @param proves whether what was sent proves that the sender knows this password; called at most once
    record LoginRequest(String protocol, String app, String user, InetSocketAddress remote, Predicate<String> proves) {}

    sealed interface Verdict {}

    /// Yes, under this public name.
    record Granted(StreamName as) implements Verdict {}

    /// No. `status` is the HTTP status that says it best: 400 a name that cannot be, 403 not allowed, 429 too
    /// many failures.
    record Refused(int status, String why) implements Verdict {}
}
