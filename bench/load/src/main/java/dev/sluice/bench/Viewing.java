package dev.sluice.bench;

import dev.sluice.rtmp.MessageType;
import java.util.Optional;

/// What one viewer sees: when it joined, which frames came, how late. Owned by the viewer's loop.
public final class Viewing {
    /// Enough of an ordinary viewer's message to find key frames and marks.
    private static final int KEPT_BYTES = 64;
    /// A probe reads whole frames.
    private static final int PROBE_KEPT_BYTES = 8 << 20;

    private static final int AVC_MARK_AT = 11;
    private static final int AAC_MARK_AT = 2;
    private static final int KEY_FRAME = 1;
    private static final int ENHANCED = 8;
    private static final int CODED_FRAMES = 1;

    private final Tally tally;
    private final int run;
    private final boolean probe;
    private final Track video = new Track();
    private final Track audio = new Track();
    private Stage stage = Stage.JOINING;
    private long openedNs;
    private long nowNs;

    private enum Stage {
        JOINING,
        LIVE,
        AT_KEY_FRAME,
        ENDED
    }

    private static final class Track {
        long lastSequence;
    }

    /// @param run whose marks count
    /// @param probe whether every byte is checked
    public Viewing(Tally tally, int run, boolean probe) {
        this.tally = tally;
        this.run = run;
        this.probe = probe;
    }

    /// The connection begins now.
    public void opened(long nowNs) {
        openedNs = nowNs;
    }

    int keptBytes() {
        return probe ? PROBE_KEPT_BYTES : KEPT_BYTES;
    }

    /// Bytes arrived; what they hold follows.
    public void arrived(int bytes, long nowNs) {
        tally.bytes(bytes);
        this.nowNs = nowNs;
    }

    boolean isLive() {
        return stage == Stage.LIVE || stage == Stage.AT_KEY_FRAME;
    }

    /// A message as in RTMP and FLV.
    void onMessage(int type, byte[] body, int known, int length) {
        if (type == MessageType.VIDEO && known > 1) {
            onMedia(isKeyFrame(body));
            onFrame(video, body, AVC_MARK_AT, known, length);
        } else if (type == MessageType.AUDIO && known > 1) {
            onMedia(false);
            onFrame(audio, body, AAC_MARK_AT, known, length);
        }
    }

    /// A sample that came without the FLV around it.
    ///
    /// @param audioAt where the mark of an audio frame would begin
    /// @param videoAt where that of a video frame would
    void onSample(byte[] body, int audioAt, int videoAt, boolean key, int known, int length) {
        onMedia(key);
        if (!onFrame(video, body, videoAt, known, length)) {
            onFrame(audio, body, audioAt, known, length);
        }
    }

    /// Coded frames only: a sequence header is marked as a key frame too, and shows nothing.
    private static boolean isKeyFrame(byte[] body) {
        int frameType = body[0] >>> 4 & 0x7;
        boolean enhanced = (body[0] >>> 4 & ENHANCED) != 0;
        int packet = enhanced ? body[0] & 0xf : body[1];
        return frameType == KEY_FRAME && (packet == CODED_FRAMES || enhanced && packet == 3);
    }

    private void onMedia(boolean keyFrame) {
        if (stage == Stage.JOINING) {
            stage = Stage.LIVE;
            tally.live();
        }
        if (keyFrame && stage == Stage.LIVE) {
            stage = Stage.AT_KEY_FRAME;
            tally.joined(nowNs - openedNs, probe);
        }
    }

    private boolean onFrame(Track track, byte[] body, int markAt, int known, int length) {
        Optional<Mark> mark = Mark.read(run, body, markAt, known);
        if (mark.isEmpty()) {
            return false;
        }
        long sequence = mark.get().sequence();
        tally.frame(Math.max(0, nowNs - mark.get().sentNs()), probe);
        boolean changed = probe && (known < length || !mark.get().fills(body, markAt, length));
        if (changed || sequence <= track.lastSequence) {
            tally.corrupt();
        } else if (track.lastSequence > 0) {
            tally.lost(sequence - track.lastSequence - 1);
        }
        track.lastSequence = Math.max(track.lastSequence, sequence);
        return true;
    }

    /// The connection has ended. Twice does no harm.
    ///
    /// @param why as the user reads it
    public void ended(String why) {
        if (isLive()) {
            tally.ended();
        } else if (stage == Stage.JOINING) {
            tally.failed(why);
        }
        stage = Stage.ENDED;
    }

    /// We end it ourselves.
    public void left() {
        stage = Stage.ENDED;
    }
}
