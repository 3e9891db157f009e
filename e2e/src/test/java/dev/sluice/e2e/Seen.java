package dev.sluice.e2e;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What one player saw of a mishap.
///
/// @param stallMs the longest time between two pictures, by the clock on the wall
/// @param holeMs the longest step of presentation times; negative where nobody measured it
/// @param disconnects how often it lost its connection or began anew
/// @param backSteps how often times did not grow
/// @param errors what it or its decoder complained of, and pictures that no encoder made
record Seen(double stallMs, double holeMs, int disconnects, int backSteps, List<String> errors) {
    /// The cell of the table.
    String words() {
        var words = new ArrayList<String>();
        words.add(holeMs < 0 ? seconds(stallMs) : seconds(stallMs) + " (" + seconds(holeMs) + ")");
        if (disconnects > 0) {
            words.add("**" + disconnects + " disconnects**");
        }
        if (backSteps > 0) {
            words.add("**" + backSteps + " times out of order**");
        }
        if (!errors.isEmpty()) {
            words.add("**" + errors.size() + " errors**");
        }
        return String.join(", ", words);
    }

    private static String seconds(double ms) {
        return String.format(Locale.ROOT, "%.1f", ms / 1_000);
    }
}
