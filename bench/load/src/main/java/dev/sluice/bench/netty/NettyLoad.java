package dev.sluice.bench.netty;

import dev.sluice.bench.BenchPlan;
import dev.sluice.bench.Load;
import dev.sluice.bench.LoadFailed;
import dev.sluice.bench.LoadState;
import dev.sluice.bench.Place;
import dev.sluice.bench.Tally;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The load on real connections. One loop has the publishers and the probes, so that what a probe measures is the
/// server's delay and not the time in which the load comes round to its viewers; other loops have those.
public final class NettyLoad implements Load {
    private static final long PUBLISH_WITHIN_MS = 15_000;
    private static final long GOODBYE_MS = 2_000;

    private final BenchPlan plan;
    private final List<LoadLoop> loops = new ArrayList<>();
    private final List<LoadPublisher> publishers = new ArrayList<>();
    private final ViewerCrowd crowd;

    private NettyLoad(BenchPlan plan, Place place, int run) throws LoadFailed, InterruptedException {
        this.plan = plan;
        for (int i = 0; i <= plan.threads(); i++) {
            loops.add(new LoadLoop(i == 0 ? "bench-publish" : "bench-view-" + i));
        }
        this.crowd = new ViewerCrowd(plan, place, run, loops.getFirst(), loops.subList(1, loops.size()));
    }

    /// Publishes; nobody watches yet.
    ///
    /// @param run number of the run
    /// @throws LoadFailed if a publisher is refused
    public static NettyLoad start(BenchPlan plan, Place place, int run) throws LoadFailed, InterruptedException {
        var load = new NettyLoad(plan, place, run);
        try {
            load.publish(place, run);
        } catch (LoadFailed | InterruptedException e) {
            load.close();
            throw e;
        }
        return load;
    }

    private void publish(Place place, int run) throws LoadFailed, InterruptedException {
        for (int i = 0; i < plan.shape().publishers(); i++) {
            var url = place.publishAddress(plan.streamName(i));
            publishers.add(new LoadPublisher(loops.getFirst(), url, plan.shape(), run));
        }
        var all = publishers.stream().map(LoadPublisher::publishing).toArray(CompletableFuture[]::new);
        try {
            CompletableFuture.allOf(all).get(PUBLISH_WITHIN_MS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            var why = ("" + e.getMessage()).replaceFirst("^[\\w.]+Exception: ", "");
            throw new LoadFailed("cannot publish to " + place.publishAddress(plan.streamName(0)) + ": " + why);
        } catch (TimeoutException e) {
            throw new LoadFailed("not all streams could be published within " + PUBLISH_WITHIN_MS / 1_000 + " s");
        }
    }

    @Override
    public void resize(int viewersPerStream) throws InterruptedException {
        crowd.resize(viewersPerStream);
    }

    @Override
    public LoadState state() throws InterruptedException {
        var seen = Tally.Snapshot.NOTHING;
        var loopCpuNs = new ArrayList<Long>();
        for (var loop : loops) {
            seen = seen.plus(loop.call(() -> loop.tally().snapshot()));
            loopCpuNs.add(loop.cpuNs());
        }
        long frames = loops.getFirst()
                .call(() -> publishers.stream().mapToLong(LoadPublisher::frames).sum());
        var lost = loops.getFirst()
                .call(() -> publishers.stream()
                        .filter(LoadPublisher::hasEnded)
                        .map(LoadPublisher::whyEnded)
                        .toList());
        int perStream = crowd.viewers() / plan.streams();
        return new LoadState(
                LoadClock.nowNs(), crowd.viewers(), seen, frames * perStream, lost, processCpuNs(), loopCpuNs);
    }

    private static long processCpuNs() {
        var system = ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class);
        return Math.max(0, system.getProcessCpuTime());
    }

    @Override
    public void close() throws InterruptedException {
        crowd.resize(0);
        var goodbyes = publishers.stream().map(LoadPublisher::close).toArray(CompletableFuture[]::new);
        try {
            CompletableFuture.allOf(goodbyes).get(GOODBYE_MS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // The loops end below, and their connections with them.
        }
        for (var loop : loops) {
            loop.close();
        }
    }
}
