package dev.sluice.hub;

import dev.sluice.server.config.Doc;
import dev.sluice.server.config.Range;
import java.util.regex.Pattern;

/// How bytes leave to viewers. An application may override it.
///
/// A write to a connection costs nearly the same whether it carries one frame or ten, so the number of writes is what
/// viewers cost. What came within the window leaves in one write per viewer. Key frames, and the first bytes of a
/// viewer, never wait.
///
/// @param window `adaptive`, or a time from `0ms` (every frame leaves at once) to `350ms`
/// @param ceilingMs the longest that `adaptive` waits, on a machine that would not keep up otherwise; milliseconds
public record FanoutSettings(
        @Doc("How long frames wait to leave together, which saves work and costs delay: 'adaptive' (not at all while a "
                + "processor has time), or from '0ms' to '350ms'.")
        String window,

        @Doc("The longest that 'adaptive' lets them wait, when a processor is busy.") @Range(min = 0, max = 350)
        int ceilingMs) {
    public static final FanoutSettings DEFAULTS = new FanoutSettings("adaptive", 50);

    private static final String ADAPTIVE = "adaptive";
    private static final int MAX_MS = 350;
    private static final Pattern MILLISECONDS = Pattern.compile("([0-9]{1,3})ms");

    public FanoutSettings {
        if (!window.equals(ADAPTIVE) && !isTime(window)) {
            throw new IllegalArgumentException(
                    "window must be adaptive, or a time from 0ms to " + MAX_MS + "ms such as 20ms");
        }
    }

    private static boolean isTime(String window) {
        return MILLISECONDS.matcher(window).matches() && milliseconds(window) <= MAX_MS;
    }

    private static int milliseconds(String window) {
        return Integer.parseInt(window, 0, window.length() - "ms".length(), 10);
    }

    /// How long what is new may wait on a loop under this load.
    long windowNs(LoopLoad load) {
        return (window.equals(ADAPTIVE) ? Math.round(ceilingMs * load.pressure()) : milliseconds(window)) * 1_000_000L;
    }
}
