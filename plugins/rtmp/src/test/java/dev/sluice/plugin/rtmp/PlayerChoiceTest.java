package dev.sluice.plugin.rtmp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.media.Codec;
import dev.sluice.media.CodecConfig;
import dev.sluice.media.Payload;
import dev.sluice.media.Track;
import dev.sluice.media.codec.h266.VvcConfig;
import dev.sluice.media.codec.opus.OpusConfig;
import dev.sluice.media.flv.FlvDialect;
import dev.sluice.rtmp.session.Capabilities;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlayerChoiceTest {
    private static final Track VVC = new Track(0, Codec.H266, VvcConfig.parse(Payload.of(new byte[] {(byte) 0xfe})));
    private static final Track OPUS = new Track(0, Codec.OPUS, OpusConfig.ofChannels(2));
    private static final Track SPEEX = new Track(0, Codec.SPEEX, new CodecConfig.Opaque(Payload.EMPTY));
    private static final Capabilities ONLY_AV1 = new Capabilities(Map.of("av01", Capabilities.DECODE), Map.of(), 0, 0);

    private static PlayerChoice choice(
            Capabilities capabilities, Map<String, String> query, RtmpSettings.Undeclared undeclared, Track... tracks) {
        return PlayerChoice.of(capabilities, query, undeclared, List.of(tracks));
    }

    private static PlayerChoice silent(RtmpSettings.Undeclared undeclared, Track... tracks) {
        return choice(Capabilities.NONE, Map.of(), undeclared, tracks);
    }

    @Test
    void whoSaysNothingGetsWhatTheSettingSays() {
        assertThat(silent(RtmpSettings.Undeclared.FOURCC, VVC).dialect()).isEqualTo(FlvDialect.SINGLE_TRACKS);
        assertThat(silent(RtmpSettings.Undeclared.NONE, VVC).dialect()).isEqualTo(FlvDialect.PLAIN);
        assertThat(silent(RtmpSettings.Undeclared.ID12, VVC).dialect().hevcAsId12())
                .isTrue();
    }

    @Test
    void whoSaysItGetsTheCodecsThatHePlays() {
        var choice = choice(ONLY_AV1, Map.of(), RtmpSettings.Undeclared.FOURCC, VVC, OPUS);
        assertThat(choice.dialect().enhanced()).isEmpty();
        assertThat(choice.nothingToShow(List.of(VVC, OPUS)))
                .hasValueSatisfying(why -> assertThat(why).contains("H.266 and Opus"));
        assertThat(choice.nothingToShow(List.of(VVC, SPEEX))).isEmpty();
        assertThat(choice.nothingToShow(List.of())).as("nobody knows yet").isEmpty();
    }

    @Test
    void featuresAndWishesMakeTheRest() {
        var all = new Capabilities(
                Map.of("*", Capabilities.DECODE),
                Map.of(),
                Capabilities.MULTITRACK | Capabilities.MOD_EX | Capabilities.NANOSECONDS,
                0);
        assertThat(choice(all, Map.of(), RtmpSettings.Undeclared.NONE, VVC).dialect())
                .isEqualTo(FlvDialect.EVERYTHING);
        assertThat(choice(Capabilities.NONE, Map.of("tracks", "all"), RtmpSettings.Undeclared.FOURCC, VVC)
                        .dialect()
                        .multitrack())
                .isTrue();
        assertThat(choice(Capabilities.NONE, Map.of("hevc", "12"), RtmpSettings.Undeclared.FOURCC, VVC)
                        .dialect()
                        .hevcAsId12())
                .isTrue();
    }

    @Test
    void playersThatDifferInCodecsTheStreamDoesNotHaveShareTheirBytes() {
        var vvcAndAv1 =
                new Capabilities(Map.of("vvc1", Capabilities.DECODE, "av01", Capabilities.DECODE), Map.of(), 0, 0);
        var vvcAndVp9 =
                new Capabilities(Map.of("vvc1", Capabilities.DECODE, "vp09", Capabilities.DECODE), Map.of(), 0, 0);
        assertThat(choice(vvcAndAv1, Map.of(), RtmpSettings.Undeclared.FOURCC, VVC))
                .isEqualTo(choice(vvcAndVp9, Map.of(), RtmpSettings.Undeclared.FOURCC, VVC))
                .isEqualTo(silent(RtmpSettings.Undeclared.FOURCC, VVC));
    }
}
