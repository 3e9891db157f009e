package dev.sluice.rtmp.session;

import dev.sluice.rtmp.StreamPath;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/// The message streams of one connection and what each is used for. Ids start at 1 and are never used twice: some
/// clients refuse 0, and one insists on 1.
final class StreamRoles {
    sealed interface Role {
        record Idle() implements Role {}

        record Publishing(StreamPath path) implements Role {}

        record Playing() implements Role {}
    }

    private static final Role IDLE = new Role.Idle();
    private static final Role PLAYING = new Role.Playing();

    private final int most;
    private final Map<Integer, Role> roles = new TreeMap<>();
    private int lastMsid;

    StreamRoles(int most) {
        this.most = most;
    }

    /// Opens a stream.
    ///
    /// @return its id; empty if there are too many
    Optional<Integer> create() {
        if (roles.size() >= most) {
            return Optional.empty();
        }
        roles.put(++lastMsid, IDLE);
        return Optional.of(lastMsid);
    }

    Optional<Role> role(int msid) {
        return Optional.ofNullable(roles.get(msid));
    }

    boolean isIdle(int msid) {
        return roles.get(msid) instanceof Role.Idle;
    }

    boolean isPublishing(int msid) {
        return roles.get(msid) instanceof Role.Publishing;
    }

    boolean isPlaying(int msid) {
        return roles.get(msid) instanceof Role.Playing;
    }

    boolean anyActive() {
        for (Role role : roles.values()) {
            if (!(role instanceof Role.Idle)) {
                return true;
            }
        }
        return false;
    }

    boolean anyPublishing() {
        for (Role role : roles.values()) { // asked after each read
            if (role instanceof Role.Publishing) {
                return true;
            }
        }
        return false;
    }

    void publish(int msid, StreamPath path) {
        roles.put(msid, new Role.Publishing(path));
    }

    void play(int msid) {
        roles.put(msid, PLAYING);
    }

    /// The stream that publishes under this name as the client wrote it; the only publisher if the name fits
    /// none, because encoders shorten names when they say goodbye.
    Optional<Integer> publisherOf(String rawName) {
        int only = 0;
        int publishers = 0;
        for (Map.Entry<Integer, Role> entry : roles.entrySet()) {
            if (entry.getValue() instanceof Role.Publishing(StreamPath path)) {
                if (path.rawName().equals(rawName)) {
                    return Optional.of(entry.getKey());
                }
                only = entry.getKey();
                publishers++;
            }
        }
        return publishers == 1 ? Optional.of(only) : Optional.empty();
    }

    /// Ends whatever the stream is used for; the id stays.
    void end(int msid, boolean clean, Consumer<ServerEvent> events) {
        Role role = roles.get(msid);
        if (role == null) {
            return;
        }
        roles.put(msid, IDLE);
        switch (role) {
            case Role.Idle() -> {}
            case Role.Publishing(StreamPath path) -> events.accept(new ServerEvent.PublishEnded(msid, clean));
            case Role.Playing() -> events.accept(new ServerEvent.PlayEnded(msid));
        }
    }

    void delete(int msid, Consumer<ServerEvent> events) {
        end(msid, true, events);
        roles.remove(msid);
    }

    void endAll(Consumer<ServerEvent> events) {
        for (Integer msid : roles.keySet().toArray(Integer[]::new)) {
            end(msid, false, events);
        }
    }

    Iterable<Map.Entry<Integer, Role>> all() {
        return Map.copyOf(roles).entrySet();
    }
}
