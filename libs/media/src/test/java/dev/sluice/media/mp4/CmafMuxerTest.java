package dev.sluice.media.mp4;

import static dev.sluice.media.Bytes.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.media.Codec;
import dev.sluice.media.CodecConfig;
import dev.sluice.media.Frame;
import dev.sluice.media.FrameKind;
import dev.sluice.media.Payload;
import dev.sluice.media.Track;
import dev.sluice.media.TracksChanged;
import dev.sluice.media.codec.aac.AacConfig;
import dev.sluice.media.codec.h264.AvcConfig;
import dev.sluice.media.flv.Capture;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class CmafMuxerTest {
    private static final Capture CAPTURE = Capture.load("ffmpeg-5.1-h264-aac-bframes");
    private static final List<Track> TRACKS = ((TracksChanged) CAPTURE.entries().get(2)).tracks();
    private static final Track VIDEO = TRACKS.getFirst();
    private static final Track AUDIO = TRACKS.getLast();

    @Test
    void describesEachTrackInTheOrderGiven() {
        var boxes = Mp4Boxes.parse(CmafMuxer.init(List.of(AUDIO, VIDEO)));
        assertThat(boxes).extracting(Mp4Boxes::type).containsExactly("ftyp", "moov");
        var moov = boxes.getLast();
        assertThat(moov.children()).extracting(Mp4Boxes::type).containsExactly("mvhd", "trak", "trak", "mvex");
        var audio = moov.children().get(1);
        var video = moov.children().get(2);
        assertThat(Mp4Boxes.int32(audio.find("tkhd").content(), 12)).isEqualTo(1);
        assertThat(Mp4Boxes.int32(video.find("tkhd").content(), 12)).isEqualTo(2);
        assertThat(Mp4Boxes.int32(audio.find("mdia/mdhd").content(), 12)).isEqualTo(44_100);
        assertThat(Mp4Boxes.int32(video.find("mdia/mdhd").content(), 12)).isEqualTo(90_000);
        assertThat(text(audio.find("mdia/hdlr").content(), 8)).isEqualTo("soun");
        assertThat(text(video.find("mdia/hdlr").content(), 8)).isEqualTo("vide");
        assertThat(moov.find("mvex").children())
                .extracting(trex -> Mp4Boxes.int32(trex.content(), 4))
                .containsExactly(1, 2);
        assertThat(Mp4Boxes.int32(moov.find("mvhd").content(), 96))
                .as("next track id")
                .isEqualTo(3);
    }

    @Test
    void carriesTheDecoderConfigurations() {
        var config = (AvcConfig) VIDEO.config();
        var avc1 = stsd(VIDEO);
        assertThat(text(avc1, 12)).isEqualTo("avc1");
        assertThat(new int[] {int16(avc1, 40), int16(avc1, 42)}).containsExactly(160, 90);
        var avcC = Mp4Boxes.parse(avc1.part(8 + 8 + 78, avc1.length() - 94)).getFirst();
        assertThat(avcC.type()).isEqualTo("avcC");
        assertThat(avcC.content()).isEqualTo(config.avcC());

        var mp4a = stsd(AUDIO);
        assertThat(text(mp4a, 12)).isEqualTo("mp4a");
        assertThat(int16(mp4a, 32)).as("channels").isEqualTo(2);
        assertThat(Mp4Boxes.int32(mp4a, 40) >>> 16).as("rate").isEqualTo(44_100);
        var esds = Mp4Boxes.parse(mp4a.part(44, mp4a.length() - 44)).getFirst();
        assertThat(esds.content())
                .isEqualTo(
                        hex("00000000 03 1c 0000 00 04 14 40 15 000000 00000000 00000000 05 05 121056e500 06 01 02"));
    }

    @Test
    void writesLongDescriptorsWithLengthsInBase128() {
        var asc = "1190" + "00".repeat(200);
        var track = new Track(0, Codec.AAC, AacConfig.parse(hex(asc)));
        var esds = stsd(track).part(44 + 8, stsd(track).length() - 52);
        assertThat(esds.part(0, 5 + 2)).isEqualTo(hex("00000000 03 8163"));
        assertThat(esds.part(esds.length() - 3 - 202 - 3, 3)).isEqualTo(hex("05 81 4a"));
    }

    @Test
    void leavesRatesThatDoNotFitToTheDecoderConfiguration() {
        var track = new Track(0, Codec.AAC, AacConfig.parse(hex("1010")));
        assertThat(CmafMuxer.timescale(track)).isEqualTo(96_000);
        assertThat(Mp4Boxes.int32(stsd(track), 40)).isZero();
    }

    @Test
    void namesCmafOnlyWhereThereIsOneTrack() {
        assertThat(new String(CmafMuxer.init(List.of(VIDEO)).part(0, 28).toArray(), StandardCharsets.ISO_8859_1))
                .contains("ftypiso6", "cmfc");
        assertThat(new String(CmafMuxer.init(TRACKS).part(0, 28).toArray(), StandardCharsets.ISO_8859_1))
                .doesNotContain("cmfc");
    }

    @Test
    void refusesCodecsThatMp4DoesNotCarry() {
        var speex = new Track(0, Codec.SPEEX, new CodecConfig.Opaque(Payload.EMPTY));
        assertThatThrownBy(() -> CmafMuxer.init(List.of(speex)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("MP4 does not carry Speex");
        assertThatThrownBy(() -> CmafMuxer.timescale(speex)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void writesOneRunPerTrackAndSaysWhereItsSamplesAre() {
        var runs = List.of(
                new TrackRun(
                        1,
                        0x1_0000_0000L,
                        List.of(
                                new Sample(hex("6501"), 3600, 7200, true),
                                new Sample(hex("4102"), 3000, -3600, false),
                                new Sample(hex("4103"), 3600, 0, false))),
                new TrackRun(
                        2,
                        48_000,
                        List.of(new Sample(hex("2101"), 1024, 0, true), new Sample(hex("2102"), 1024, 0, true))));
        var fragment = fragment(7, runs);
        assertThat(Mp4Boxes.int32(
                        Mp4Boxes.find(Mp4Boxes.parse(fragment), "moof/mfhd").content(), 4))
                .isEqualTo(7);
        assertThat(Mp4Boxes.samples(fragment))
                .containsExactly(
                        new Mp4Boxes.Read(1, 0x1_0000_0000L, 0x1_0000_0000L + 7200, 3600, true, hex("6501")),
                        new Mp4Boxes.Read(1, 0x1_0000_0e10L, 0x1_0000_0000L, 3000, false, hex("4102")),
                        new Mp4Boxes.Read(1, 0x1_0000_19c8L, 0x1_0000_19c8L, 3600, false, hex("4103")),
                        new Mp4Boxes.Read(2, 48_000, 48_000, 1024, true, hex("2101")),
                        new Mp4Boxes.Read(2, 49_024, 49_024, 1024, true, hex("2102")));
    }

    @Test
    void saysOnceWhatAllSamplesHaveInCommon() {
        var audio =
                new TrackRun(1, 0, List.of(new Sample(hex("21"), 1024, 0, true), new Sample(hex("22"), 1024, 0, true)));
        assertThat(fragment(1, List.of(audio)).length()).isEqualTo(8 + 16 + 8 + 24 + 20 + (20 + 2 * 4) + 8 + 2);
    }

    @Test
    void writesASegmentTypeOnlyWhenAsked() {
        var out = Unpooled.buffer();
        CmafMuxer.writeSegmentType(out);
        assertThat(out.readableBytes()).isEqualTo(CmafMuxer.SEGMENT_TYPE_BYTES);
        assertThat(Mp4Boxes.parse(Payload.copyOf(out)))
                .extracting(Mp4Boxes::type)
                .containsExactly("styp");
    }

    @Test
    void refusesEmptyRuns() {
        assertThatThrownBy(() -> new TrackRun(1, 0, List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new TrackRun(1, -1, List.of(new Sample(hex(""), 1, 0, true))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void carriesEveryFrameOfACaptureUnchanged() {
        for (var track : TRACKS) {
            int timescale = CmafMuxer.timescale(track);
            var frames = CAPTURE.entries().stream()
                    .filter(entry ->
                            entry instanceof Frame frame && frame.track().equals(track))
                    .map(Frame.class::cast)
                    .toList();
            var file = Unpooled.buffer();
            CmafMuxer.init(List.of(track)).writeTo(file);
            for (int from = 0; from < frames.size(); from += 7) {
                var run = run(frames, from, Math.min(from + 7, frames.size()), timescale);
                CmafMuxer.writeFragment(file, 1 + from, List.of(run));
            }
            var read = Mp4Boxes.samples(Payload.copyOf(file));
            assertThat(read).hasSameSizeAs(frames);
            for (int i = 0; i < read.size(); i++) {
                var frame = frames.get(i);
                assertThat(read.get(i).payload()).isEqualTo(frame.payload());
                assertThat(Ticks.toNs(read.get(i).dtsTicks(), timescale)).isCloseTo(frame.dtsNs(), within(12_000));
                assertThat(Ticks.toNs(read.get(i).ptsTicks(), timescale)).isCloseTo(frame.ptsNs(), within(12_000));
                assertThat(read.get(i).sync()).isEqualTo(frame.kind() == FrameKind.KEY);
            }
        }
    }

    private static TrackRun run(List<Frame> frames, int from, int to, int timescale) {
        var samples = new ArrayList<Sample>();
        for (int i = from; i < to; i++) {
            var frame = frames.get(i);
            long dts = Ticks.ofNs(frame.dtsNs(), timescale);
            long next = i + 1 < frames.size() ? Ticks.ofNs(frames.get(i + 1).dtsNs(), timescale) : dts + 1;
            int composition = (int) (Ticks.ofNs(frame.ptsNs(), timescale) - dts);
            samples.add(new Sample(frame.payload(), (int) (next - dts), composition, frame.kind() == FrameKind.KEY));
        }
        return new TrackRun(1, Ticks.ofNs(frames.get(from).dtsNs(), timescale), samples);
    }

    private static Payload fragment(int sequence, List<TrackRun> runs) {
        var out = Unpooled.buffer();
        CmafMuxer.writeFragment(out, sequence, runs);
        assertThat(out.readableBytes()).isEqualTo(CmafMuxer.fragmentBytes(runs));
        return Payload.copyOf(out);
    }

    /// The content of the track's sample description box: version, count, then the entry.
    private static Payload stsd(Track track) {
        return Mp4Boxes.find(Mp4Boxes.parse(CmafMuxer.init(List.of(track))), "moov/trak/mdia/minf/stbl/stsd")
                .content();
    }

    private static String text(Payload bytes, int at) {
        return new String(bytes.part(at, 4).toArray(), StandardCharsets.ISO_8859_1);
    }

    private static int int16(Payload bytes, int at) {
        return bytes.get(at) << 8 | bytes.get(at + 1);
    }

    private static Offset<Long> within(long ns) {
        return Offset.offset(ns);
    }
}
