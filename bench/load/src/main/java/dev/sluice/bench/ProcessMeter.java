package dev.sluice.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// CPU time and memory of the server's processes: from `/proc` where it is, else what Java knows.
public final class ProcessMeter {
    /// What `/proc` counts in: USER_HZ is 100 wherever Linux runs Java.
    private static final double TICKS_PER_SECOND = 100;

    private static final int USER_FIELD = 11;
    private static final int SYSTEM_FIELD = 12;

    private final List<Long> pids;

    /// @param pids none for a server that cannot be looked at
    public ProcessMeter(List<Long> pids) {
        this.pids = List.copyOf(pids);
    }

    /// Since the processes began.
    ///
    /// @param userSeconds CPU time outside the kernel; all of it where it is not known apart
    /// @param systemSeconds CPU time inside the kernel
    /// @param residentBytes memory; 0 where it is not known
    public record Usage(double userSeconds, double systemSeconds, long residentBytes) {
        public double cpuSeconds() {
            return userSeconds + systemSeconds;
        }

        Usage plus(Usage other) {
            return new Usage(
                    userSeconds + other.userSeconds,
                    systemSeconds + other.systemSeconds,
                    residentBytes + other.residentBytes);
        }
    }

    public List<Long> pids() {
        return pids;
    }

    /// Whether one of the processes was started within this time. False where nobody knows.
    boolean startedWithin(Duration time) {
        var before = Instant.now().minus(time);
        return pids.stream()
                .flatMap(pid -> ProcessHandle.of(pid).stream())
                .flatMap(process -> process.info().startInstant().stream())
                .anyMatch(start -> start.isAfter(before));
    }

    /// Empty if there is no process to look at, or one is gone.
    public Optional<Usage> read() {
        if (pids.isEmpty()) {
            return Optional.empty();
        }
        var sum = new Usage(0, 0, 0);
        for (long pid : pids) {
            var usage = read(pid);
            if (usage.isEmpty()) {
                return Optional.empty();
            }
            sum = sum.plus(usage.get());
        }
        return Optional.of(sum);
    }

    private static Optional<Usage> read(long pid) {
        var folder = Path.of("/proc", Long.toString(pid));
        if (!Files.isReadable(folder.resolve("stat"))) {
            return ProcessHandle.of(pid)
                    .flatMap(process -> process.info().totalCpuDuration())
                    .map(cpu -> new Usage(cpu.toNanos() / 1e9, 0, 0));
        }
        try {
            return Optional.of(
                    parse(Files.readString(folder.resolve("stat")), Files.readString(folder.resolve("status"))));
        } catch (IOException e) {
            return Optional.empty(); // it has ended meanwhile
        }
    }

    /// @param stat `/proc/PID/stat`; the name in it, between brackets, may hold anything
    /// @param status `/proc/PID/status`
    static Usage parse(String stat, String status) {
        var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        long residentKib = status.lines()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElse(0);
        return new Usage(
                Long.parseLong(fields[USER_FIELD]) / TICKS_PER_SECOND,
                Long.parseLong(fields[SYSTEM_FIELD]) / TICKS_PER_SECOND,
                residentKib * 1024);
    }
}
