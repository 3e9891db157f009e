package dev.sluice.bench;

import java.util.List;

/// The load at one moment.
///
/// @param atNs by the clock of the run
/// @param viewers how many are asked for
/// @param seen what viewers have seen
/// @param framesOwed what they would have seen if every frame had reached every viewer of its stream at once;
///     counts with the viewers of that moment
/// @param publishersLost why publishers have ended, one line each
/// @param cpuNs CPU time of this process
/// @param loopCpuNs CPU time of each of its event loops
public record LoadState(
        long atNs,
        int viewers,
        Tally.Snapshot seen,
        long framesOwed,
        List<String> publishersLost,
        long cpuNs,
        List<Long> loopCpuNs) {
    public LoadState {
        publishersLost = List.copyOf(publishersLost);
        loopCpuNs = List.copyOf(loopCpuNs);
    }
}
