package dev.sluice.media.flv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.media.Codec;
import dev.sluice.media.Entry;
import dev.sluice.media.Frame;
import dev.sluice.media.FrameKind;
import dev.sluice.media.Gap;
import dev.sluice.media.Malformed;
import dev.sluice.media.Metadata;
import dev.sluice.media.Payload;
import dev.sluice.media.Track;
import dev.sluice.media.TrackKind;
import dev.sluice.media.TracksChanged;
import dev.sluice.media.codec.aac.AacConfig;
import dev.sluice.media.codec.h264.AvcConfig;
import dev.sluice.media.mp4.CmafMuxer;
import io.netty.buffer.Unpooled;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Real files, whole and in pieces, there and back.
class CaptureTest {
    private static final FlvMuxer EVERYTHING = new FlvMuxer(FlvDialect.EVERYTHING);

    private static final String BFRAMES = "ffmpeg-5.1-h264-aac-bframes";
    private static final String LEGACY = "ffmpeg-5.1-sorenson-adpcm";
    private static final long MS = 1_000_000;

    @ParameterizedTest
    @ValueSource(strings = {BFRAMES, LEGACY})
    void readsTheSameTagsHoweverTheFileIsSplit(String name) {
        var capture = Capture.load(name);
        assertThat(capture.tags()).hasSizeGreaterThan(10);
        assertThat(tagsInPieces(capture.file(), new Random(0), 1)).isEqualTo(capture.tags());
        for (int seed = 1; seed <= 20; seed++) {
            assertThat(tagsInPieces(capture.file(), new Random(seed), 1 << seed % 13))
                    .isEqualTo(capture.tags());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {BFRAMES, LEGACY})
    void endsSilentlyWhereverTheFileIsCut(String name) {
        var capture = Capture.load(name);
        for (int length = 0; length < 6000; length++) {
            var tags = new ArrayList<FlvTag>();
            new FlvFileReader(FlvTag.MAX_BODY_BYTES)
                    .feed(capture.file().part(0, length).slice(), tags::add);
            assertThat(tags).isEqualTo(capture.tags().subList(0, tags.size()));
        }
    }

    @Test
    void readsTheFramesThatFfmpegReads() {
        var capture = Capture.load(BFRAMES);
        assertThat(frames(capture, TrackKind.VIDEO)).isEqualTo(capture.packets(0));
        assertThat(frames(capture, TrackKind.AUDIO)).isEqualTo(capture.packets(1));
        var tracks = ((TracksChanged) capture.entries().get(2)).tracks();
        assertThat(tracks.getFirst().config()).isInstanceOfSatisfying(AvcConfig.class, config -> {
            assertThat(config.info().width()).isEqualTo(160);
            assertThat(config.info().height()).isEqualTo(90);
            assertThat(md5(config.avcC())).isEqualTo("f4d4cf76def622eed8292c28b8b1f390");
        });
        assertThat(tracks.getLast().config()).isInstanceOfSatisfying(AacConfig.class, config -> {
            assertThat(config.sampleRate()).isEqualTo(44_100);
            assertThat(config.channels()).isEqualTo(2);
            assertThat(md5(config.asc())).isEqualTo("93f76776932f35aabd5cc1be21caf0bc");
        });
    }

    /// FFmpeg takes the first byte off; we pass it on, and what is behind it is the same.
    @ParameterizedTest
    @CsvSource({
        "sorenson-adpcm, SORENSON ADPCM, 12 16",
        "screen-nellymoser, SCREEN NELLYMOSER, 13 6a",
        "screen2-speex, SCREEN2 SPEEX, 16 b6",
        "sorenson-mp3, SORENSON MP3, 12 2e",
        "sorenson-pcm8, SORENSON PCM, 12 04",
        "sorenson-pcm16, SORENSON PCM_LE, 12 36",
        "sorenson-alaw, SORENSON G711A, 12 72",
        "sorenson-mulaw, SORENSON G711U, 12 82"
    })
    void relaysEveryOldCodecThatFfmpegWrites(String name, String codecs, String firstBytes) {
        var capture = Capture.load("ffmpeg-5.1-" + name);
        var tracks = capture.entries().stream()
                .filter(TracksChanged.class::isInstance)
                .map(entry -> ((TracksChanged) entry).tracks())
                .reduce((before, after) -> after)
                .orElseThrow();
        assertThat(tracks).extracting(track -> track.codec().name()).containsExactly(codecs.split(" "));
        assertThat(tracks).allMatch(FlvDialect.PLAIN::carries);
        var written = mux(capture.entries());
        assertThat(written).isEqualTo(capture.tags());
        var media = written.stream().filter(tag -> tag.type() != FlvTag.SCRIPT).toList();
        assertThat(media.stream().map(tag -> md5(tag.body().part(1, tag.body().length() - 1))))
                .containsExactlyInAnyOrderElementsOf(
                        capture.packets().stream().map(Capture.Packet::md5).toList());
        for (var first : firstBytes.split(" ")) {
            assertThat(media).anyMatch(tag -> tag.body().get(0) == Integer.parseInt(first, 16));
        }
    }

    @Test
    void findsKeyAndDisposableFrames() {
        var kinds = Capture.load(BFRAMES).entries().stream()
                .filter(entry -> entry instanceof Frame frame && frame.track().kind() == TrackKind.VIDEO)
                .map(entry -> ((Frame) entry).kind())
                .toList();
        assertThat(kinds).hasSize(50);
        assertThat(kinds).filteredOn(kind -> kind == FrameKind.KEY).hasSize(2);
        assertThat(kinds).contains(FrameKind.DISPOSABLE, FrameKind.INTER);
    }

    @Test
    void relaysOldCodecsWithTheirHeaderBytes() {
        var capture = Capture.load(LEGACY);
        assertThat(capture.entries().stream()
                        .filter(Frame.class::isInstance)
                        .map(entry -> ((Frame) entry).track().codec()))
                .contains(Codec.SORENSON, Codec.ADPCM);
        for (var kind : List.of(TrackKind.VIDEO, TrackKind.AUDIO)) {
            var sizes = frames(capture, kind).stream().map(packet -> packet.bytes() - 1);
            assertThat(sizes)
                    .containsExactlyElementsOf(capture.packets(streamOf(kind)).stream()
                            .map(Capture.Packet::bytes)
                            .toList());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {BFRAMES, LEGACY})
    void writesBackTheBytesThatCame(String name) {
        var capture = Capture.load(name);
        var expected = capture.tags().stream()
                .filter(tag -> tag.type() != FlvTag.VIDEO
                        || tag.body().get(0) != 0x17
                        || tag.body().get(1) != 2)
                .toList();
        assertThat(mux(capture.entries())).isEqualTo(expected);
    }

    /// Every byte may be wrong: the answer is entries or [Malformed], and what was accepted can be written again.
    @ParameterizedTest
    @ValueSource(strings = {BFRAMES, LEGACY})
    void survivesDamage(String name) {
        var tags = Capture.load(name).tags();
        var random = new Random(42);
        int refused = 0;
        for (int round = 0; round < 400; round++) {
            var demuxer = new FlvDemuxer(1);
            var entries = new ArrayList<Entry>();
            for (var tag : tags) {
                try {
                    demuxer.accept(tag.type(), tag.timestampMs(), damaged(tag.body(), random), entries::add);
                } catch (Malformed e) {
                    assertThat(e.scope()).isEqualTo(Malformed.Scope.FRAME);
                    refused++;
                }
            }
            assertThat(mux(entries)).isNotEmpty();
        }
        assertThat(refused).isPositive();
    }

    private static List<FlvTag> tagsInPieces(Payload file, Random random, int maxPieceBytes) {
        var tags = new ArrayList<FlvTag>();
        var reader = new FlvFileReader(FlvTag.MAX_BODY_BYTES);
        for (int at = 0; at < file.length(); ) {
            int piece = Math.min(1 + random.nextInt(maxPieceBytes), file.length() - at);
            reader.feed(file.part(at, piece).slice(), tags::add);
            at += piece;
        }
        return tags;
    }

    private static List<Capture.Packet> frames(Capture capture, TrackKind kind) {
        var packets = new ArrayList<Capture.Packet>();
        for (var entry : capture.entries()) {
            if (entry instanceof Frame frame && frame.track().kind() == kind) {
                packets.add(new Capture.Packet(
                        streamOf(kind),
                        frame.dtsNs() / MS,
                        frame.ptsNs() / MS,
                        frame.payload().length(),
                        md5(frame.payload())));
            }
        }
        return packets;
    }

    /// FFmpeg counts the video as its first stream.
    private static int streamOf(TrackKind kind) {
        return kind == TrackKind.VIDEO ? 0 : 1;
    }

    private static List<FlvTag> mux(List<Entry> entries) {
        var tags = new ArrayList<FlvTag>();
        var written = new HashSet<Track>();
        for (var entry : entries) {
            long timestampMs = FlvMuxer.timestampMs(entry.timeNs()) & 0xffff_ffffL;
            switch (entry) {
                case Frame frame -> {
                    var out = Unpooled.buffer();
                    EVERYTHING.writeBody(frame, out);
                    tags.add(new FlvTag(FlvMuxer.tagType(frame.track()), timestampMs, Payload.copyOf(out)));
                }
                case TracksChanged changed -> {
                    for (var track : changed.tracks()) {
                        if (track.codec().fitsMp4()) { // damaged sizes and rates must fit as well
                            assertThat(CmafMuxer.init(List.of(track)).length()).isPositive();
                        }
                        if (written.add(track)) {
                            EVERYTHING
                                    .headers(track)
                                    .forEach(body -> tags.add(new FlvTag(FlvMuxer.tagType(track), timestampMs, body)));
                        }
                    }
                }
                case Metadata metadata ->
                    tags.add(new FlvTag(FlvTag.SCRIPT, timestampMs, FlvMuxer.scriptBody(metadata)));
                case Gap _ -> throw new AssertionError("a demuxer makes no gaps");
            }
        }
        return tags;
    }

    private static Payload damaged(Payload body, Random random) {
        var bytes = body.toArray();
        while (bytes.length > 0 && random.nextInt(3) == 0) {
            bytes[random.nextInt(Math.min(bytes.length, 64))] = (byte) random.nextInt(256);
        }
        return random.nextInt(20) == 0 ? Payload.of(bytes, 0, random.nextInt(bytes.length + 1)) : Payload.of(bytes);
    }

    private static String md5(Payload payload) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(payload.toArray()));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
