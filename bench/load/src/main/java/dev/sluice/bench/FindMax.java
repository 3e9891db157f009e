package dev.sluice.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Finds how many viewers are too many: doubles until a run is bad, then halves the distance. For one thread.
public final class FindMax {
    /// Nearer than this nobody can tell two runs apart.
    private static final double NEAR_ENOUGH = 0.06;

    /// One run.
    @FunctionalInterface
    public interface Trial {
        RunResult run(int viewersPerStream) throws LoadFailed, InterruptedException;
    }

    /// @param best the largest good run; the first one if none was good
    /// @param good whether it was
    /// @param isLimit whether a larger run was bad; false if the allowed largest one was good
    /// @param trials all runs, in order
    public record Found(RunResult best, boolean good, boolean isLimit, List<RunResult> trials) {
        public Found {
            trials = List.copyOf(trials);
        }
    }

    private final int first;
    private final int most;
    private final double allowedPercent;
    private final Consumer<String> progress;
    private final List<RunResult> trials = new ArrayList<>();

    /// @param first viewers per stream to begin with
    /// @param most viewers per stream that are allowed
    /// @param allowedPercent late frames below this are fine
    public FindMax(int first, int most, double allowedPercent, Consumer<String> progress) {
        this.first = Math.min(first, most);
        this.most = most;
        this.allowedPercent = allowedPercent;
        this.progress = progress;
    }

    public Found find(Trial trial) throws LoadFailed, InterruptedException {
        var best = attempt(trial, first);
        if (!best.isWithin(allowedPercent)) {
            return new Found(best, false, true, trials);
        }
        int good = first;
        int bad = most + 1;
        while (bad - good > Math.max(1, good * NEAR_ENOUGH)) {
            int next = bad > most ? Math.min(most, good * 2) : good + (bad - good) / 2;
            var result = attempt(trial, next);
            if (result.isWithin(allowedPercent)) {
                good = next;
                best = result;
            } else {
                bad = next;
            }
            if (good == most) {
                break;
            }
        }
        return new Found(best, true, bad <= most, trials);
    }

    private RunResult attempt(Trial trial, int viewers) throws LoadFailed, InterruptedException {
        var result = trial.run(viewers);
        trials.add(result);
        progress.accept("%d viewers of each stream: %.2f %% of frames late, %.2f %% lost, %s"
                .formatted(
                        viewers,
                        result.frames().latePercent(),
                        result.frames().lostPercent(),
                        result.isWithin(allowedPercent) ? "good" : "too many"));
        return result;
    }
}
