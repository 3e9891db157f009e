package dev.sluice.plugin.rtmp;

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
import dev.sluice.media.Frame;
import dev.sluice.media.FrameKind;
import dev.sluice.media.Metadata;
import dev.sluice.media.Payload;
import dev.sluice.media.Track;
import dev.sluice.media.TrackKind;
import dev.sluice.media.TracksChanged;
import dev.sluice.media.codec.aac.AacConfig;
import dev.sluice.media.codec.h264.AvcConfig;
import dev.sluice.media.flv.FlvDialect;
import dev.sluice.rtmp.RtmpLimits;
import dev.sluice.rtmp.chunk.ChunkDecoder;
import dev.sluice.rtmp.chunk.RawMessage;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The shared bytes, read by an RTMP decoder as a player would.
class RtmpFormatTest {
    private static final int CHUNK = 4096;
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

    private final ManualLoop loop = new ManualLoop();
    private final Hub hub = new Hub(HubSettings.DEFAULTS, () -> 0);
    private final Publication publication = TestPublisher.publish(hub, new StreamName("live", "x"), loop);
    private final List<RecordingOutlet> outlets = new ArrayList<>();

    private record Message(int type, long timestampMs, int msid, int bytes, int first) {}

    private void write(dev.sluice.media.Entry... entries) {
        loop.call(() -> List.of(entries).forEach(publication::write));
    }

    private static Frame video(long ms, boolean key, int bytes) {
        return new Frame(
                VIDEO, ms * MS, (ms + 40) * MS, key ? FrameKind.KEY : FrameKind.INTER, Payload.of(new byte[bytes]));
    }

    private static Frame audio(long ms) {
        return new Frame(AUDIO, ms * MS, ms * MS, FrameKind.KEY, Payload.of(new byte[100]));
    }

    private static RtmpFormat format() {
        return new RtmpFormat(CHUNK, FlvDialect.SINGLE_TRACKS, Set.of(TrackKind.VIDEO, TrackKind.AUDIO));
    }

    private static final RtmpFraming.Player NOBODY = new RtmpFraming.Player() {
        @Override
        public void jumped() {}

        @Override
        public void ended(EndReason why) {}
    };

    private RecordingOutlet play(int msid) {
        var outlet = new RecordingOutlet(loop);
        outlets.add(outlet);
        loop.call(() -> publication.stream().play(format(), outlet, new RtmpFraming(msid, CHUNK, NOBODY)));
        return outlet;
    }

    /// Reads what a viewer got, chunk by chunk, with a decoder that has seen the viewer's connection only.
    private static List<Message> decode(RecordingOutlet outlet) {
        var decoder = new ChunkDecoder(RtmpLimits.DEFAULTS);
        decoder.admit();
        var messages = new ArrayList<Message>();
        var bytes = Unpooled.buffer();
        // as the connect reply announced it
        bytes.writeBytes(HexFormat.of().parseHex("02000000000004010000000000001000"));
        bytes.writeBytes(outlet.received().slice());
        for (var message = decoder.next(bytes); message.isPresent(); message = decoder.next(bytes)) {
            RawMessage raw = message.get();
            if (raw.type() != 1) {
                messages.add(new Message(
                        raw.type(), raw.timestampMs(), raw.msid(), raw.body().length, raw.body()[0] & 0xff));
            }
        }
        assertThat(bytes.isReadable()).isFalse();
        return messages;
    }

    /// Time differences between the last messages.
    private static List<Long> steps(List<Message> messages, int last) {
        var steps = new ArrayList<Long>();
        for (int i = messages.size() - last; i < messages.size(); i++) {
            steps.add(messages.get(i).timestampMs() - messages.get(i - 1).timestampMs());
        }
        return steps;
    }

    @AfterEach
    void freesEverything() {
        loop.call(() -> publication.close(EndReason.PUBLISHER_LEFT));
        loop.advanceMs(60_000);
        assertThat(hub.budget().usedBytes()).isZero();
    }

    @Test
    void playerGetsAccessMetadataHeadersAndThenFramesFromNearZero() {
        write(
                new TracksChanged(0, List.of(VIDEO, AUDIO), 1),
                new Metadata(0, "onMetaData", Payload.of(new byte[] {3, 0, 0, 9})),
                video(93_600_000, true, 5_000),
                audio(93_600_010),
                video(93_600_033, false, 200));
        var messages = decode(play(1));
        assertThat(messages)
                .containsExactly(
                        new Message(18, 0, 1, SampleAccess.BODY.length(), 2),
                        new Message(18, 0, 1, 13 + 4, 2),
                        new Message(9, 0, 1, 5 + 49, 0x17),
                        new Message(8, 0, 1, 2 + 2, 0xaf),
                        new Message(9, 100, 1, 5_005, 0x17),
                        new Message(8, 110, 1, 102, 0xaf),
                        new Message(9, 133, 1, 205, 0x27));
    }

    @Test
    void laterPlayerStartsNearZeroWithTheSameSharedBytes() {
        write(new TracksChanged(0, List.of(VIDEO, AUDIO), 1));
        for (int i = 0; i < 60; i++) {
            write(video(i * 33L, i % 30 == 0, 300), audio(i * 33L + 5));
        }
        var early = play(1);
        for (int i = 60; i < 100; i++) {
            write(video(i * 33L, i % 30 == 0, 300), audio(i * 33L + 5));
        }
        var late = play(7);
        var lateMessages = decode(late);
        var frames = lateMessages.stream().filter(m -> m.bytes() == 305).toList();
        assertThat(frames.getFirst().timestampMs()).isBetween(0L, 100L);
        assertThat(frames).extracting(Message::msid).containsOnly(7);
        assertThat(frames).extracting(Message::timestampMs).isSorted().doesNotHaveDuplicates();
        assertThat(steps(decode(early), 15)).as("same pace").isEqualTo(steps(lateMessages, 15));
    }

    @Test
    void slowPlayerGoesOnInItsOwnTimeAfterAJump() {
        write(new TracksChanged(0, List.of(VIDEO), 1), video(0, true, 300));
        var outlet = play(1);
        outlet.writable(false);
        for (int i = 1; i <= 200; i++) {
            loop.advanceMs(33);
            write(video(i * 33L, i % 30 == 0, 300));
        }
        loop.call(() -> outlet.writable(true));
        var frames = decode(outlet).stream().filter(m -> m.bytes() == 305).toList();
        assertThat(frames).hasSizeBetween(20, 60);
        assertThat(frames.get(1).timestampMs() - frames.get(0).timestampMs()).isEqualTo(180 * 33);
        assertThat(frames.getLast().timestampMs()).isEqualTo(100 + 200 * 33);
    }

    @Test
    void trackThatWasSilentForHoursNeedsNoExtendedTimestamp() {
        write(new TracksChanged(0, List.of(VIDEO, AUDIO), 1), video(0, true, 300), audio(5));
        var outlet = play(1);
        long hours6 = 6 * 3_600_000L;
        for (long ms = 9_000; ms <= hours6; ms += 9_000) {
            loop.advanceMs(9_000);
            write(audio(ms));
        }
        write(video(hours6 + 10, true, 300));
        var messages = decode(outlet);
        assertThat(messages.getLast()).isEqualTo(new Message(9, hours6 + 110, 1, 305, 0x17));
        // a newcomer that sees only the end starts near zero too
        assertThat(decode(play(2)).getLast().timestampMs()).isBetween(0L, 10_100L);
    }

    @Test
    void changedConfigurationIsSentBeforeTheNextFrame() {
        write(new TracksChanged(0, List.of(VIDEO), 1), video(0, true, 300));
        var outlet = play(1);
        write(new TracksChanged(33 * MS, List.of(VIDEO, AUDIO), 1), audio(40));
        var messages = decode(outlet);
        assertThat(messages.subList(messages.size() - 2, messages.size()))
                .extracting(Message::type)
                .containsExactly(8, 8);
        assertThat(messages.getLast().timestampMs()).isEqualTo(140);
    }
}
