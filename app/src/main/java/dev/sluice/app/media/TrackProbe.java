package dev.sluice.app.media;

import dev.sluice.media.AudioConfig;
import dev.sluice.media.Frame;
import dev.sluice.media.FrameKind;
import dev.sluice.media.Track;
import dev.sluice.media.TrackKind;
import dev.sluice.media.VideoConfig;
import java.util.Locale;

/// Measures one track.
final class TrackProbe {
    private static final double NS_PER_S = 1e9;

    private final Track first;
    private Track newest;
    private long frames;
    private long bytes;
    private long firstNs;
    private long lastNs;
    private boolean bFrames;
    private final Gops gops = new Gops();

    TrackProbe(Track track) {
        first = track;
        newest = track;
    }

    void add(Frame frame) {
        newest = frame.track();
        if (frames++ == 0) {
            firstNs = frame.dtsNs();
        }
        lastNs = Math.max(lastNs, frame.dtsNs());
        bytes += frame.payload().length();
        bFrames |= frame.ptsNs() - frame.dtsNs() >= 1_000_000;
        if (frame.track().kind() == TrackKind.VIDEO) {
            gops.add(frame.kind() == FrameKind.KEY, frame.dtsNs());
        }
    }

    Track track() {
        return newest;
    }

    long firstNs() {
        return firstNs;
    }

    long frames() {
        return frames;
    }

    /// The distances between key frames.
    private static final class Gops {
        private long keys;
        private long lastKeyNs;
        private long frames;
        private long sumNs;
        private long longestNs;
        private long longestFrames;

        void add(boolean key, long dtsNs) {
            if (key) {
                if (keys++ > 0) {
                    sumNs += dtsNs - lastKeyNs;
                    longestNs = Math.max(longestNs, dtsNs - lastKeyNs);
                    longestFrames = Math.max(longestFrames, frames);
                }
                lastKeyNs = dtsNs;
                frames = 0;
            }
            frames++;
        }
    }

    /// @param id track number
    /// @param codecString as playlists and browsers name it; empty where we do not read the codec
    /// @param framesPerSecond measured
    /// @param declaredFramesPerSecond 0 where the stream does not say
    /// @param gopSeconds average distance of key frames; 0 where fewer than two came
    /// @param bFrames whether frames are shown in another order than they come
    /// @param hdr `PQ`, `HLG` or empty
    record Report(
            String kind,
            int id,
            String codec,
            String codecString,
            int width,
            int height,
            double framesPerSecond,
            double declaredFramesPerSecond,
            long bitsPerSecond,
            long frames,
            long keyFrames,
            double gopSeconds,
            double longestGopSeconds,
            long longestGopFrames,
            boolean bFrames,
            String hdr,
            int sampleRateHz,
            int channels) {}

    Report report() {
        double seconds = (lastNs - firstNs) / NS_PER_S;
        double rate = seconds > 0 ? (frames - 1) / seconds : 0;
        var video = newest.config() instanceof VideoConfig config ? config : null;
        var audio = newest.config() instanceof AudioConfig config ? config : null;
        boolean isVideo = first.kind() == TrackKind.VIDEO;
        return new Report(
                first.kind().name().toLowerCase(Locale.ROOT),
                first.id(),
                newest.codec().label(),
                video != null ? video.codecString() : audio != null ? audio.codecString() : "",
                video == null ? 0 : video.width(),
                video == null ? 0 : video.height(),
                isVideo ? rounded(rate) : 0,
                video == null ? 0 : rounded(video.framesPerSecond()),
                seconds > 0 ? Math.round(bytes * 8 / seconds) : 0,
                frames,
                gops.keys,
                gops.keys > 1 ? rounded(gops.sumNs / NS_PER_S / (gops.keys - 1)) : 0,
                rounded(gops.longestNs / NS_PER_S),
                gops.longestFrames,
                isVideo && bFrames,
                video == null
                        ? ""
                        : video.colour().isPq() ? "PQ" : video.colour().isHlg() ? "HLG" : "",
                audio == null ? 0 : audio.sampleRate(),
                audio == null ? 0 : audio.channels());
    }

    private static double rounded(double value) {
        return Math.round(value * 100) / 100.0;
    }
}
