package dev.sluice.media.flv;

import static dev.sluice.media.Bytes.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.media.Codec;
import dev.sluice.media.CodecConfig;
import dev.sluice.media.Entry;
import dev.sluice.media.Frame;
import dev.sluice.media.FrameKind;
import dev.sluice.media.Malformed;
import dev.sluice.media.Metadata;
import dev.sluice.media.Payload;
import dev.sluice.media.TrackKind;
import dev.sluice.media.TracksChanged;
import dev.sluice.media.codec.aac.AacConfig;
import dev.sluice.media.codec.h264.AvcConfig;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FlvDemuxerTest {
    private static final long MS = 1_000_000;
    private static final String SPS = "6742c00ad902c4ec0440000003004000000783c48992";
    private static final String PPS = "68cb83cb20";
    private static final String AVCC = "0142c00a ff e1 0016" + SPS + "01 0005" + PPS;
    private static final String AVC_HEADER = "17 00 000000" + AVCC;
    private static final String KEY = "17 01 000000 00000003 65aabb";
    private static final String INTER = "27 01 000028 00000003 41aabb";
    private static final String IN_BAND_KEY = "17 01 000000 00000016" + SPS + "00000005" + PPS + "00000003 65aabb";

    private static final FlvMuxer EVERYTHING = new FlvMuxer(FlvDialect.EVERYTHING);

    private final FlvDemuxer demuxer = new FlvDemuxer(3);
    private final List<Entry> entries = new ArrayList<>();

    @Test
    void turnsHeadersIntoTracksAndFramesIntoFrames() {
        video(0, AVC_HEADER);
        audio(0, "af 00 1190");
        video(40, KEY);
        audio(43, "af 01 2122");
        assertThat(entries).hasSize(4);
        var changed = (TracksChanged) entries.get(1);
        assertThat(changed.epoch()).isEqualTo(3);
        assertThat(changed.tracks()).isEqualTo(demuxer.tracks());
        assertThat(changed.tracks()).extracting(track -> track.codec()).containsExactly(Codec.H264, Codec.AAC);
        var track = changed.tracks().getFirst();
        assertThat(entries.get(2)).isEqualTo(new Frame(track, 40 * MS, 40 * MS, FrameKind.KEY, hex("0000000365aabb")));
        assertThat(entries.get(3))
                .isEqualTo(new Frame(changed.tracks().getLast(), 43 * MS, 43 * MS, FrameKind.KEY, hex("2122")));
    }

    @Test
    void putsVideoBeforeAudioWhateverCameFirst() {
        audio(0, "af 00 1190");
        video(0, AVC_HEADER);
        assertThat(demuxer.tracks())
                .extracting(track -> track.kind())
                .containsExactly(TrackKind.VIDEO, TrackKind.AUDIO);
    }

    @Test
    void dropsHeadersThatChangeNothing() {
        video(0, AVC_HEADER);
        audio(0, "af 00 1190");
        video(1000, AVC_HEADER);
        audio(1000, "af 00 1190");
        audio(1000, "af 00");
        video(1000, "17 00 000000");
        assertThat(entries).hasSize(2);
        assertThat(stat(Ignored.REPEATED_CONFIGURATION)).isEqualTo(2);
        assertThat(stat(Ignored.EMPTY)).isEqualTo(2);
    }

    @Test
    void reportsAHeaderThatChanges() {
        video(0, AVC_HEADER);
        video(500, KEY);
        video(600, AVC_HEADER.replace("0142c00a", "0142c00b"));
        video(640, INTER);
        assertThat(entries.get(2)).isInstanceOf(TracksChanged.class);
        assertThat(entries.get(2).timeNs()).isEqualTo(600 * MS);
        assertThat(frame(3).track()).isEqualTo(demuxer.tracks().getFirst());
        assertThat(((AvcConfig) frame(3).track().config()).codecString()).isEqualTo("avc1.42c00b");
    }

    @Test
    void followsAChangeOfCodec() {
        video(0, "22 aabb");
        video(40, AVC_HEADER);
        audio(40, "2f ffe3");
        audio(80, "af 00 1190");
        assertThat(demuxer.tracks()).extracting(track -> track.codec()).containsExactly(Codec.H264, Codec.AAC);
        video(80, "22 aabb");
        assertThat(demuxer.tracks().getFirst().codec()).isEqualTo(Codec.SORENSON);
    }

    @Test
    void ignoresFramesBeforeTheirConfiguration() {
        video(0, KEY);
        audio(0, "af 01 2122");
        video(0, "57 00");
        video(0, "1c 01 000000 0000000101");
        assertThat(entries).isEmpty();
        assertThat(stat(Ignored.BEFORE_CONFIGURATION)).isEqualTo(4);
    }

    @Test
    void buildsTheConfigurationFromParameterSetsInBand() {
        video(0, INTER);
        video(40, IN_BAND_KEY);
        video(80, IN_BAND_KEY);
        assertThat(entries).hasSize(3);
        assertThat(((TracksChanged) entries.getFirst()).tracks().getFirst().config())
                .isEqualTo(AvcConfig.parse(hex(AVCC)));
        assertThat(frame(1).kind()).isEqualTo(FrameKind.KEY);
    }

    @Test
    void fillsAHeaderWithoutParameterSetsFromTheBand() {
        video(0, "17 00 000000 0142c00a fd e0 00"); // lengths of two bytes
        video(0, "17 01 000000 0003 41aabb");
        video(0, "17 01 000000 0016" + SPS + "0005" + PPS + "0003 65aabb");
        assertThat(entries).hasSize(2);
        assertThat(frame(1).payload()).isEqualTo(hex("00000016" + SPS + "00000005" + PPS + "00000003 65aabb"));
        assertThat(((AvcConfig) frame(1).track().config()).avcC()).isEqualTo(hex(AVCC));
    }

    @Test
    void joinsParameterSetsThatComeInMessagesOfTheirOwn() {
        video(0, "17 01 000000 00000016" + SPS);
        video(0, "17 01 000000 00000005" + PPS);
        assertThat(entries.getFirst()).isInstanceOf(TracksChanged.class);
    }

    @Test
    void followsParameterSetsInBandOnlyWithoutAHeader() {
        video(0, IN_BAND_KEY);
        video(40, IN_BAND_KEY.replace("6742c00a", "6742c00b"));
        assertThat(entries).hasSize(4);
        video(80, AVC_HEADER);
        video(120, IN_BAND_KEY.replace("6742c00a", "6742c00b"));
        assertThat(entries).hasSize(6);
        assertThat(((AvcConfig) frame(5).track().config()).codecString()).isEqualTo("avc1.42c00a");
    }

    @Test
    void readsCompositionTimesAsSigned() {
        video(0, AVC_HEADER);
        video(1000, "27 01 000028 00000003 41aabb");
        video(1040, "27 01 fffff6 00000003 01aabb");
        assertThat(frame(1).ptsNs()).isEqualTo(1040 * MS);
        assertThat(frame(2).ptsNs()).isEqualTo(1030 * MS);
        assertThat(frame(2).kind()).isEqualTo(FrameKind.DISPOSABLE);
    }

    @Test
    void believesTheUnitsAndNotTheFlag() {
        video(0, AVC_HEADER);
        video(0, "27 01 000000 00000003 65aabb");
        video(0, "17 01 000000 00000003 41aabb");
        assertThat(frame(1).kind()).isEqualTo(FrameKind.KEY);
        assertThat(frame(2).kind()).isEqualTo(FrameKind.INTER);
    }

    @Test
    void widensShortLengthsAndAnnouncesThem() {
        video(0, AVC_HEADER.replace("ff e1", "fd e1"));
        video(0, "17 01 000000 0003 65aabb");
        assertThat(frame(1).payload()).isEqualTo(hex("00000003 65aabb"));
        assertThat(EVERYTHING.headers(frame(1).track())).contains(hex(AVC_HEADER));
    }

    @Test
    void ignoresTheEndOfASequenceAndGoesOn() {
        video(0, AVC_HEADER);
        video(0, "17 02 000000");
        video(0, "17 02");
        video(40, KEY);
        assertThat(entries).hasSize(2);
        assertThat(stat(Ignored.END_OF_SEQUENCE)).isEqualTo(2);
    }

    @Test
    void ignoresMessagesThatCarryNothing() {
        video(0, AVC_HEADER);
        audio(0, "af 00 1190");
        video(0, "");
        audio(0, "");
        data("");
        audio(0, "af 01");
        video(0, "17 01 000000");
        video(0, "17 01 000000 00000000 00000000");
        audio(0, "2f");
        assertThat(entries).hasSize(2);
        assertThat(stat(Ignored.EMPTY)).isEqualTo(6);
        assertThat(stat(Ignored.WITHOUT_NAL_UNITS)).isEqualTo(1);
    }

    @Test
    void takesAdtsHeadersOff() {
        audio(0, "af 00 1190");
        audio(20, "af 01 fff15080 015ffc 212223");
        assertThat(frame(1).payload()).isEqualTo(hex("212223"));
    }

    @Test
    void passesCommandsOnWithTheVideoTrack() {
        video(0, AVC_HEADER);
        video(20, "57 01");
        assertThat(frame(1))
                .isEqualTo(new Frame(demuxer.tracks().getFirst(), 20 * MS, 20 * MS, FrameKind.COMMAND, hex("57 01")));
    }

    @ParameterizedTest
    @CsvSource({
        "SORENSON, 12 000084, KEY",
        "SCREEN, 23 30a0, INTER",
        "VP6, 14 00aa, KEY",
        "VP6A, 35 00aa, DISPOSABLE",
        "SCREEN2, 16 aa, KEY",
        "SORENSON, 42 aa, KEY"
    })
    void relaysOldVideoCodecsWhole(Codec codec, String body, FrameKind kind) {
        video(40, body);
        assertThat(((TracksChanged) entries.getFirst()).timeNs()).isEqualTo(40 * MS);
        assertThat(frame(1).track().codec()).isEqualTo(codec);
        assertThat(frame(1).track().config()).isEqualTo(new CodecConfig.Opaque(Payload.EMPTY));
        assertThat(frame(1).kind()).isEqualTo(kind);
        assertThat(frame(1).payload()).isEqualTo(hex(body));
    }

    @ParameterizedTest
    @CsvSource({
        "PCM, 04aa",
        "ADPCM, 1baa",
        "PCM_LE, 3faa",
        "NELLYMOSER_16K, 42aa",
        "NELLYMOSER_8K, 52aa",
        "NELLYMOSER, 6aaa",
        "G711A, 72aa",
        "G711U, 82aa",
        "SPEEX, b6aa",
        "MP3_8K, e2aa"
    })
    void relaysOldAudioCodecsWhole(Codec codec, String body) {
        audio(40, body);
        audio(60, body);
        assertThat(entries).hasSize(3);
        assertThat(frame(2).track().codec()).isEqualTo(codec);
        assertThat(frame(2).payload()).isEqualTo(hex(body));
    }

    @ParameterizedTest
    @CsvSource({
        "9,  90 0a0d1b7f, enhanced RTMP video codec '????' is not known",
        "9,  9f 68766331, enhanced RTMP packet type 15 is reserved",
        "9,  95 68766331, a transport stream configuration of H.265",
        "9,  96 30 68766331, a multitrack message of form 3 with packets of type 0",
        "8,  96 4f707573, enhanced RTMP packet type 6 is reserved",
        "9,  1d aabb, FLV video codec id 13 is not supported",
        "8,  f0 aabb, FLV sound format 15 is not supported",
        "22, 00, tag type 22 is not supported"
    })
    void saysWhatItDoesNotSupport(int tagType, String body, String sentence) {
        demuxer.accept(tagType, 0, hex(body), entries::add);
        assertThat(entries).isEmpty();
        assertThat(demuxer.unsupported()).contains(sentence);
        assertThat(stat(Ignored.UNSUPPORTED)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "02 000a 6f6e4d65746144617461 08 00000000 000009",
                "02 000d 407365744461746146 72616d65 02 000a 6f6e4d65746144617461 08 00000000 000009",
                "00 3ff0000000000000 00 4000000000000000 02 000d 40736574446174614672616d65 02 000a 6f6e4d65746144617461 08 00000000 000009",
                "05 06 01 01 0b 0000000000000000 0000 02 000a 6f6e4d65746144617461 08 00000000 000009",
                "0c 0000000a 6f6e4d65746144617461 08 00000000 000009"
            })
    void readsMetadataHoweverItIsWrapped(String body) {
        data(body);
        var metadata = (Metadata) entries.getFirst();
        assertThat(metadata).isEqualTo(new Metadata(0, "onMetaData", hex("08 00000000 000009")));
        assertThat(FlvMuxer.scriptBody(metadata)).isEqualTo(hex("02 000a 6f6e4d65746144617461 08 00000000 000009"));
    }

    @Test
    void dropsWithdrawnMetadata() {
        data("02 000f 40636c656172446174614672616d65 02 000a 6f6e4d65746144617461");
        assertThat(entries).isEmpty();
        assertThat(stat(Ignored.CLEARED_METADATA)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "18, 02 00ff 61", "18, 0c ffffffff 61", "18, 00 00", "18, 03 0001 61", "18, 05",
        "9,  17", "9, 17 03 000000", "9, 17 01 0000", "9, 07 01 000000 00000001 65", "9, 67 01 000000",
        "9,  17 00 000000 00", "9, 17 01 000000 000000ff 65", "8, af 02 00", "8, af 00 ff"
    })
    void refusesBadFramesAndCarriesOn(int tagType, String body) {
        assertThatThrownBy(() -> demuxer.accept(tagType, 0, hex(body), entries::add))
                .isInstanceOfSatisfying(
                        Malformed.class, e -> assertThat(e.scope()).isEqualTo(Malformed.Scope.FRAME));
        assertThat(entries).isEmpty();
        video(0, AVC_HEADER);
        video(0, KEY);
        assertThat(entries).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {FlvTag.AUDIO, FlvTag.VIDEO, FlvTag.SCRIPT})
    void keepsNoConfigurationAbove64KiB(int tagType) {
        var start = switch (tagType) {
            case FlvTag.AUDIO -> "af 00 1190";
            case FlvTag.VIDEO -> AVC_HEADER;
            default -> "02 0001 61";
        };
        var allowed = hex(start + "00".repeat(65_000));
        var tooLong = hex(start + "00".repeat(65_600));
        demuxer.accept(tagType, 0, allowed, entries::add);
        assertThat(entries).hasSize(1);
        assertThatThrownBy(() -> demuxer.accept(tagType, 0, tooLong, entries::add))
                .isInstanceOf(Malformed.class);
    }

    @Test
    void readsAacFromItsConfigurationAndNotFromTheFirstByte() {
        audio(0, "a2 00 1190");
        audio(0, "a2 01 2122");
        assertThat(((AacConfig) frame(1).track().config()).sampleRate()).isEqualTo(48_000);
        var out = Unpooled.buffer();
        EVERYTHING.writeBody(frame(1), out);
        assertThat(Payload.copyOf(out)).isEqualTo(hex("af 01 2122"));
    }

    private void video(long timestampMs, String body) {
        demuxer.accept(FlvTag.VIDEO, timestampMs, hex(body), entries::add);
    }

    private void audio(long timestampMs, String body) {
        demuxer.accept(FlvTag.AUDIO, timestampMs, hex(body), entries::add);
    }

    private void data(String body) {
        demuxer.accept(FlvTag.SCRIPT, 0, hex(body), entries::add);
    }

    private Frame frame(int index) {
        return (Frame) entries.get(index);
    }

    private long stat(Ignored reason) {
        return demuxer.stats().of(reason);
    }
}
