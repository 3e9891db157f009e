package dev.sluice.plugin.hls;

import dev.sluice.hub.EndReason;
import dev.sluice.hub.Loop;
import dev.sluice.hub.StreamName;
import dev.sluice.segments.LiveWindow;
import dev.sluice.segments.Segments;
import dev.sluice.server.spi.Http.Exchange;
import dev.sluice.server.spi.Sessions;
import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Who watches. HLS has no connections that last, so a viewer is an address and a User-Agent that asks for a
/// stream again and again, and has left when it did not ask for three target durations. Agents are easily
/// invented, so an address has room for some only: all others behind it count as one viewer of each stream. They are
/// served like anybody.
///
/// Requests come on all loops; the table may be used from any of them. Time is counted in sweeps of one second on
/// one loop, because loops have no common clock.
final class HlsViewers {
    private static final int SWEEP_MS = 1_000;
    private static final int IDLE_TARGETS = 3;
    private static final int MAX_AGENT_CHARS = 200;
    /// Told apart behind one address, all streams together.
    private static final int MAX_AGENTS = 32;
    /// And no more than this part of the table, so that one address cannot fill a small one.
    private static final int TABLE_SHARE = 4;

    private static final String MANY_AGENTS = "various players";

    enum Answer {
        WELCOME,
        /// The table is full.
        FULL,
        /// Somebody disconnected this viewer; that lasts until it has been quiet for a while.
        SENT_AWAY
    }

    private record Key(InetAddress address, String agent, StreamName stream) {
        boolean isFolded() {
            return agent.equals(MANY_AGENTS);
        }

        Key folded() {
            return new Key(address, MANY_AGENTS, stream);
        }
    }

    private final Sessions sessions;
    private final Segments segments;
    private final Loop loop;
    private final Map<Key, Viewer> viewers = new ConcurrentHashMap<>();
    /// How many of them are told apart by their agents, per address.
    private final Map<InetAddress, Integer> agents = new ConcurrentHashMap<>();
    private volatile Loop.Cancellable sweeping = () -> {};
    private volatile boolean closed;
    private volatile int sweeps;

    HlsViewers(Sessions sessions, Segments segments, Loop loop) {
        this.sessions = sessions;
        this.segments = segments;
        this.loop = loop;
    }

    /// Starts sweeping; does `chore` each time.
    void start(Runnable chore) {
        sweepLater(chore);
    }

    /// Somebody asked for a playlist that can be answered. The first time makes him a viewer.
    Answer seen(Exchange exchange, LiveWindow window, int maxViewers) {
        var key = seat(key(exchange, window.stream()), maxViewers);
        int quietSweeps = IDLE_TARGETS * Math.max(1, window.targetSeconds()) + 1;
        var known = viewers.get(key);
        if (known == null && viewers.size() >= maxViewers) {
            return Answer.FULL;
        }
        if (known == null) {
            known = viewers.computeIfAbsent(key, _ -> arrive(exchange, key, quietSweeps));
        }
        known.quietSweeps = quietSweeps;
        known.goneAtSweep = sweeps + quietSweeps;
        return known.sentAway ? Answer.SENT_AWAY : Answer.WELCOME;
    }

    /// A segment went to somebody. Who never asked for a playlist is no viewer.
    void sent(Exchange exchange, StreamName stream, int bytes) {
        var key = key(exchange, stream);
        var own = viewers.get(key);
        var known = own == null ? viewers.get(key.folded()) : own;
        if (known != null) {
            known.goneAtSweep = sweeps + known.quietSweeps;
            known.bytes.addAndGet(bytes);
        }
    }

    int count() {
        return viewers.size();
    }

    /// Ends all sessions.
    void close() {
        closed = true;
        sweeping.cancel();
        viewers.values().forEach(viewer -> viewer.leave(EndReason.SERVER_STOPPING));
        viewers.clear();
        agents.clear();
    }

    /// Where somebody is counted: by his own agent as long as there is room for it. Loops that ask at the same moment
    /// may exceed that by one each.
    private Key seat(Key key, int maxViewers) {
        int room = Math.clamp(maxViewers / TABLE_SHARE, 1, MAX_AGENTS);
        boolean full = agents.getOrDefault(key.address(), 0) >= room;
        return full && !viewers.containsKey(key) ? key.folded() : key;
    }

    private Viewer arrive(Exchange exchange, Key key, int quietSweeps) {
        if (!key.isFolded()) {
            agents.merge(key.address(), 1, Integer::sum);
        }
        var viewer = new Viewer(sweeps, quietSweeps);
        viewer.session = sessions.open("hls", exchange.remote(), viewer::sendAway);
        if (!key.agent().isEmpty()) {
            viewer.session.client(key.agent());
        }
        viewer.session.role(Sessions.Role.PLAYING, key.stream());
        return viewer;
    }

    private void sweepLater(Runnable chore) {
        if (!closed) {
            sweeping = loop.after(SWEEP_MS, () -> {
                sweep();
                chore.run();
                sweepLater(chore);
            });
        }
    }

    private void sweep() {
        int now = sweeps + 1;
        sweeps = now;
        viewers.forEach((key, viewer) -> {
            if (now - viewer.goneAtSweep >= 0 && viewers.remove(key, viewer)) {
                if (!key.isFolded()) {
                    agents.computeIfPresent(key.address(), (_, count) -> count > 1 ? count - 1 : null);
                }
                viewer.leave(isOver(key.stream()) ? EndReason.PUBLISHER_LEFT : EndReason.IDLE);
            }
        });
    }

    private boolean isOver(StreamName stream) {
        return segments.of(stream).map(LiveWindow::ended).orElse(true);
    }

    private static Key key(Exchange exchange, StreamName stream) {
        var agent = exchange.header("user-agent").orElse("");
        return new Key(
                exchange.remote().getAddress(), agent.substring(0, Math.min(agent.length(), MAX_AGENT_CHARS)), stream);
    }
}
