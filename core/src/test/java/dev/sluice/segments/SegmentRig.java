package dev.sluice.segments;

import dev.sluice.hub.EndReason;
import dev.sluice.hub.Hub;
import dev.sluice.hub.HubSettings;
import dev.sluice.hub.ManualLoop;
import dev.sluice.hub.Publication;
import dev.sluice.hub.StreamName;
import dev.sluice.hub.TestPublisher;
import dev.sluice.media.Codec;
import dev.sluice.media.Entry;
import dev.sluice.media.Frame;
import dev.sluice.media.FrameKind;
import dev.sluice.media.Gap;
import dev.sluice.media.Payload;
import dev.sluice.media.Track;
import dev.sluice.media.TrackKind;
import dev.sluice.media.TracksChanged;
import dev.sluice.media.codec.aac.AacConfig;
import dev.sluice.media.codec.h264.AvcConfig;
import dev.sluice.server.spi.PerApp;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// A hub with segments on a loop driven by hand, and a publisher that sends synthetic frames to it. The frames
/// say in their payload when they were sent, so a test can tell them from filler.
final class SegmentRig {
    static final StreamName NAME = new StreamName("live", "test");
    static final long MS = 1_000_000L;
    static final long STARTED_MS = 1_800_000_000_000L;

    static final Track VIDEO =
            avc("0164000cffe1001a6764000cacd941419f9f011000000300100000030320f142996001000668ebe3cb22c0"
                    + "fdf8f800"); // 320x180
    static final Track VIDEO_LARGE = avc("0164001effe1001a6764001eacd940a02ff97011000003000100000300320f162d960100066"
            + "8ebe3cb22c0fdf8f800"); // 640x360
    static final Track AUDIO = aac("1190"); // 48 kHz stereo
    static final Track AUDIO_44K = aac("1210"); // 44.1 kHz stereo

    final ManualLoop loop = new ManualLoop();
    final MemorySegmentStore store;
    final Hub hub;
    final Segments segments;
    final List<LiveWindow> windows = new ArrayList<>();
    private Optional<Publication> publication = Optional.empty();
    private long wallMs = STARTED_MS;

    SegmentRig() {
        this(new SegmentSettings(true, true, 60_000, 2_000, 6, 3, 12_000, 16 << 20, 0, 60_000));
    }

    /// Lists every segment.
    static SegmentRig keepingAll() {
        return new SegmentRig(new SegmentSettings(true, true, 60_000, 2_000, 1_000, 0, 12_000, 16 << 20, 0, 60_000));
    }

    SegmentRig(SegmentSettings settings) {
        store = new MemorySegmentStore(settings.effectiveMemoryMaxBytes());
        hub = new Hub(HubSettings.DEFAULTS, () -> wallMs);
        segments = new Segments(hub, always(settings), store, () -> wallMs);
    }

    static Track avc(String avcC) {
        return new Track(
                0, Codec.H264, AvcConfig.parse(Payload.of(HexFormat.of().parseHex(avcC))));
    }

    static Track aac(String asc) {
        return new Track(0, Codec.AAC, AacConfig.parse(Payload.of(HexFormat.of().parseHex(asc))));
    }

    SegmentRig publish(Track... tracks) {
        loop.call(() -> {
            publication = Optional.of(TestPublisher.publish(hub, NAME, loop));
            var _ = segments.onChange(NAME, windows::add);
        });
        tracks(tracks);
        return this;
    }

    void tracks(Track... tracks) {
        write(new TracksChanged(0, List.of(tracks), 1));
    }

    void write(Entry entry) {
        loop.call(() -> publication.orElseThrow().write(entry));
    }

    void video(long dtsMs, boolean key) {
        video(VIDEO, dtsMs, dtsMs, key, 100);
    }

    void video(Track track, long dtsMs, long ptsMs, boolean key, int bytes) {
        write(new Frame(track, dtsMs * MS, ptsMs * MS, key ? FrameKind.KEY : FrameKind.INTER, saying(dtsMs, bytes)));
    }

    void audio(long dtsMs) {
        audio(AUDIO, dtsMs);
    }

    void audio(Track track, long dtsMs) {
        write(new Frame(track, dtsMs * MS, dtsMs * MS, FrameKind.KEY, saying(dtsMs, 20)));
    }

    /// Video at 25 frames per second with a key frame every `gopMs`, audio where it falls between, times rounded
    /// down to milliseconds as publishers do.
    void both(long fromMs, long toMs, long gopMs) {
        long audioFrame = Math.ceilDiv(fromMs * 48, 1024);
        for (long ms = fromMs; ms < toMs; ms++) {
            if (ms % 40 == 0) {
                video(ms, ms % gopMs == 0);
            }
            if (audioFrame * 1024 / 48 == ms) {
                audio(ms);
                audioFrame++;
            }
        }
    }

    void onlyVideo(long fromMs, long toMs, long gopMs) {
        for (long ms = fromMs; ms < toMs; ms += 40) {
            video(ms, ms % gopMs == 0);
        }
    }

    void onlyAudio(long fromMs, long toMs) {
        for (long frame = Math.ceilDiv(fromMs * 48, 1024); frame * 1024 / 48 < toMs; frame++) {
            audio(frame * 1024 / 48);
        }
    }

    /// The publisher is lost; the stream waits for him.
    void lost() {
        write(Gap.open(0, "lost"));
    }

    void end() {
        loop.call(() -> publication.orElseThrow().close(EndReason.CLIENT_DONE));
    }

    void wallClock(long ms) {
        wallMs = ms;
    }

    LiveWindow window() {
        return segments.of(NAME).orElseThrow();
    }

    /// Every segment that was ever listed.
    List<Segment> all() {
        var all = new java.util.TreeMap<Long, Segment>();
        windows.forEach(window -> window.segments().forEach(segment -> all.put(segment.sequence(), segment)));
        return List.copyOf(all.values());
    }

    Fragment fragment(Segment segment, TrackKind kind) {
        return Fragment.read(bytes(segment.track(kind).orElseThrow().path()));
    }

    Payload bytes(String path) {
        return segments.bytes(path).toCompletableFuture().join().orElseThrow();
    }

    /// Durations of the listed segments of a track in milliseconds, rounded.
    List<Long> durationsMs(TrackKind kind) {
        return window().segments().stream()
                .map(segment -> Math.round(segment.track(kind).orElseThrow().durationNs() / 1e6))
                .toList();
    }

    /// When the frames of a track were sent by the publisher, as their payloads say; filler says nothing.
    List<Long> sentMs(Segment segment, TrackKind kind) {
        return fragment(segment, kind).payloads().stream()
                .map(SegmentRig::withoutParameterSets)
                .filter(payload -> payload.length() >= 20)
                .map(payload -> payload.slice().getLong(0))
                .toList();
    }

    /// What the publisher sent of a frame.
    static Payload withoutParameterSets(Payload frame) {
        for (var track : List.of(VIDEO, VIDEO_LARGE)) {
            var sets = ((AvcConfig) track.config()).withParameterSets(Payload.EMPTY);
            if (frame.length() > sets.length() && frame.part(0, sets.length()).equals(sets)) {
                return frame.part(sets.length(), frame.length() - sets.length());
            }
        }
        return frame;
    }

    private static Payload saying(long ms, int bytes) {
        return Payload.of(ByteBuffer.allocate(bytes).putLong(ms).array());
    }

    private static PerApp<SegmentSettings> always(SegmentSettings settings) {
        return new PerApp<>() {
            @Override
            public SegmentSettings global() {
                return settings;
            }

            @Override
            public SegmentSettings of(String app) {
                return settings;
            }
        };
    }
}
