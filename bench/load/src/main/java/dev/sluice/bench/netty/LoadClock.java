package dev.sluice.bench.netty;

/// The clock of a run: nanoseconds since the program began, so that they fit into a mark.
final class LoadClock {
    private static final long START_NS = System.nanoTime();

    private LoadClock() {}

    static long nowNs() {
        return System.nanoTime() - START_NS;
    }
}
