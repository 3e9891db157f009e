package dev.sluice.hub;

import java.util.Map;

/// A rule by which a [Timeline] mends the times of a publisher. How often each was needed is counted per
/// stream.
public enum Repair {
    /// A frame was not later than the one before on its track, or not far enough behind it to catch up: it is
    /// put 1 ms after that one.
    ORDER("order"),
    /// The clock of a track went back by more than half a second: the track goes on one usual step after its
    /// last frame. The other tracks follow, without being counted again, when their clocks do the same.
    JUMP_BACK("jump-back"),
    /// The clock of a track went ahead, in one step, by more than a second beyond every track and beyond what
    /// real time explains: the track goes on one usual step after its last frame, and the others follow.
    JUMP_AHEAD("jump-ahead"),
    /// A picture was to be shown before it was decoded: the decode times of its track move earlier, by half a
    /// second at most; what that does not mend is shown when it is decoded.
    PTS_BEFORE_DTS("pts-before-dts"),
    /// A picture was to be shown more than ten seconds after it was decoded: it is shown when it is decoded.
    COMPOSITION("composition"),
    /// The stream's clock was a day ahead of real time: frames are 1 ms apart until real time has caught up.
    RUNAWAY("runaway");

    private final String label;

    Repair(String label) {
        this.label = label;
    }

    /// The name for people and programs: lower case, with hyphens.
    public String label() {
        return label;
    }

    /// How often it was needed, by counts that leave out what was not.
    public long in(Map<Repair, Long> counts) {
        return counts.getOrDefault(this, 0L);
    }
}
