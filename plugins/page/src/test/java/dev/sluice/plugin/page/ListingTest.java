package dev.sluice.plugin.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.hub.ContinuitySettings;
import dev.sluice.hub.EndReason;
import dev.sluice.hub.Publication;
import dev.sluice.hub.StreamName;
import dev.sluice.media.Codec;
import dev.sluice.media.CodecConfig;
import dev.sluice.media.Frame;
import dev.sluice.media.FrameKind;
import dev.sluice.media.Metadata;
import dev.sluice.media.Payload;
import dev.sluice.media.Track;
import dev.sluice.media.TracksChanged;
import dev.sluice.media.codec.aac.AacConfig;
import dev.sluice.media.codec.h264.AvcConfig;
import dev.sluice.media.codec.h264.SpsInfo;
import dev.sluice.server.spi.AppSettings;
import dev.sluice.server.spi.AppSettings.PublishPolicy;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ListingTest {
    private static final long NOW_MS = FakeServer.STARTED_AT_MS + 65_000;
    private static final Track PICTURE = new Track(0, Codec.H264, avc(1280, 720));
    private static final Track SOUND = new Track(0, Codec.AAC, aac(48_000, 2));

    private final FakeServer server = new FakeServer();
    private final Listing listing = new Listing(server, () -> NOW_MS);

    @Test
    void describesAStreamToTheLastComponent() {
        server.listeners.put("rtmp", InetSocketAddress.createUnresolved("127.0.0.1", 1935));
        server.listeners.put("http", InetSocketAddress.createUnresolved("127.0.0.1", 8080));
        server.viewers.put(new StreamName("live", "demo"), 3);
        var stream = server.publish("live", "demo");
        stream.write(new TracksChanged(0, List.of(PICTURE, SOUND), 1));
        writeTwoSecondsOfVideo(stream);

        assertThat(json()).isEqualTo(JsonMapper.shared().readTree("""
                {"nowMs": 1700000065000, "listsAll": true, "listeners": {"http": 8080, "rtmp": 1935}, "streams": [
                  {"app": "live", "name": "demo", "startedAtMs": 1700000000000, "uptimeMs": 65000,
                   "bitsPerSecond": 200000, "framesPerSecond": 25.0, "viewers": 3, "silentMs": 40, "repairs": {},
                   "driftMs": 0, "gaps": 0, "gapMs": 0,
                   "waiting": false, "tracks": [
                     {"kind": "video", "codec": "H.264", "width": 1280, "height": 720},
                     {"kind": "audio", "codec": "AAC", "sampleRateHz": 48000, "channels": 2}],
                   "events": [{"atMs": 1700000000000, "kind": "published", "text": "Published."}]}]}"""));
    }

    @Test
    void namesACodecThatIsNotReadAndAPictureOfUnknownSize() {
        var stream = server.publish("live", "odd");
        var opaque = new CodecConfig.Opaque(Payload.EMPTY);
        var tracks = List.of(new Track(0, Codec.H264, avc(0, 0)), new Track(0, Codec.G711U, opaque));
        stream.write(new TracksChanged(0, tracks, 1));

        assertThat(json().at("/streams/0/tracks")).isEqualTo(JsonMapper.shared().readTree("""
                [{"kind": "video", "codec": "H.264"}, {"kind": "audio", "codec": "G.711 µ-law"}]"""));
    }

    @Test
    void listsEveryStreamWhileTheServerListensOnLoopbackOnly() {
        server.publish("live", "b");
        server.publish("live", "a");
        server.publish("studio/one", "c");

        assertThat(names()).containsExactly("live/a", "live/b", "studio/one/c");
        assertThat(json().at("/listsAll").booleanValue()).isTrue();
    }

    @Test
    void listsOnlyStreamsOfListedApplicationsBeyondLoopback() {
        server.loopbackOnly = false;
        server.apps.put("show", new AppSettings(true, PublishPolicy.OPEN, Map.of()));
        server.apps.put("private", new AppSettings(false, PublishPolicy.OPEN, Map.of()));
        server.publish("show", "a");
        server.publish("private", "b");
        server.publish("unheard-of", "c");

        assertThat(names()).containsExactly("show/a");
        assertThat(json().at("/listsAll").booleanValue()).isFalse();
    }

    @Test
    void saysThatAStreamWaitsForItsPublisher() {
        server.continuity = ContinuitySettings.DEFAULTS;
        var stream = server.publish("live", "demo");
        stream.write(new TracksChanged(0, List.of(PICTURE), 1));
        writeVideo(stream, 0);
        stream.close(EndReason.CONNECTION_LOST);

        assertThat(json().at("/streams/0/waiting").booleanValue()).isTrue();
        assertThat(json().at("/streams/0/bitsPerSecond").intValue()).isZero();
        assertThat(json().at("/streams/0/events/1/kind").stringValue()).isEqualTo("waiting");
    }

    @Test
    void forgetsAStreamWhenItEnds() {
        var stream = server.publish("live", "demo");
        assertThat(names()).containsExactly("live/demo");

        stream.close(EndReason.CLIENT_DONE);

        assertThat(names()).isEmpty();
    }

    @Test
    void countsWhatWasMendedInThePublishersClock() {
        var stream = server.publish("live", "demo");
        stream.write(new TracksChanged(0, List.of(PICTURE), 1));
        writeVideo(stream, 0);
        writeVideo(stream, 40);
        writeVideo(stream, 3_600_000);
        writeVideo(stream, 3_600_040);

        assertThat(json().at("/streams/0/repairs").toString()).isEqualTo("{\"jump-ahead\":1}");
    }

    @Test
    void tellsNeitherKeysNorAddressesNorWhatThePublisherSays() {
        server.loopbackOnly = false;
        server.apps.put("live", new AppSettings(true, PublishPolicy.KEYS, Map.of("demo", "hunter2")));
        server.listeners.put("rtmp", InetSocketAddress.createUnresolved("192.0.2.44", 1935));
        var stream = server.publish("live", "demo");
        var hostile = "<script>alert(1)</script>".getBytes(StandardCharsets.UTF_8);
        stream.write(new Metadata(0, "onMetaData", Payload.of(hostile)));

        assertThat(listingText()).contains("demo").doesNotContain("hunter2", "192.0.2.44", "script");
    }

    @Test
    void keepsEveryCharacterThatANameMayHave() {
        server.publish("a.b~c-d", "x~=@+:-.y");

        assertThat(names()).containsExactly("a.b~c-d/x~=@+:-.y");
    }

    @Test
    void isNeitherKeptNorGuessedToBeAnythingButJson() {
        server.http().get(Listing.PATH, listing::serve);

        var answer = server.get(Listing.PATH);

        assertThat(answer.contentType()).isEqualTo("application/json");
        assertThat(answer.headers())
                .containsEntry("Cache-Control", "no-store")
                .containsEntry("X-Content-Type-Options", "nosniff");
    }

    @Test
    void uptimeNeverRunsBackWhenTheWallClockDoes() {
        server.publish("live", "demo");
        var early = new Listing(server, () -> FakeServer.STARTED_AT_MS - 5_000);

        assertThat(early.answer().streams().getFirst().uptimeMs()).isZero();
    }

    private JsonNode json() {
        return JsonMapper.shared().readTree(listingText());
    }

    private String listingText() {
        server.routes.put(Listing.PATH, listing::serve);
        return server.get(Listing.PATH).text();
    }

    private List<String> names() {
        return json().at("/streams")
                .valueStream()
                .map(stream -> stream.at("/app").stringValue() + "/"
                        + stream.at("/name").stringValue())
                .toList();
    }

    /// 25 frames of 1000 bytes in each second.
    private void writeTwoSecondsOfVideo(Publication stream) {
        for (int i = 0; i <= 50; i++) {
            writeVideo(stream, i * 40L);
            server.loop.nowNs += 40_000_000L;
        }
    }

    private static void writeVideo(Publication stream, long dtsMs) {
        long dtsNs = dtsMs * 1_000_000L;
        var kind = dtsMs % 1000 == 0 ? FrameKind.KEY : FrameKind.INTER;
        stream.write(new Frame(PICTURE, dtsNs, dtsNs, kind, Payload.of(new byte[1000])));
    }

    private static AvcConfig avc(int width, int height) {
        return new AvcConfig(
                Payload.EMPTY,
                4,
                List.of(),
                List.of(),
                new SpsInfo(100, 0, 31, 1, 8, 8, width, height, 0, dev.sluice.media.Colour.UNKNOWN));
    }

    private static AacConfig aac(int sampleRate, int channels) {
        return new AacConfig(Payload.EMPTY, 2, sampleRate, channels, 1024, false, false);
    }
}
