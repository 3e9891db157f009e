package dev.sluice.server.session;

import dev.sluice.hub.EndReason;
import dev.sluice.hub.StreamName;
import dev.sluice.hub.Viewing;
import dev.sluice.server.spi.Sessions;
import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The table of everybody connected. Any thread. Each session is one immutable [State] that is exchanged whole,
/// so an end that races with a new role is seen by exactly one of them.
public final class SessionTable implements Sessions {
    private static final Logger log = LoggerFactory.getLogger("dev.sluice.session");

    private final Map<Long, Row> rows = new ConcurrentHashMap<>();
    private final Map<StreamName, Integer> viewers = new ConcurrentHashMap<>();
    private final AtomicLong opened = new AtomicLong();
    private final LongSupplier nowNs;
    private final LongSupplier wallMs;
    private volatile boolean stopping;

    /// @param nowNs monotonic time in nanoseconds, for durations
    /// @param wallMs wall clock in milliseconds since 1970, for the table
    public SessionTable(LongSupplier nowNs, LongSupplier wallMs) {
        this.nowNs = nowNs;
        this.wallMs = wallMs;
    }

    @Override
    public Session open(String protocol, InetSocketAddress remote, Consumer<EndReason> kick) {
        long number = opened.incrementAndGet();
        var row = new Row(number, protocol, remote, kick, nowNs.getAsLong(), wallMs.getAsLong());
        rows.put(number, row);
        log.info("session.open id={} protocol={} remote={}", row.id(), protocol, row.remoteText());
        // After the row is in the table: either this sees the flag, or kickAll sees the row.
        if (stopping) {
            kick.accept(EndReason.SERVER_STOPPING);
        }
        return row;
    }

    /// Oldest first.
    @Override
    public List<Info> list() {
        return rows.values().stream()
                .sorted(Comparator.comparingLong(row -> row.number))
                .map(Row::info)
                .toList();
    }

    @Override
    public int viewersOf(StreamName stream) {
        return Math.max(0, viewers.getOrDefault(stream, 0));
    }

    /// Asks every session to end, as when the server stops. They leave the table when they have ended. After
    /// [EndReason#SERVER_STOPPING] whoever still comes is asked at once.
    public void kickAll(EndReason reason) {
        if (reason == EndReason.SERVER_STOPPING) {
            stopping = true;
        }
        rows.values().forEach(row -> row.kick.accept(reason));
    }

    /// When an end overtakes its own beginning the count is negative for that moment.
    private void count(StreamName stream, int change) {
        viewers.merge(stream, change, (n, more) -> n + more == 0 ? null : n + more);
    }

    /// @param stream empty while there is none
    private record State(String client, Role role, Optional<StreamName> stream, boolean ended) {
        static final State OPENED = new State("", Role.CONNECTED, Optional.empty(), false);

        State client(String name) {
            return new State(name, role, stream, ended);
        }

        State role(Role newRole, StreamName newStream) {
            return new State(
                    client, newRole, newRole == Role.CONNECTED ? Optional.empty() : Optional.of(newStream), ended);
        }

        State end() {
            return new State(client, role, stream, true);
        }

        Optional<StreamName> played() {
            return role == Role.PLAYING && !ended ? stream : Optional.empty();
        }
    }

    private final class Row implements Session {
        private final long number;
        private final String protocol;
        private final InetSocketAddress remote;
        private final Consumer<EndReason> kick;
        private final long openedNs;
        private final long openedAtMs;
        private final AtomicReference<State> state = new AtomicReference<>(State.OPENED);
        private volatile Viewing viewing = Viewing.NONE;

        Row(
                long number,
                String protocol,
                InetSocketAddress remote,
                Consumer<EndReason> kick,
                long openedNs,
                long openedAtMs) {
            this.number = number;
            this.protocol = protocol;
            this.remote = remote;
            this.kick = kick;
            this.openedNs = openedNs;
            this.openedAtMs = openedAtMs;
        }

        @Override
        public String id() {
            return Long.toString(number, Character.MAX_RADIX);
        }

        @Override
        public void client(String name) {
            exchange(now -> now.client(name));
        }

        @Override
        public void role(Role role, StreamName stream) {
            if (!exchange(now -> now.role(role, stream))) {
                return; // it ended meanwhile, and said so
            }
            if (role == Role.CONNECTED) {
                viewing = Viewing.NONE; // or it would keep what it was shown for as long as it stays
            }
            var client = LogText.escape(now().client());
            switch (role) {
                case CONNECTED -> log.info("session.idle id={}", id());
                case PUBLISHING -> log.info("session.publish id={} stream={} client=\"{}\"", id(), stream, client);
                case PLAYING -> log.info("session.play id={} stream={} client=\"{}\"", id(), stream, client);
            }
        }

        @Override
        public void watches(Viewing viewing) {
            this.viewing = viewing;
        }

        @Override
        public void end(EndReason reason, String detail) {
            if (!exchange(State::end)) {
                return;
            }
            rows.remove(number);
            var seconds = String.format(Locale.ROOT, "%.1f", (nowNs.getAsLong() - openedNs) / 1e9);
            log.info(
                    "session.end id={} reason={} detail=\"{}\" seconds={}",
                    id(),
                    reason.label(),
                    LogText.escape(detail),
                    seconds);
        }

        /// Exchanges the state and counts viewers by what was before and after; false when the session had ended.
        private boolean exchange(UnaryOperator<State> change) {
            var before = state.getAndUpdate(now -> now.ended() ? now : change.apply(now));
            if (before.ended()) {
                return false;
            }
            var after = change.apply(before);
            if (!before.played().equals(after.played())) {
                after.played().ifPresent(stream -> count(stream, 1));
                before.played().ifPresent(stream -> count(stream, -1));
            }
            return true;
        }

        private State now() {
            return Objects.requireNonNull(state.get());
        }

        String remoteText() {
            var address = remote.getAddress();
            var host = address == null ? LogText.escape(remote.getHostString()) : address.getHostAddress();
            return (host.contains(":") ? "[" + host + "]" : host) + ":" + remote.getPort();
        }

        Info info() {
            var now = now();
            return new Info(
                    id(),
                    protocol,
                    remote,
                    now.client(),
                    now.role(),
                    now.stream().map(StreamName::toString).orElse("-"),
                    openedAtMs,
                    viewing);
        }
    }
}
