package dev.sluice.media.flv;

import static dev.sluice.media.Bytes.hex;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.media.Codec;
import dev.sluice.media.CodecConfig;
import dev.sluice.media.Frame;
import dev.sluice.media.FrameKind;
import dev.sluice.media.Metadata;
import dev.sluice.media.Payload;
import dev.sluice.media.Track;
import dev.sluice.media.codec.h264.AvcConfig;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class FlvMuxerTest {
    private static final long MS = 1_000_000;
    private static final Track VIDEO = new Track(0, Codec.H264, AvcConfig.parse(hex("0142c00a ff e0 00")));
    private static final Track SPEEX = new Track(0, Codec.SPEEX, new CodecConfig.Opaque(Payload.EMPTY));
    private static final FlvMuxer PLAIN = new FlvMuxer(FlvDialect.PLAIN);

    @Test
    void keepsThePresentationOffsetWhereverTheFrameIsOnTheTimeline() {
        var frame = new Frame(VIDEO, 0, 80 * MS, FrameKind.INTER, hex("00000001 41"));
        for (long dtsNs : new long[] {0, 1, 999_999, 1_000_000, 123_456_789, -1}) {
            assertThat(body(frame.at(dtsNs))).isEqualTo(hex("27 01 000050 00000001 41"));
        }
    }

    @Test
    void writesNegativeOffsetsAndClampsWhatDoesNotFit() {
        assertThat(body(new Frame(VIDEO, 100 * MS, 90 * MS, FrameKind.KEY, hex("65"))))
                .isEqualTo(hex("17 01 fffff6 65"));
        assertThat(body(new Frame(VIDEO, 0, Long.MAX_VALUE / 2, FrameKind.KEY, hex("65"))))
                .isEqualTo(hex("17 01 7fffff 65"));
    }

    @Test
    void writesDisposableFramesAsInterFrames() {
        assertThat(body(new Frame(VIDEO, 0, 0, FrameKind.DISPOSABLE, hex("01"))))
                .isEqualTo(hex("27 01 000000 01"));
    }

    @Test
    void writesCommandsAsTheyCame() {
        assertThat(body(new Frame(VIDEO, 0, 0, FrameKind.COMMAND, hex("5700")))).isEqualTo(hex("5700"));
    }

    @Test
    void writesOpaqueFramesWithoutHeader() {
        assertThat(body(new Frame(SPEEX, 0, 0, FrameKind.KEY, hex("b6ffe3")))).isEqualTo(hex("b6ffe3"));
        assertThat(PLAIN.headers(SPEEX)).isEmpty();
    }

    @Test
    void namesTheTagTypeOfATrack() {
        assertThat(FlvMuxer.tagType(VIDEO)).isEqualTo(FlvTag.VIDEO);
        assertThat(FlvMuxer.tagType(SPEEX)).isEqualTo(FlvTag.AUDIO);
    }

    @Test
    void writesLongNamesAsLongStrings() {
        var body = FlvMuxer.scriptBody(new Metadata(0, "a".repeat(0x1_0000), hex("05")));
        assertThat(body.part(0, 6)).isEqualTo(hex("0c 00010000 61"));
        assertThat(body.length()).isEqualTo(5 + 0x1_0000 + 1);
    }

    private static Payload body(Frame frame) {
        var out = Unpooled.buffer();
        PLAIN.writeBody(frame, out);
        assertThat(out.readableBytes()).isEqualTo(PLAIN.bodyBytes(frame));
        return Payload.copyOf(out);
    }
}
