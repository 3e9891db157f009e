package dev.sluice.server.http;

import dev.sluice.server.spi.Http.Handler;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The paths that plugins offer, most specific first. Immutable: a new route makes a new table, so loops may read
/// it while a plugin still starts.
record Routes(List<Route> inOrder) {
    static final Routes NONE = new Routes(List.of());

    private static final Comparator<Route> MOST_SPECIFIC_FIRST = Comparator.comparingInt(
                    (Route route) -> -route.pattern().fixedLength())
            .thenComparingInt(route -> route.pattern().parameterCount());

    enum Kind {
        GET,
        POST,
        WEB_SOCKET
    }

    /// @param maxBodyBytes what a request may bring
    record Route(Kind kind, PathPattern pattern, int maxBodyBytes, Handler handler) {
        Route(Kind kind, PathPattern pattern, Handler handler) {
            this(kind, pattern, 0, handler);
        }
    }

    /// A route and the values of its parameters in one path.
    record Found(Route route, Map<String, String> parameters) {}

    /// @throws IllegalStateException if the same path is taken already
    Routes with(Route added) {
        for (var route : inOrder) {
            if (route.kind() == added.kind()
                    && route.pattern().toString().equals(added.pattern().toString())) {
                throw new IllegalStateException("the path " + added.pattern() + " has a handler already");
            }
        }
        return new Routes(Stream.concat(inOrder.stream(), Stream.of(added))
                .sorted(MOST_SPECIFIC_FIRST)
                .toList());
    }

    Optional<Found> find(Kind kind, List<String> segments) {
        for (var route : inOrder) {
            if (route.kind() == kind) {
                var parameters = route.pattern().match(segments);
                if (parameters.isPresent()) {
                    return Optional.of(new Found(route, parameters.get()));
                }
            }
        }
        return Optional.empty();
    }
}
