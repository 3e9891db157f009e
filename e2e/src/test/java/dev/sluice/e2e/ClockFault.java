package dev.sluice.e2e;

/// What goes wrong with a publisher's clock, or with what it sends, from one moment on.
enum ClockFault {
    NONE,
    TEN_SECONDS_AHEAD,
    TEN_SECONDS_BACK,
    RESTARTS_AT_ZERO,
    EVERY_25TH_AHEAD,
    EVERY_25TH_BACK,
    EQUAL_TIMES,
    SHOWN_BEFORE_DECODED,
    AUDIO_LOST,
    AUDIO_LATE,
    BURST_AFTER_A_STALL;

    private static final long START_MS = 20_000;
    private static final long JUMP_MS = 10_000;
    private static final long OUTLIER_MS = 3_000;
    private static final long STALL_MS = 3_000;
    private static final long AUDIO_LOST_MS = 10_000;
    private static final int NTH = 25;
    private static final int EARLY_MS = 40;

    String stream() {
        return "live/" + this;
    }

    /// Whether its rule is about times only: the tracks stay as they are.
    boolean isOfTheClock() {
        return this != AUDIO_LOST && this != AUDIO_LATE;
    }

    /// The time that is sent with a frame.
    ///
    /// @param sinceMs the frame's right time since the fault began; negative before it
    /// @param number of the frame on its track
    /// @param lastMs what was sent with the frame before on its track
    long clockMs(long ms, long sinceMs, int number, long lastMs) {
        long rightMs = START_MS + ms;
        if (sinceMs < 0) {
            return rightMs;
        }
        return switch (this) {
            case TEN_SECONDS_AHEAD -> rightMs + JUMP_MS;
            case TEN_SECONDS_BACK -> rightMs - JUMP_MS;
            case RESTARTS_AT_ZERO -> sinceMs;
            case EVERY_25TH_AHEAD -> number % NTH == 0 ? rightMs + OUTLIER_MS : rightMs;
            case EVERY_25TH_BACK -> number % NTH == 0 ? rightMs - OUTLIER_MS : rightMs;
            case EQUAL_TIMES -> number % 2 == 0 ? rightMs : lastMs;
            case NONE, SHOWN_BEFORE_DECODED, AUDIO_LOST, AUDIO_LATE, BURST_AFTER_A_STALL -> rightMs;
        };
    }

    /// The composition time of a picture, milliseconds, of a clip that has none.
    int compositionMs(long sinceMs) {
        return this == SHOWN_BEFORE_DECODED && sinceMs >= 0 ? -EARLY_MS : 0;
    }

    boolean isLost(int type, long sinceMs) {
        return type == FlvTags.AUDIO
                && switch (this) {
                    case AUDIO_LOST -> sinceMs >= 0 && sinceMs < AUDIO_LOST_MS;
                    case AUDIO_LATE -> sinceMs < 0;
                    default -> false;
                };
    }

    /// For how long no sound is sent in the middle.
    long audioLostMs() {
        return this == AUDIO_LOST ? AUDIO_LOST_MS : 0;
    }

    boolean isHeldBack(long sinceMs) {
        return this == BURST_AFTER_A_STALL && sinceMs >= 0 && sinceMs < STALL_MS;
    }
}
