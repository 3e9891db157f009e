package dev.sluice.plugin.httpflv;

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
import dev.sluice.media.Metadata;
import dev.sluice.media.Payload;
import dev.sluice.media.Track;
import dev.sluice.media.TracksChanged;
import dev.sluice.media.flv.FlvDialect;
import dev.sluice.media.flv.FlvFileReader;
import dev.sluice.media.flv.FlvTag;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What a viewer gets, read by an FLV reader.
class FlvFormatTest {
    private static final long MS = 1_000_000L;
    private static final Payload METADATA = Payload.of(new byte[] {3, 0, 0, 9});
    private static final Track VIDEO = new Track(0, Codec.VP6, new CodecConfig.Opaque(Payload.EMPTY));

    private final ManualLoop loop = new ManualLoop();
    private final Hub hub = new Hub(HubSettings.DEFAULTS, () -> 0);
    private final Publication publication = TestPublisher.publish(hub, new StreamName("live", "x"), loop);

    private void write(Entry... entries) {
        loop.call(() -> List.of(entries).forEach(publication::write));
    }

    /// As VP6 comes: the payload is the whole tag body.
    private static Frame video(long ms, boolean key) {
        byte first = (byte) (key ? 0x14 : 0x24);
        return new Frame(VIDEO, ms * MS, ms * MS, key ? FrameKind.KEY : FrameKind.INTER, Payload.of(new byte[] {
            first, 0, (byte) ms
        }));
    }

    private RecordingOutlet play() {
        var outlet = new RecordingOutlet(loop);
        loop.call(() -> publication.stream().play(new FlvFormat(FlvDialect.SINGLE_TRACKS), outlet, new FlvFraming()));
        return outlet;
    }

    private static List<FlvTag> tags(RecordingOutlet outlet) {
        var tags = new ArrayList<FlvTag>();
        new FlvFileReader(1 << 20).feed(outlet.received().slice(), tags::add);
        return tags;
    }

    @AfterEach
    void freesEverything() {
        loop.call(() -> publication.close(EndReason.PUBLISHER_LEFT));
        loop.advanceMs(60_000);
        assertThat(hub.budget().usedBytes()).isZero();
    }

    @Test
    void everyViewerGetsAFileThatStartsAtZero() {
        write(new TracksChanged(0, List.of(VIDEO), 1), new Metadata(0, "onMetaData", METADATA));
        for (int i = 0; i < 50; i++) {
            write(video(7_000_000 + i * 40L, i % 25 == 0));
        }
        for (var viewer : List.of(play(), play())) {
            var tags = tags(viewer);
            assertThat(tags.getFirst().type()).isEqualTo(FlvTag.SCRIPT);
            var frames = tags.subList(1, tags.size());
            assertThat(frames).hasSize(25);
            assertThat(frames.getFirst().timestampMs()).isZero();
            assertThat(frames.getLast().timestampMs()).isEqualTo(24 * 40);
            assertThat(frames.getFirst().body().get(0)).isEqualTo(0x14);
        }
    }

    @Test
    void tagBodiesLeaveAsTheyCame() {
        write(new TracksChanged(0, List.of(VIDEO), 1), video(0, true));
        var viewer = play();
        write(video(40, false), video(80, false));
        assertThat(tags(viewer))
                .extracting(FlvTag::body)
                .containsExactly(
                        video(0, true).payload(),
                        video(40, false).payload(),
                        video(80, false).payload());
    }

    @Test
    void repeatedMetadataIsPassedOnWithoutAnotherStart() {
        write(new TracksChanged(0, List.of(VIDEO), 1), new Metadata(0, "onMetaData", METADATA), video(0, true));
        var viewer = play();
        write(new Metadata(40 * MS, "onMetaData", METADATA), video(80, false));
        assertThat(tags(viewer)).extracting(FlvTag::type).containsExactly(18, 9, 18, 9);
    }

    @Test
    void endOfTheStreamEndsTheFile() {
        write(new TracksChanged(0, List.of(VIDEO), 1), video(0, true));
        var viewer = play();
        loop.call(() -> publication.close(EndReason.PUBLISHER_LEFT));
        assertThat(viewer.closed()).isTrue();
    }
}
