package dev.sluice.plugin.mse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.hub.EndReason;
import dev.sluice.hub.Hub;
import dev.sluice.hub.HubSettings;
import dev.sluice.hub.ManualLoop;
import dev.sluice.hub.Publication;
import dev.sluice.hub.RecordingOutlet;
import dev.sluice.hub.StreamName;
import dev.sluice.hub.TestPublisher;
import dev.sluice.media.Codec;
import dev.sluice.media.CodecConfig;
import dev.sluice.media.Entry;
import dev.sluice.media.Frame;
import dev.sluice.media.FrameKind;
import dev.sluice.media.Gap;
import dev.sluice.media.Metadata;
import dev.sluice.media.Payload;
import dev.sluice.media.Track;
import dev.sluice.media.TracksChanged;
import dev.sluice.media.codec.aac.AacConfig;
import dev.sluice.media.codec.h264.AvcConfig;
import dev.sluice.media.codec.vpx.VpConfig;
import dev.sluice.media.codec.vpx.VpFrames;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MseFormatTest {
    private static final long MS = 1_000_000L;
    private static final Track VIDEO = new Track(
            0,
            Codec.H264,
            AvcConfig.parse(Payload.of(HexFormat.of()
                    .parseHex(
                            "0164001fffe1001c6764001facd9405005bb016a02020280000003008000001e078c18cb01000668ebe3cb22c0"
                                    + "fdf8f800"))));
    private static final Track AUDIO =
            new Track(0, Codec.AAC, AacConfig.parse(Payload.of(new byte[] {0x11, (byte) 0x90})));
    private static final Track SPEEX = new Track(0, Codec.SPEEX, new CodecConfig.Opaque(Payload.EMPTY));

    private final ManualLoop loop = new ManualLoop();
    private final Hub hub = new Hub(HubSettings.DEFAULTS, () -> 0);
    private final Publication publication = TestPublisher.publish(hub, new StreamName("live", "x"), loop);

    /// One WebSocket message: text as it is, binary as its first box type and length.
    private static List<String> messages(RecordingOutlet outlet) {
        var messages = new ArrayList<String>();
        ByteBuf in = outlet.received().slice();
        while (in.isReadable()) {
            int opcode = in.readUnsignedByte() & 0x0f;
            int length = in.readUnsignedByte();
            assertThat(length).as("not masked").isLessThan(128);
            long size = length == 126 ? in.readUnsignedShort() : length == 127 ? in.readLong() : length;
            var bytes = in.readSlice((int) size);
            messages.add(
                    opcode == 1
                            ? bytes.toString(StandardCharsets.UTF_8)
                            : bytes.toString(4, 4, StandardCharsets.US_ASCII) + " " + size);
        }
        return messages;
    }

    private void write(Entry... entries) {
        loop.call(() -> List.of(entries).forEach(publication::write));
    }

    private static Frame video(long ms, boolean key, int bytes) {
        return new Frame(
                VIDEO, ms * MS, (ms + 40) * MS, key ? FrameKind.KEY : FrameKind.INTER, Payload.of(new byte[bytes]));
    }

    private static Frame audio(Track track, long ms) {
        return new Frame(track, ms * MS, ms * MS, FrameKind.KEY, Payload.of(new byte[50]));
    }

    private RecordingOutlet play() {
        var outlet = new RecordingOutlet(loop);
        loop.call(() -> publication.stream().play(new MseFormat(), outlet, new MseFraming()));
        return outlet;
    }

    @AfterEach
    void freesEverything() {
        loop.call(() -> publication.close(EndReason.PUBLISHER_LEFT));
        loop.advanceMs(60_000);
        assertThat(hub.budget().usedBytes()).isZero();
    }

    @Test
    void viewerGetsTheAnnouncementTheInitialisationAndOneFragmentPerFrame() {
        write(
                new TracksChanged(0, List.of(VIDEO, AUDIO), 1),
                video(0, true, 70_000),
                audio(AUDIO, 10),
                video(33, false, 300),
                audio(AUDIO, 31));
        var messages = messages(play());
        assertThat(messages.getFirst())
                .isEqualTo("{\"type\":\"init\",\"mime\":\"video/mp4; codecs=\\\"avc1.64001f, mp4a.40.2\\\"\"}");
        assertThat(messages.get(1)).startsWith("ftyp");
        assertThat(messages.subList(2, messages.size()))
                .as("a frame is written when the next of its track is there")
                .hasSize(2)
                .allMatch(m -> m.startsWith("moof"));
    }

    @Test
    void videoAloneIsAnnouncedAlone() {
        write(new TracksChanged(0, List.of(VIDEO), 1), video(0, true, 100), video(33, false, 100));
        assertThat(messages(play()).getFirst()).contains("\\\"avc1.64001f\\\"");
    }

    @Test
    void trackThatMp4CannotCarryIsLeftOut() {
        write(
                new TracksChanged(0, List.of(VIDEO, SPEEX), 1),
                video(0, true, 100),
                audio(SPEEX, 10),
                video(33, false, 100),
                video(66, false, 100));
        assertThat(messages(play())).hasSize(4);
    }

    @Test
    void streamWithoutACarriedTrackSaysSo() {
        write(new TracksChanged(0, List.of(SPEEX), 1), audio(SPEEX, 10), audio(SPEEX, 30));
        assertThat(messages(play())).containsExactly("{\"type\":\"unsupported\",\"codecs\":[\"Speex\"]}");
    }

    @Test
    void pictureWhoseSizeIsNotKnownYetIsLeftOutUntilItIs() {
        var record = Payload.of(HexFormat.of().parseHex("01000000000b820202020000"));
        var unsized = VpConfig.parse(Codec.VP9, record);
        write(new TracksChanged(0, List.of(new Track(0, Codec.VP9, unsized), AUDIO), 1), audio(AUDIO, 0));
        var viewer = play();
        var sized = new Track(0, Codec.VP9, unsized.withSize(new VpFrames.Size(320, 180)));
        write(
                new TracksChanged(40 * MS, List.of(sized, AUDIO), 1),
                new Frame(sized, 40 * MS, 40 * MS, FrameKind.KEY, Payload.of(new byte[10])),
                new Frame(sized, 80 * MS, 80 * MS, FrameKind.INTER, Payload.of(new byte[10])));
        assertThat(messages(viewer))
                .filteredOn(message -> message.startsWith("{"))
                .containsExactly(
                        "{\"type\":\"init\",\"mime\":\"video/mp4; codecs=\\\"mp4a.40.2\\\"\"}",
                        "{\"type\":\"init\",\"mime\":\"video/mp4; codecs=\\\"vp09.00.11.08, mp4a.40.2\\\"\"}");
    }

    @Test
    void newMetadataMakesNoNewInitialisation() {
        write(new TracksChanged(0, List.of(VIDEO), 1), video(0, true, 100));
        var viewer = play();
        write(new Metadata(0, "onMetaData", Payload.of(new byte[] {5})), video(33, false, 100), video(66, false, 100));
        assertThat(messages(viewer)).hasSize(4);
    }

    @Test
    void theDurationOfAFrameReachesToTheNextHoweverLateItIs() {
        write(new TracksChanged(0, List.of(VIDEO), 1), video(0, true, 100), video(33, false, 100));
        var outlet = play();
        write(video(933, false, 100), video(966, false, 100));
        // the first sample's duration stands in the fragment header: 90000 ticks per second
        assertThat(durations(outlet)).containsExactly(33 * 90, 900 * 90, 33 * 90);
    }

    @Test
    void whatWasHeldBackIsSentWhenThePublisherIsLostAndThePlayerIsToldToWait() {
        write(new TracksChanged(0, List.of(VIDEO, AUDIO), 1), video(0, true, 100), audio(AUDIO, 10));
        var viewer = play();
        assertThat(messages(viewer)).as("no frame yet").isEmpty();
        write(Gap.open(10 * MS, "lost"));
        var messages = messages(viewer);
        assertThat(messages).hasSize(5).last().isEqualTo("{\"type\":\"waiting\"}");
        assertThat(messages.subList(2, 4)).allMatch(message -> message.startsWith("moof"));
        assertThat(durations(viewer)).containsExactlyInAnyOrder(90_000 / 30, 1024);
    }

    @Test
    void afterAGapFramesGoOnWithoutANewInitialisation() {
        write(new TracksChanged(0, List.of(VIDEO), 1), video(0, true, 100), video(40, false, 100));
        var viewer = play();
        write(Gap.open(40 * MS, "lost"));
        loop.advanceMs(20_000);
        write(video(20_040, true, 100), video(20_080, false, 100), video(20_120, false, 100));
        var messages = messages(viewer);
        assertThat(messages)
                .hasSize(7)
                .filteredOn(message -> message.contains("init"))
                .hasSize(1);
        assertThat(durations(viewer)).as("no frame lasts through the gap").containsExactly(3_600, 3_000, 3_600, 3_600);
    }

    @Test
    void whoComesDuringAGapGetsTheLastPicturesAndIsToldToWait() {
        write(new TracksChanged(0, List.of(VIDEO), 1), video(0, true, 100), Gap.open(0, "lost"));
        assertThat(messages(play())).hasSize(4).last().isEqualTo("{\"type\":\"waiting\"}");
    }

    @Test
    void aGapWithoutPicturesSaysNothing() {
        write(new TracksChanged(0, List.of(SPEEX), 1), audio(SPEEX, 10), Gap.open(10 * MS, "lost"));
        assertThat(messages(play())).containsExactly("{\"type\":\"unsupported\",\"codecs\":[\"Speex\"]}");
    }

    /// The default sample duration of each fragment (ISO/IEC 14496-12 §8.8.7).
    private static List<Integer> durations(RecordingOutlet outlet) {
        var bytes = outlet.received();
        var durations = new ArrayList<Integer>();
        for (int i = 0; i < bytes.writerIndex() - 20; i++) {
            if (bytes.getInt(i) == 0x74666864) { // tfhd
                int flags = bytes.getInt(i + 4) & 0xff_ffff;
                assertThat(flags & 8).as("has a default duration").isEqualTo(8);
                durations.add(bytes.getInt(i + 12));
            }
        }
        return durations;
    }

    @Test
    void theEndSaysWhy() {
        write(new TracksChanged(0, List.of(VIDEO), 1), video(0, true, 100));
        var outlet = play();
        loop.call(() -> publication.close(EndReason.PUBLISHER_LEFT));
        assertThat(outlet.received().toString(StandardCharsets.ISO_8859_1)).endsWith("publisher_left");
        assertThat(outlet.closed()).isTrue();
    }

    @Test
    void newConfigurationIsAnnouncedBeforeItsFrames() {
        write(new TracksChanged(0, List.of(VIDEO), 1), video(0, true, 100));
        var viewer = play();
        write(new TracksChanged(33 * MS, List.of(VIDEO, AUDIO), 1), audio(AUDIO, 40), audio(AUDIO, 61));
        var messages = messages(viewer);
        assertThat(messages).hasSize(6);
        assertThat(messages.get(3)).contains("mp4a.40.2");
        assertThat(messages.get(4)).startsWith("ftyp");
    }
}
