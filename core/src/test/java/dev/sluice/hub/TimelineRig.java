package dev.sluice.hub;

import dev.sluice.media.Frame;
import dev.sluice.media.FrameKind;
import dev.sluice.media.Payload;
import dev.sluice.media.Track;

/// A timeline, real time, and a publisher of audio every 20 ms and video every 40 ms. Times are milliseconds.
/// A shift is how much later a frame stands on the stream's clock than on the publisher's.
final class TimelineRig {
    static final long MS = HubFixtures.MS;
    static final long AUDIO_STEP_MS = 20;
    static final long VIDEO_STEP_MS = 40;

    final Timeline timeline = new Timeline();
    long nowMs = 5_000;
    private long audioShiftMs;
    private long videoShiftMs;
    private long lastAudioMs;
    private long lastVideoMs;

    static Frame frame(Track track, long dtsNs, long ptsNs) {
        return new Frame(track, dtsNs, ptsNs, FrameKind.INTER, Payload.EMPTY);
    }

    long video(long publisherMs) {
        lastVideoMs = place(HubFixtures.VIDEO, publisherMs);
        videoShiftMs = lastVideoMs - publisherMs;
        return lastVideoMs;
    }

    long audio(long publisherMs) {
        lastAudioMs = place(HubFixtures.AUDIO, publisherMs);
        audioShiftMs = lastAudioMs - publisherMs;
        return lastAudioMs;
    }

    private long place(Track track, long publisherMs) {
        var placed = timeline.place(frame(track, publisherMs * MS, publisherMs * MS), nowMs * MS);
        return placed.dtsNs() / MS;
    }

    /// Sends what the publisher's clock says from one time to another, in real time.
    void live(long fromMs, long toMs) {
        for (long ms = fromMs; ms < toMs; ms += AUDIO_STEP_MS) {
            both(ms);
            nowMs += AUDIO_STEP_MS;
        }
    }

    /// The same, all at once.
    void burst(long fromMs, long toMs) {
        for (long ms = fromMs; ms < toMs; ms += AUDIO_STEP_MS) {
            both(ms);
        }
    }

    private void both(long ms) {
        if (ms % VIDEO_STEP_MS == 0) {
            video(ms);
        }
        audio(ms);
    }

    void begin() {
        timeline.begin(nowMs * MS);
    }

    long audioShiftMs() {
        return audioShiftMs;
    }

    long videoShiftMs() {
        return videoShiftMs;
    }

    /// How far the last audio frame stands after the last video frame.
    long audioAheadMs() {
        return lastAudioMs - lastVideoMs;
    }

    long count(Repair repair) {
        return repair.in(timeline.repairs());
    }

    long repairs() {
        return timeline.repairs().values().stream().mapToLong(Long::longValue).sum();
    }
}
