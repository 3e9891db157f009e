package dev.sluice.media.flv;

import static dev.sluice.media.Bytes.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.sluice.media.AudioConfig;
import dev.sluice.media.Bytes;
import dev.sluice.media.Codec;
import dev.sluice.media.Entry;
import dev.sluice.media.Frame;
import dev.sluice.media.FrameKind;
import dev.sluice.media.Malformed;
import dev.sluice.media.Payload;
import dev.sluice.media.Track;
import dev.sluice.media.TrackKind;
import dev.sluice.media.TracksChanged;
import dev.sluice.media.VideoConfig;
import dev.sluice.media.codec.h265.HevcConfig;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Enhanced RTMP, both versions: files that FFmpeg 8.0.1 wrote, and packets made by hand where FFmpeg writes none.
class EnhancedFlvTest {
    private static final long MS = 1_000_000;
    private static final String OPUS_HEAD = "4f707573486561640102380180bb0000000000";
    private static final String AV1C = "81000c000a0b000000043cfecc02f80040";
    private static final String VP9_KEY = "824983420013f00b360438241c184a0009";
    private static final String COLOUR_INFO = "02 0009 636f6c6f72496e666f 03 0001 61 00 3ff0000000000000 0000 09";

    private final FlvDemuxer demuxer = new FlvDemuxer(1);
    private final List<Entry> entries = new ArrayList<>();

    @ParameterizedTest
    @CsvSource({
        "hevc-hdr10-opus, H265 OPUS, hvc1.2.4.L30.90 opus",
        "av1-flac, AV1 FLAC, av01.0.00M.08 fLaC",
        "vp9-ac3, VP9 AC3, vp09.00.10.08 ac-3",
        "h264-eac3, H264 EAC3, avc1.64000a ec-3",
        "h264-mp3, H264 MP3, avc1.64000a mp4a.6B",
        "multitrack, H264 H265 AAC OPUS AAC, avc1.64000a hvc1.1.6.L30.90 mp4a.40.2 opus mp4a.40.2"
    })
    void readsWhatFfmpegWrites(String clip, String codecs, String names) {
        var read = demux(clip);
        var tracks = lastTracks(read);
        assertThat(tracks).extracting(track -> track.codec().name()).containsExactly(codecs.split(" "));
        assertThat(tracks).extracting(EnhancedFlvTest::codecString).containsExactly(names.split(" "));
        for (var track : tracks) {
            if (track.config() instanceof VideoConfig video) {
                assertThat(video.isComplete()).as("%s", track).isTrue();
                assertThat(video.width()).isEqualTo(64);
                assertThat(framesOf(track, read)).as("%s", track).isEqualTo(10);
            } else {
                assertThat(((AudioConfig) track.config()).sampleRate()).isEqualTo(48_000);
                assertThat(framesOf(track, read)).as("%s", track).isGreaterThan(3);
            }
        }
        assertThat(firstFrame(TrackKind.VIDEO, read).kind()).isEqualTo(FrameKind.KEY);
    }

    private static String codecString(Track track) {
        return switch (track.config()) {
            case VideoConfig video -> video.codecString();
            case AudioConfig audio -> audio.codecString();
            default -> "";
        };
    }

    private static long framesOf(Track track, List<Entry> entries) {
        return entries.stream()
                .filter(entry -> entry instanceof Frame frame
                        && frame.track().kind() == track.kind()
                        && frame.track().id() == track.id())
                .count();
    }

    @ParameterizedTest
    @ValueSource(strings = {"hevc-hdr10-opus", "av1-flac", "vp9-ac3", "h264-eac3", "h264-mp3", "multitrack"})
    void whatIsWrittenAgainIsReadTheSame(String clip) {
        var read = demux(clip);
        var again = again(read, FlvDialect.EVERYTHING);
        assertThat(lastTracks(again)).isEqualTo(lastTracks(read));
        assertSame(withoutSteps(again), withoutSteps(read));
    }

    /// But for two things that FFmpeg may choose: it leaves out composition times of 0 and keeps temporal delimiters of
    /// AV1.
    @ParameterizedTest
    @ValueSource(strings = {"hevc-hdr10-opus", "av1-flac", "vp9-ac3", "h264-eac3", "h264-mp3", "multitrack"})
    void whatFfmpegWroteLeavesWithTheSameBytes(String clip) {
        var came = tags(clip).stream()
                .map(FlvTag::body)
                .map(EnhancedFlvTest::canonical)
                .toList();
        var muxer = new FlvMuxer(FlvDialect.EVERYTHING);
        var read = demux(clip);
        var frames = read.stream()
                .filter(Frame.class::isInstance)
                .map(entry -> body((Frame) entry, FlvDialect.EVERYTHING))
                .toList();
        var tracks = lastTracks(read);
        var headers = tracks.stream().flatMap(track -> muxer.headers(track, tracks).stream());
        assertThat(came).containsSubsequence(frames);
        assertThat(came).containsAll(headers.toList());
        assertThat(frames).hasSizeGreaterThan(12);
    }

    private static Payload canonical(Payload body) {
        var digits = HexFormat.of().formatHex(body.toArray());
        return hex(digits.replaceFirst("^([9a])3(68766331)", "$11$2000000")
                .replaceFirst("^([9a]6)03(6876633101)", "$101$2000000")
                .replaceFirst("^([9a]161763031)1200", "$1"));
    }

    @Test
    void h264ByFourCcIsTheSameTrackAndLeavesInTheOldForm() {
        var avcC = ((VideoConfig) firstTrack("h264-mp3", Codec.H264).config()).record();
        var header = Unpooled.buffer().writeBytes(hex("90 61766331").toArray());
        avcC.writeTo(header);
        demuxer.accept(FlvTag.VIDEO, 0, Payload.copyOf(header), entries::add);
        video("91 61766331 000190 00000002 65aa");
        video("a3 61766331 00000002 41aa");
        assertThat(demuxer.tracks()).extracting(Track::id, Track::codec).containsExactly(tuple(0, Codec.H264));
        assertThat(frames().stream().map(frame -> body(frame, FlvDialect.PLAIN)))
                .containsExactly(hex("17 01 000190 00000002 65aa"), hex("27 01 000000 00000002 41aa"));
    }

    /// Old builds of OBS Studio sent H.265 under the codec id of H.264, parameter sets among the frames.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void readsH265UnderTheCodecIdOfH264(boolean startCodes) {
        var config = (HevcConfig) firstTrack("hevc-hdr10-opus", Codec.H265).config();
        var units = List.of(
                config.vps().getFirst(), config.sps().getFirst(), config.pps().getFirst(), hex("2601aabb"));
        var body = Unpooled.buffer().writeBytes(hex("17 01 000000").toArray());
        for (var unit : units) {
            body.writeInt(startCodes ? 1 : unit.length());
            unit.writeTo(body);
        }
        video("17 00 000000");
        demuxer.accept(FlvTag.VIDEO, 0, Payload.copyOf(body), entries::add);
        video("27 01 00000a 00000004 0201aabb");
        assertThat(demuxer.tracks()).extracting(Track::codec).containsExactly(Codec.H265);
        assertThat(((VideoConfig) demuxer.tracks().getFirst().config()).width()).isEqualTo(64);
        assertThat(frames()).extracting(Frame::kind).containsExactly(FrameKind.KEY, FrameKind.INTER);
        assertThat(body(frames().getLast(), FlvDialect.SINGLE_TRACKS))
                .isEqualTo(hex("a1 68766331 00000a 00000004 0201aabb"));
    }

    @Test
    void readsAnH265RecordUnderTheCodecIdOfH264AndGoesBackToH264() {
        var hevc = ((VideoConfig) firstTrack("hevc-hdr10-opus", Codec.H265).config()).record();
        var avc = ((VideoConfig) firstTrack("h264-mp3", Codec.H264).config()).record();
        for (var record : List.of(hevc, avc)) {
            var body = Unpooled.buffer().writeBytes(hex("17 00 000000").toArray());
            record.writeTo(body);
            demuxer.accept(FlvTag.VIDEO, 0, Payload.copyOf(body), entries::add);
        }
        assertThat(entries.stream()
                        .map(entry ->
                                ((TracksChanged) entry).tracks().getFirst().codec()))
                .containsExactly(Codec.H265, Codec.H264);
    }

    @Test
    void oldReceiversOfAMultitrackStreamGetTheDefaultTracksInTheOldForm() {
        var bodies = mux(demux("multitrack"), FlvDialect.PLAIN);
        assertThat(bodies).isNotEmpty().allSatisfy(tag -> {
            if (tag.type() != FlvTag.SCRIPT) {
                assertThat(tag.body().get(0)).isIn(0x17, 0x27, 0xaf);
            }
        });
    }

    @Test
    void keepsTheColoursOfAnHdrStreamAsTheyCame() {
        var read = demux("hevc-hdr10-opus");
        var video = lastTracks(read).getFirst();
        assertThat(((VideoConfig) video.config()).colour().isPq()).isTrue();
        assertThat(video.side().colorInfo().length()).isGreaterThan(20);
        var headers = new FlvMuxer(FlvDialect.SINGLE_TRACKS).headers(video);
        assertThat(headers).hasSize(2);
        assertThat(headers.getLast().part(0, 5)).isEqualTo(hex("d4 68766331"));
        var audio = lastTracks(read).getLast();
        assertThat(audio.side().channelLayout()).isEqualTo(hex("01 02 00000003"));
    }

    @Test
    void writesObsMetadataWithTheFirstByteThatFfmpegNeeds() {
        video("84 61763031" + COLOUR_INFO); // before the configuration, as OBS does
        video("90 61763031" + AV1C);
        var track = demuxer.tracks().getFirst();
        assertThat(track.side().colorInfo()).isEqualTo(hex(COLOUR_INFO));
        assertThat(new FlvMuxer(FlvDialect.SINGLE_TRACKS).headers(track))
                .containsExactly(hex("90 61763031" + AV1C), hex("d4 61763031" + COLOUR_INFO));
    }

    @ParameterizedTest
    @ValueSource(strings = {"06", "05", "03 000009", "08 00000000 000009"})
    void takesColoursBack(String nothing) {
        video("90 61763031" + AV1C);
        video("d4 61763031" + COLOUR_INFO);
        video("d4 61763031 02 0009 636f6c6f72496e666f" + nothing);
        assertThat(demuxer.tracks().getFirst().side().colorInfo()).isEqualTo(Payload.EMPTY);
        assertThat(entries).hasSize(3);
    }

    @Test
    void givesMetadataWithoutATrackNumberToTheTrackOfThatCodec() {
        video("96 00 61763031 03" + AV1C);
        video("d4 61763031" + COLOUR_INFO);
        assertThat(demuxer.tracks().getFirst().id()).isEqualTo(3);
        assertThat(demuxer.tracks().getFirst().side().colorInfo()).isEqualTo(hex(COLOUR_INFO));
    }

    @Test
    void readsManyTracksOfOneCodecAndOfMany() {
        audio("95 20 4f707573 00 000013" + OPUS_HEAD + "6d703461 01 000005 119056e500");
        audio("95 10 4f707573 04 000013" + OPUS_HEAD + "05 000013" + OPUS_HEAD);
        audio("95 21 4f707573 00 000002 fcb4 6d703461 01 000002 2122");
        assertThat(demuxer.tracks()).extracting(Track::id).containsExactly(0, 1, 4, 5);
        assertThat(demuxer.tracks())
                .extracting(Track::codec)
                .containsExactly(Codec.OPUS, Codec.AAC, Codec.OPUS, Codec.OPUS);
        assertThat(frames()).extracting(frame -> frame.track().id()).containsExactly(0, 1);
        assertThat(frames()).extracting(Frame::payload).containsExactly(hex("fcb4"), hex("2122"));
    }

    @Test
    void splitsManyTracksIntoOneTrackPackets() {
        audio("95 20 4f707573 00 000013" + OPUS_HEAD + "6d703461 01 000005 119056e500");
        var muxer = new FlvMuxer(FlvDialect.EVERYTHING);
        assertThat(muxer.headers(demuxer.tracks().getFirst())).containsExactly(hex("90 4f707573" + OPUS_HEAD));
        assertThat(muxer.headers(demuxer.tracks().getLast())).containsExactly(hex("95 00 6d703461 01 119056e500"));
    }

    @Test
    void readsAndWritesNanosecondsBelowAMillisecond() {
        audio("90 4f707573" + OPUS_HEAD);
        demuxer.accept(FlvTag.AUDIO, 40, hex("97 02 01e240 01 4f707573 fcb4"), entries::add);
        var frame = frames().getFirst();
        assertThat(frame.dtsNs()).isEqualTo(40 * MS);
        assertThat(frame.ptsNs()).isEqualTo(40 * MS + 123_456);
        assertThat(body(frame, FlvDialect.EVERYTHING)).isEqualTo(hex("97 02 01e240 01 4f707573 fcb4"));
        assertThat(body(frame, FlvDialect.SINGLE_TRACKS)).isEqualTo(hex("91 4f707573 fcb4"));
    }

    @Test
    void readsLongExtensionsAndLeavesOutUnknownOnes() {
        audio("90 4f707573" + OPUS_HEAD);
        audio("97 ff 00ff" + "00".repeat(256) + "11 4f707573 fcb4");
        audio("97 00 aa 57 02 01e240 01 4f707573 fcb4");
        assertThat(frames()).hasSize(2);
        assertThat(frames().getLast().ptsNs() % MS).isEqualTo(123_456);
    }

    @Test
    void dropsAMessageOfMoreThanSixteenExtensions() {
        audio("90 4f707573" + OPUS_HEAD);
        audio("97" + "00 aa 17".repeat(15) + "00 aa 11 4f707573 fcb4");
        assertThat(frames()).hasSize(1);
        assertThatThrownBy(() -> audio("97" + "00 aa 17".repeat(1000))).isInstanceOf(Malformed.class);
    }

    @Test
    void ignoresTracksBeyondTheSixteenth() {
        for (int id = 0; id < 256; id++) {
            audio("95 00 4f707573 %02x".formatted(id) + OPUS_HEAD);
        }
        assertThat(demuxer.tracks()).hasSize(16);
        assertThat(demuxer.stats().of(Ignored.TOO_MANY_TRACKS)).isEqualTo(240);
    }

    @Test
    void metadataBehindAnExtensionIsNoCommand() {
        video("90 61763031" + AV1C);
        video("d7 02 000001 04 61763031" + COLOUR_INFO);
        assertThat(demuxer.tracks().getFirst().side().colorInfo()).isEqualTo(hex(COLOUR_INFO));
        assertThat(frames()).isEmpty();
        video("d7 02 000001 01 00");
        assertThat(frames().getFirst().kind()).isEqualTo(FrameKind.COMMAND);
    }

    @Test
    void whatATrackSaysAboutItselfCounts() {
        video("90 61763031" + AV1C);
        int before = entries.getLast().sizeBytes();
        video("d4 61763031" + COLOUR_INFO);
        assertThat(entries.getLast().sizeBytes())
                .isEqualTo(before + hex(COLOUR_INFO).length());
    }

    @Test
    void commandsNeedNoFourCc() {
        video("90 61763031" + AV1C);
        video("d0 00");
        assertThat(frames().getFirst().kind()).isEqualTo(FrameKind.COMMAND);
    }

    @Test
    void aCommandGoesToOldPlayersInTheOldForm() {
        video("17 00 000000 0142c00affe10016 6742c00ad902c4ec0440000003004000000783c48992 01 0005 68cb83cb20");
        video("d0 01");
        assertThat(body(frames().getLast(), FlvDialect.PLAIN)).isEqualTo(hex("57 01"));
    }

    @Test
    void bothFormsOfAMessageAreOneTrack() {
        audio("af 00 119056e500");
        audio("91 6d703461 2122");
        audio("af 01 2122");
        assertThat(demuxer.tracks()).hasSize(1);
        assertThat(frames()).hasSize(2);
        assertThat(body(frames().getFirst(), FlvDialect.EVERYTHING)).isEqualTo(hex("af 01 2122"));
    }

    @Test
    void readsH265UnderItsUnofficialIdAndWritesBothForms() {
        var enhanced = firstTrack("hevc-hdr10-opus", Codec.H265);
        var hvcC = ((VideoConfig) enhanced.config()).record();
        var legacy = Unpooled.buffer().writeByte(0x1c).writeInt(0);
        hvcC.writeTo(legacy);
        demuxer.accept(FlvTag.VIDEO, 0, Payload.copyOf(legacy), entries::add);
        video("1c 01 000050 00000003 2601aa");
        video("2c 01 fffff6 00000003 0201aa");
        assertThat(demuxer.tracks().getFirst().config()).isEqualTo(enhanced.config());
        assertThat(frames()).extracting(Frame::kind).containsExactly(FrameKind.KEY, FrameKind.INTER);
        assertThat(body(frames().getFirst(), FlvDialect.SINGLE_TRACKS))
                .isEqualTo(hex("91 68766331 000050 00000003 2601aa"));
        var old = new FlvDialect(java.util.Set.of(), false, false, true);
        assertThat(body(frames().getFirst(), old)).isEqualTo(hex("1c 01 000050 00000003 2601aa"));
        assertThat(frames().getLast().ptsNs()).isEqualTo(-10 * MS);
        assertThat(FlvDialect.PLAIN.carries(demuxer.tracks().getFirst())).isFalse();
    }

    @Test
    void vp9BeginsWithItsFirstKeyFrame() {
        video("90 76703039 01000000 000b820202020000");
        assertThat(demuxer.tracks()).isEmpty();
        video("a1 76703039 86004092f0e140");
        assertThat(demuxer.stats().of(Ignored.BEFORE_CONFIGURATION)).isEqualTo(1);
        video("91 76703039" + VP9_KEY);
        assertThat(((VideoConfig) demuxer.tracks().getFirst().config()).width()).isEqualTo(320);
    }

    @Test
    void av1WithoutASequenceHeaderInItsRecordWaitsForTheKeyFrame() {
        video("90 61763031 81000c00");
        assertThat(demuxer.tracks()).isEmpty();
        video("91 61763031 1200 0a0b000000043cfecc6af98040 320410aabbcc");
        assertThat(((VideoConfig) demuxer.tracks().getFirst().config()).width()).isEqualTo(320);
        assertThat(frames().getFirst().kind()).isEqualTo(FrameKind.KEY);
        assertThat(frames().getFirst().payload().get(0))
                .as("no temporal delimiter")
                .isEqualTo(0x0a);
    }

    @Test
    void readsTheAv1ConfigurationOfTransportStreams() {
        video("95 61763031 8004 81000c00");
        video("91 61763031 0a0b000000043cfecc6af98040 320410aabbcc");
        assertThat(demuxer.tracks()).hasSize(1);
    }

    @Test
    void opusWithoutAHeaderIsStereo() {
        audio("90 4f707573");
        assertThat(((AudioConfig) demuxer.tracks().getFirst().config()).channels())
                .isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hevc-hdr10-opus", "av1-flac", "vp9-ac3", "h264-eac3", "h264-mp3", "multitrack"})
    void damagedAndCutMessagesAreMalformedAndNothingElse(String clip) {
        var random = new Random(42);
        var all = new ArrayList<Entry>();
        for (int round = 0; round < 20; round++) {
            var damaged = new FlvDemuxer(1);
            for (var tag : tags(clip)) {
                try {
                    damaged.accept(tag.type(), tag.timestampMs(), damage(tag.body(), random), all::add);
                } catch (Malformed expected) {
                    assertThat(expected.scope()).isEqualTo(Malformed.Scope.FRAME);
                }
            }
        }
        assertThat(mux(all, FlvDialect.EVERYTHING)).isNotEmpty();
    }

    private static Payload damage(Payload body, Random random) {
        var bytes = body.toArray();
        if (random.nextInt(3) == 0) {
            bytes[random.nextInt(Math.min(bytes.length, 40))] = (byte) random.nextInt(256);
        }
        return random.nextInt(4) == 0 ? Payload.of(bytes, 0, random.nextInt(bytes.length + 1)) : Payload.of(bytes);
    }

    private static List<FlvTag> tags(String clip) {
        var tags = new ArrayList<FlvTag>();
        new FlvFileReader(1 << 20)
                .feed(Unpooled.wrappedBuffer(Bytes.vector("ffmpeg-8.0.1-" + clip + ".flv")), tags::add);
        return tags;
    }

    private static List<Entry> demux(String clip) {
        var read = new ArrayList<Entry>();
        var demuxer = new FlvDemuxer(1);
        tags(clip).forEach(tag -> demuxer.accept(tag.type(), tag.timestampMs(), tag.body(), read::add));
        assertThat(demuxer.unsupported()).isEmpty();
        return read;
    }

    private static List<Entry> again(List<Entry> entries, FlvDialect dialect) {
        var read = new ArrayList<Entry>();
        var demuxer = new FlvDemuxer(1);
        mux(entries, dialect).forEach(tag -> demuxer.accept(tag.type(), tag.timestampMs(), tag.body(), read::add));
        return read;
    }

    private static void assertSame(List<Entry> again, List<Entry> read) {
        for (int i = 0; i < read.size(); i++) {
            assertThat(again.get(i)).as("entry %d", i).isEqualTo(read.get(i));
        }
        assertThat(again).hasSameSizeAs(read);
    }

    /// What is written again is complete at once, so that tracks are announced in fewer steps: those do not count.
    private static List<Entry> withoutSteps(List<Entry> entries) {
        return entries.stream()
                .filter(entry -> !(entry instanceof TracksChanged))
                .toList();
    }

    private static List<FlvTag> mux(List<Entry> entries, FlvDialect dialect) {
        var muxer = new FlvMuxer(dialect);
        var tags = new ArrayList<FlvTag>();
        for (var entry : entries) {
            long timestampMs = FlvMuxer.timestampMs(entry.timeNs()) & 0xffff_ffffL;
            if (entry instanceof Frame frame && muxer.carries(frame.track())) {
                tags.add(new FlvTag(FlvMuxer.tagType(frame.track()), timestampMs, body(frame, dialect)));
            } else if (entry instanceof TracksChanged changed) {
                changed.tracks().stream()
                        .filter(muxer::carries)
                        .forEach(track -> muxer.headers(track, changed.tracks())
                                .forEach(body -> tags.add(new FlvTag(FlvMuxer.tagType(track), timestampMs, body))));
            } else if (entry instanceof dev.sluice.media.Metadata metadata) {
                tags.add(new FlvTag(FlvTag.SCRIPT, timestampMs, FlvMuxer.scriptBody(metadata)));
            }
        }
        return tags;
    }

    private static Payload body(Frame frame, FlvDialect dialect) {
        var muxer = new FlvMuxer(dialect);
        var out = Unpooled.buffer();
        muxer.writeBody(frame, out);
        assertThat(out.readableBytes()).isEqualTo(muxer.bodyBytes(frame));
        return Payload.copyOf(out);
    }

    private static List<Track> lastTracks(List<Entry> entries) {
        return entries.stream()
                .filter(TracksChanged.class::isInstance)
                .map(entry -> ((TracksChanged) entry).tracks())
                .reduce((before, after) -> after)
                .orElseThrow();
    }

    private static Track firstTrack(String clip, Codec codec) {
        return lastTracks(demux(clip)).stream()
                .filter(track -> track.codec() == codec)
                .findFirst()
                .orElseThrow();
    }

    private static Frame firstFrame(TrackKind kind, List<Entry> entries) {
        return entries.stream()
                .filter(entry -> entry instanceof Frame frame && frame.track().kind() == kind)
                .map(Frame.class::cast)
                .findFirst()
                .orElseThrow();
    }

    private List<Frame> frames() {
        return entries.stream()
                .filter(Frame.class::isInstance)
                .map(Frame.class::cast)
                .toList();
    }

    private void video(String body) {
        demuxer.accept(FlvTag.VIDEO, 0, hex(body), entries::add);
    }

    private void audio(String body) {
        demuxer.accept(FlvTag.AUDIO, 0, hex(body), entries::add);
    }
}
