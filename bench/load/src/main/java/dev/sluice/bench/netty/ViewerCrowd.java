package dev.sluice.bench.netty;

import dev.sluice.bench.BenchPlan;
import dev.sluice.bench.LoadFailed;
import dev.sluice.bench.Place;
import dev.sluice.bench.ProbePlaces;
import dev.sluice.bench.Viewing;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// All viewers, in the order in which they came. For one thread, which waits here; the viewers live on loops.
final class ViewerCrowd {
    /// So many loopback addresses are used: one has no more than 28,000 ports.
    private static final int SOURCES = 200;

    private static final int TOLD_AT_ONCE = 50;

    private final BenchPlan plan;
    private final Place place;
    private final int run;
    private final LoadLoop probeLoop;
    private final List<LoadLoop> viewLoops;
    private final InetSocketAddress server;
    private final List<Member> members = new ArrayList<>();

    private record Member(LoadLoop loop, ViewerConnection connection) {}

    ViewerCrowd(BenchPlan plan, Place place, int run, LoadLoop probeLoop, List<LoadLoop> viewLoops) throws LoadFailed {
        this.plan = plan;
        this.place = place;
        this.run = run;
        this.probeLoop = probeLoop;
        this.viewLoops = List.copyOf(viewLoops);
        this.server = place.playAddress();
        if (server.isUnresolved()) {
            throw new LoadFailed("no host " + server.getHostString());
        }
    }

    int viewers() {
        return members.size();
    }

    /// Returns when the last one has begun to connect.
    void resize(int viewersPerStream) throws InterruptedException {
        int wanted = viewersPerStream * plan.streams();
        while (members.size() > wanted) {
            leave(members.removeLast());
        }
        var probes = new ProbePlaces(wanted, plan.probes());
        long startNs = LoadClock.nowNs();
        for (int joined = 0; members.size() < wanted; joined++) {
            waitUntil(startNs + joined * TimeUnit.SECONDS.toNanos(1) / plan.joinsPerSecond());
            join(members.size(), probes.isProbe(members.size()));
        }
    }

    private static void waitUntil(long dueNs) throws InterruptedException {
        long waitNs = dueNs - LoadClock.nowNs();
        if (waitNs > 0) {
            LockSupport.parkNanos(waitNs);
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    private void leave(Member member) throws InterruptedException {
        if (members.size() % TOLD_AT_ONCE == 0) {
            member.loop().call(() -> {
                member.connection().close();
                return true;
            });
        } else {
            member.loop().loop().execute(member.connection()::close);
        }
    }

    private void join(int index, boolean probe) {
        var loop = probe ? probeLoop : viewLoops.get(index % viewLoops.size());
        var url = place.playUrl(plan.streamName(index % plan.streams()));
        var viewing = new Viewing(loop.tally(), run, probe);
        var connection = new ViewerConnection(place.protocol().dialogue(url, viewing), viewing);
        members.add(new Member(loop, connection));
        loop.loop().execute(() -> connection.open(loop, server, source(index)));
    }

    /// Towards loopback, viewers come from many addresses of it.
    private Optional<InetSocketAddress> source(int index) {
        boolean many = server.getAddress().getHostAddress().startsWith("127.")
                && System.getProperty("os.name").equals("Linux");
        return many
                ? Optional.of(
                        new InetSocketAddress("127.0.%d.%d".formatted(1 + index / 20_000, 1 + index % SOURCES), 0))
                : Optional.empty();
    }
}
