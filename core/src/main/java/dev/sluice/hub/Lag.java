package dev.sluice.hub;

/// How far a viewer is behind: what is there for him and was not given to his connection yet. While a window is open
/// that is what waits for its end.
///
/// @param bytes of finished frames
/// @param ns for how long the oldest of them has been there, nanoseconds of real time
public record Lag(long bytes, long ns) {
    public static final Lag NONE = new Lag(0, 0);
}
