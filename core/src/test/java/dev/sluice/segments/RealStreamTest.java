package dev.sluice.segments;

import static dev.sluice.media.TrackKind.AUDIO;
import static dev.sluice.media.TrackKind.VIDEO;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.media.Entry;
import dev.sluice.media.Frame;
import dev.sluice.media.Payload;
import dev.sluice.media.Track;
import dev.sluice.media.TrackKind;
import dev.sluice.media.TracksChanged;
import dev.sluice.media.flv.FlvDemuxer;
import dev.sluice.media.flv.FlvFileReader;
import dev.sluice.media.mp4.CmafMuxer;
import dev.sluice.media.mp4.Ticks;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A stream that FFmpeg made, with B-frames and AAC times rounded to milliseconds.
final class RealStreamTest {
    private static final Path VECTOR =
            Path.of("../libs/media/src/test/resources/vectors/ffmpeg-5.1-h264-aac-bframes.flv");

    @Test
    void carriesEveryFrameOnceWithItsBytesAndTimes() throws IOException {
        var entries = entries();
        var rig = SegmentRig.keepingAll().publish();
        entries.forEach(rig::write);
        rig.end();
        for (var kind : List.of(VIDEO, AUDIO)) {
            var frames = frames(entries, kind);
            assertThat(frames).isNotEmpty();
            assertThat(payloads(rig, kind))
                    .isEqualTo(frames.stream().map(Frame::payload).toList());
            var times = ptsMs(rig, kind);
            long offsetMs = 100 - frames(entries, VIDEO).getFirst().dtsNs() / 1_000_000;
            for (int i = 0; i < frames.size(); i++) {
                assertThat(times.get(i)).isCloseTo(frames.get(i).ptsNs() / 1e6 + offsetMs, within(1.1));
            }
        }
    }

    private static List<Entry> entries() throws IOException {
        var entries = new ArrayList<Entry>();
        var demuxer = new FlvDemuxer(1);
        new FlvFileReader(1 << 20)
                .feed(
                        Unpooled.wrappedBuffer(Files.readAllBytes(VECTOR)),
                        tag -> demuxer.accept(tag.type(), tag.timestampMs(), tag.body(), entries::add));
        assertThat(entries).hasAtLeastOneElementOfType(TracksChanged.class);
        return entries;
    }

    private static List<Frame> frames(List<Entry> entries, TrackKind kind) {
        return entries.stream()
                .filter(Frame.class::isInstance)
                .map(Frame.class::cast)
                .filter(frame -> frame.track().kind() == kind)
                .toList();
    }

    private static List<Payload> payloads(SegmentRig rig, TrackKind kind) {
        return rig.all().stream()
                .flatMap(segment -> rig.fragment(segment, kind).payloads().stream())
                .toList();
    }

    private static List<Double> ptsMs(SegmentRig rig, TrackKind kind) {
        Track track = rig.window().track(kind).orElseThrow().track();
        var times = new ArrayList<Double>();
        for (var segment : rig.all()) {
            var fragment = rig.fragment(segment, kind);
            long ticks = fragment.baseTicks();
            for (var sample : fragment.samples()) {
                times.add(Ticks.toNs(ticks + sample.compositionTicks(), CmafMuxer.timescale(track)) / 1e6);
                ticks += sample.durationTicks();
            }
        }
        return times;
    }

    private static org.assertj.core.data.Offset<Double> within(double ms) {
        return org.assertj.core.data.Offset.offset(ms);
    }
}
