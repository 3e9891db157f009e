package dev.sluice.rtmp.session;

import dev.sluice.rtmp.StreamPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// The message streams of one connection and what each is used for. Ids start at 1 and are never used twice: some
/// clients refuse 0, and one insists on 1.
final class StreamRoles {
    sealed interface Role {
        int msid();

        record Idle(int msid) implements Role {}

        record Publishing(int msid, StreamPath path) implements Role {}

        record Playing(int msid) implements Role {}
    }

    private final int most;
    /// In the order of their ids, and exchanged whole: most connections have one.
    private List<Role> roles = List.of();
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
        change(all -> all.add(new Role.Idle(++lastMsid)));
        return Optional.of(lastMsid);
    }

    private void change(Consumer<List<Role>> change) {
        List<Role> all = new ArrayList<>(roles);
        change.accept(all);
        roles = List.copyOf(all);
    }

    private void use(Role now) {
        change(all -> all.replaceAll(role -> role.msid() == now.msid() ? now : role));
    }

    /// Idle for a stream that does not exist, too.
    private Role roleOf(int msid) {
        for (Role role : roles) { // asked for each message
            if (role.msid() == msid) {
                return role;
            }
        }
        return new Role.Idle(msid);
    }

    boolean isIdle(int msid) {
        return roles.contains(new Role.Idle(msid));
    }

    boolean isPublishing(int msid) {
        return roleOf(msid) instanceof Role.Publishing;
    }

    boolean isPlaying(int msid) {
        return roleOf(msid) instanceof Role.Playing;
    }

    boolean anyActive() {
        for (Role role : roles) {
            if (!(role instanceof Role.Idle)) {
                return true;
            }
        }
        return false;
    }

    boolean anyPublishing() {
        for (Role role : roles) { // asked after each read
            if (role instanceof Role.Publishing) {
                return true;
            }
        }
        return false;
    }

    void publish(int msid, StreamPath path) {
        use(new Role.Publishing(msid, path));
    }

    void play(int msid) {
        use(new Role.Playing(msid));
    }

    /// The stream that publishes under this name as the client wrote it; the only publisher if the name fits
    /// none, because encoders shorten names when they say goodbye.
    Optional<Integer> publisherOf(String rawName) {
        int only = 0;
        int publishers = 0;
        for (Role role : roles) {
            if (role instanceof Role.Publishing(int msid, StreamPath path)) {
                if (path.rawName().equals(rawName)) {
                    return Optional.of(msid);
                }
                only = msid;
                publishers++;
            }
        }
        return publishers == 1 ? Optional.of(only) : Optional.empty();
    }

    /// Ends whatever the stream is used for; the id stays.
    void end(int msid, boolean clean, Consumer<ServerEvent> events) {
        Role role = roleOf(msid);
        use(new Role.Idle(msid));
        switch (role) {
            case Role.Idle idle -> {}
            case Role.Publishing publishing -> events.accept(new ServerEvent.PublishEnded(msid, clean));
            case Role.Playing playing -> events.accept(new ServerEvent.PlayEnded(msid));
        }
    }

    void delete(int msid, Consumer<ServerEvent> events) {
        end(msid, true, events);
        change(all -> all.removeIf(role -> role.msid() == msid));
    }

    void endAll(Consumer<ServerEvent> events) {
        roles.forEach(role -> end(role.msid(), false, events));
    }

    /// As they are now, in the order of their ids.
    List<Role> all() {
        return roles;
    }
}
