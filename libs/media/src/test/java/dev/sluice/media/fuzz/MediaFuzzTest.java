package dev.sluice.media.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sluice.media.AudioConfig;
import dev.sluice.media.Codec;
import dev.sluice.media.CodecConfig;
import dev.sluice.media.Entry;
import dev.sluice.media.Frame;
import dev.sluice.media.FrameKind;
import dev.sluice.media.Malformed;
import dev.sluice.media.Payload;
import dev.sluice.media.Track;
import dev.sluice.media.TracksChanged;
import dev.sluice.media.VideoConfig;
import dev.sluice.media.bits.Rbsp;
import dev.sluice.media.codec.aac.AacConfig;
import dev.sluice.media.codec.aac.Adts;
import dev.sluice.media.codec.ac3.Ac3Config;
import dev.sluice.media.codec.ac3.Eac3Config;
import dev.sluice.media.codec.av1.Av1Config;
import dev.sluice.media.codec.av1.Av1SequenceInfo;
import dev.sluice.media.codec.av1.Av1Units;
import dev.sluice.media.codec.av1.Obus;
import dev.sluice.media.codec.flac.FlacConfig;
import dev.sluice.media.codec.h264.AvcConfig;
import dev.sluice.media.codec.h264.NalUnits;
import dev.sluice.media.codec.h264.SpsInfo;
import dev.sluice.media.codec.h265.HevcConfig;
import dev.sluice.media.codec.h265.HevcSpsInfo;
import dev.sluice.media.codec.h265.HevcUnits;
import dev.sluice.media.codec.h266.VvcConfig;
import dev.sluice.media.codec.mp3.Mp3Config;
import dev.sluice.media.codec.opus.OpusConfig;
import dev.sluice.media.codec.vpx.VpConfig;
import dev.sluice.media.codec.vpx.VpFrames;
import dev.sluice.media.flv.FlvDemuxer;
import dev.sluice.media.flv.FlvDialect;
import dev.sluice.media.flv.FlvFileReader;
import dev.sluice.media.flv.FlvMuxer;
import dev.sluice.media.flv.FlvTag;
import dev.sluice.media.mp4.CmafMuxer;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/// One fuzz target for every decoder of this module. Without `JAZZER_FUZZ=1` they only run their seeds. Whatever the
/// bytes: an answer whose methods work, or [Malformed].
class MediaFuzzTest {
    private static final int MAX_TAG_BYTES = 1 << 20;

    /// However a file is cut, the same tags come out of it.
    @FuzzTest(maxDuration = "10m")
    void flvFileReader(byte[] bytes) {
        var whole = tags(bytes, Math.max(1, bytes.length));
        assertThat(tags(bytes, 1)).isEqualTo(whole);
    }

    private static List<FlvTag> tags(byte[] bytes, int step) {
        var tags = new ArrayList<FlvTag>();
        var reader = new FlvFileReader(MAX_TAG_BYTES);
        try {
            for (int at = 0; at < bytes.length; at += step) {
                reader.feed(Unpooled.wrappedBuffer(bytes, at, Math.min(step, bytes.length - at)), tags::add);
            }
        } catch (Malformed expected) {
            assertThat(expected.scope()).isEqualTo(Malformed.Scope.STREAM);
        }
        return tags;
    }

    /// A file's tags as a publisher would send them. What is read can be written again, in exactly the size foretold,
    /// and every configuration fits the MP4 muxer if it says so.
    @FuzzTest(maxDuration = "10m")
    void flvDemuxer(byte[] bytes) {
        var demuxer = new FlvDemuxer(1);
        var entries = new ArrayList<Entry>();
        for (var tag : tags(bytes, Math.max(1, bytes.length))) {
            try {
                demuxer.accept(tag.type(), tag.timestampMs(), tag.body(), entries::add);
            } catch (Malformed expected) {
                assertThat(expected.scope()).isEqualTo(Malformed.Scope.FRAME);
            }
        }
        assertThat(demuxer.tracks()).hasSizeLessThanOrEqualTo(FlvDemuxer.DEFAULT_MAX_TRACKS + 2);
        for (var dialect : List.of(FlvDialect.PLAIN, FlvDialect.SINGLE_TRACKS, FlvDialect.EVERYTHING)) {
            entries.forEach(entry -> write(entry, new FlvMuxer(dialect)));
        }
    }

    private static void write(Entry entry, FlvMuxer muxer) {
        if (entry instanceof Frame frame && muxer.carries(frame.track())) {
            var out = Unpooled.buffer();
            muxer.writeBody(frame, out);
            assertThat(out.readableBytes()).isEqualTo(muxer.bodyBytes(frame));
        } else if (entry instanceof TracksChanged changed) {
            for (var track : changed.tracks()) {
                if (muxer.carries(track)) {
                    muxer.headers(track, changed.tracks());
                }
                if (CmafMuxer.carries(track)) {
                    assertThat(CmafMuxer.init(List.of(track)).length()).isPositive();
                }
            }
        }
    }

    @FuzzTest(maxDuration = "10m")
    void avcConfig(byte[] bytes) {
        config(bytes, Codec.H264, AvcConfig::parse);
    }

    @FuzzTest(maxDuration = "10m")
    void hevcConfig(byte[] bytes) {
        config(bytes, Codec.H265, HevcConfig::parse);
    }

    @FuzzTest(maxDuration = "10m")
    void vvcConfig(byte[] bytes) {
        config(bytes, Codec.H266, VvcConfig::parse);
    }

    @FuzzTest(maxDuration = "10m")
    void av1Config(byte[] bytes) {
        config(bytes, Codec.AV1, Av1Config::parse);
    }

    @FuzzTest(maxDuration = "10m")
    void vpConfig(byte[] bytes) {
        config(bytes, Codec.VP9, payload -> VpConfig.parse(Codec.VP9, payload));
    }

    @FuzzTest(maxDuration = "10m")
    void aacConfig(byte[] bytes) {
        config(bytes, Codec.AAC, AacConfig::parse);
    }

    @FuzzTest(maxDuration = "10m")
    void opusConfig(byte[] bytes) {
        config(bytes, Codec.OPUS, OpusConfig::parse);
    }

    @FuzzTest(maxDuration = "10m")
    void flacConfig(byte[] bytes) {
        config(bytes, Codec.FLAC, FlacConfig::parse);
    }

    @FuzzTest(maxDuration = "10m")
    void ac3Config(byte[] bytes) {
        config(bytes, Codec.AC3, Ac3Config::ofFrame);
    }

    @FuzzTest(maxDuration = "10m")
    void eac3Config(byte[] bytes) {
        config(bytes, Codec.EAC3, Eac3Config::ofFrame);
    }

    @FuzzTest(maxDuration = "10m")
    void mp3Config(byte[] bytes) {
        config(bytes, Codec.MP3, payload -> Mp3Config.ofFrame(payload, 0x2f));
    }

    private static void config(byte[] bytes, Codec codec, Function<Payload, ? extends CodecConfig> parse) {
        var payload = Payload.of(bytes);
        attempt(() -> {
            var config = parse.apply(payload);
            assertThat(config.equals(parse.apply(payload))).isTrue();
            assertThat(config.hashCode()).isEqualTo(parse.apply(payload).hashCode());
            switch (config) {
                case VideoConfig video -> {
                    assertThat(video.codecString()).isNotEmpty();
                    assertThat(video.width()).isBetween(0, 65_536);
                    assertThat(video.framesPerSecond()).isBetween(0.0, 1000.0);
                }
                case AudioConfig audio -> {
                    assertThat(audio.codecString()).isNotEmpty();
                    assertThat(audio.sampleRate()).isPositive();
                    assertThat(audio.samplesIn(payload)).isNotNegative();
                }
                default -> {}
            }
            var track = new Track(0, codec, config);
            return CmafMuxer.carries(track) ? CmafMuxer.init(List.of(track)) : Payload.EMPTY;
        });
    }

    @FuzzTest(maxDuration = "10m")
    void spsInfo(byte[] bytes) {
        attempt(() -> SpsInfo.parse(Payload.of(bytes)));
    }

    @FuzzTest(maxDuration = "10m")
    void hevcSpsInfo(byte[] bytes) {
        attempt(() -> HevcSpsInfo.parse(Payload.of(bytes)));
    }

    @FuzzTest(maxDuration = "10m")
    void av1SequenceInfo(byte[] bytes) {
        attempt(() -> Av1SequenceInfo.parse(Payload.of(bytes)));
    }

    /// What was put into its normal form stays as it is, and can be walked.
    @FuzzTest(maxDuration = "10m")
    void nalUnits(byte[] bytes) {
        for (int lengthSize = 1; lengthSize <= 4; lengthSize++) {
            int size = lengthSize;
            attempt(() -> {
                var normal = NalUnits.normalise(Payload.of(bytes), size);
                if (normal.length() > 0) {
                    assertThat(NalUnits.normalise(normal, 4)).isEqualTo(normal);
                    NalUnits.kindOf(normal, true);
                    HevcUnits.kindOf(normal, FrameKind.INTER);
                    HevcUnits.ofType(normal, HevcConfig.NAL_SPS);
                }
                return normal;
            });
        }
    }

    @FuzzTest(maxDuration = "10m")
    void obus(byte[] bytes) {
        attempt(() -> Obus.first(Payload.of(bytes), Obus.SEQUENCE_HEADER));
        attempt(() -> {
            var units = Av1Units.of(Payload.of(bytes), false);
            assertThat(Av1Units.of(units.payload(), false).payload()).isEqualTo(units.payload());
            return units;
        });
    }

    @FuzzTest(maxDuration = "10m")
    void vpFrames(byte[] bytes) {
        attempt(() -> VpFrames.keyFrameSize(Codec.VP8, Payload.of(bytes)));
        attempt(() -> VpFrames.keyFrameSize(Codec.VP9, Payload.of(bytes)));
    }

    @FuzzTest(maxDuration = "10m")
    void adtsAndRbsp(byte[] bytes) {
        assertThat(Adts.strip(Payload.of(bytes)).length()).isLessThanOrEqualTo(bytes.length);
        assertThat(Rbsp.of(Payload.of(bytes), 2).length()).isLessThanOrEqualTo(bytes.length);
    }

    private static void attempt(Supplier<?> decoder) {
        try {
            assertThat(decoder.get()).isNotNull();
        } catch (Malformed expected) {
            assertThat(expected.getStackTrace()).isEmpty();
        }
    }
}
