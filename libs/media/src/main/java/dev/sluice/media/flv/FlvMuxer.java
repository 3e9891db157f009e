package dev.sluice.media.flv;

import dev.sluice.media.Codec;
import dev.sluice.media.CodecConfig;
import dev.sluice.media.Frame;
import dev.sluice.media.FrameKind;
import dev.sluice.media.Metadata;
import dev.sluice.media.Payload;
import dev.sluice.media.Track;
import dev.sluice.media.codec.aac.AacConfig;
import dev.sluice.media.codec.h264.AvcConfig;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Turns entries back into tag bodies, which are also RTMP messages. Keeps no state: each entry is written by
/// itself.
///
/// @spec https://rtmp.veriskope.com/pdf/video_file_format_spec_v10_1.pdf FLV 10.1 §E.4
public final class FlvMuxer {
    private static final long NS_PER_MS = 1_000_000;
    private static final int MIN_COMPOSITION_MS = -(1 << 23);
    private static final int MAX_COMPOSITION_MS = (1 << 23) - 1;

    /// AAC is always announced as 44 kHz, 16 bits, stereo, whatever it is. FLV 10.1 §E.4.2.1
    private static final int AAC_FIRST_BYTE = 0xaf;
    private static final int AAC_HEADER_BYTES = 2;
    private static final int AMF0_STRING = 2;
    private static final int AMF0_LONG_STRING = 12;

    private FlvMuxer() {}

    /// The tag type that carries the track: [FlvTag#AUDIO], [FlvTag#VIDEO] or [FlvTag#SCRIPT].
    public static int tagType(Track track) {
        return switch (track.kind()) {
            case AUDIO -> FlvTag.AUDIO;
            case VIDEO -> FlvTag.VIDEO;
            case DATA -> FlvTag.SCRIPT;
        };
    }

    /// A time of the stream in whole milliseconds, rounded down, not wrapped.
    public static long timestampMs(long timeNs) {
        return Math.floorDiv(timeNs, NS_PER_MS);
    }

    /// How many bytes [#writeBody] will write.
    public static int bodyBytes(Frame frame) {
        return headerBytes(frame) + frame.payload().length();
    }

    public static void writeBody(Frame frame, ByteBuf out) {
        if (headerBytes(frame) > 0) {
            switch (frame.track().config()) {
                case AvcConfig _ -> writeAvcHeader(frame, out);
                case AacConfig _ -> out.writeByte(AAC_FIRST_BYTE).writeByte(1);
                default -> throw notCarried(frame.track());
            }
        }
        frame.payload().writeTo(out);
    }

    /// The body that a decoder needs before the track's first frame; empty for codecs that need none.
    public static Optional<Payload> sequenceHeader(Track track) {
        return switch (track.config()) {
            case AvcConfig config -> {
                var out = Unpooled.buffer(AvcPacket.HEADER_BYTES + config.avcC().length());
                out.writeByte(VideoBodies.FRAME_KEY << 4 | Codec.H264.flvId());
                out.writeInt(0); // packet type 0, composition time 0
                config.avcC().writeTo(out);
                yield Optional.of(Payload.copyOf(out));
            }
            case AacConfig config -> {
                var out = Unpooled.buffer(AAC_HEADER_BYTES + config.asc().length());
                out.writeByte(AAC_FIRST_BYTE).writeByte(0);
                config.asc().writeTo(out);
                yield Optional.of(Payload.copyOf(out));
            }
            case CodecConfig.Opaque(var header) -> header.length() == 0 ? Optional.empty() : Optional.of(header);
            default -> throw notCarried(track);
        };
    }

    /// The body of a script tag: the name, then the values as they came.
    public static Payload scriptBody(Metadata metadata) {
        var name = metadata.name().getBytes(StandardCharsets.UTF_8);
        var out = Unpooled.buffer(5 + name.length + metadata.value().length());
        if (name.length <= 0xffff) {
            out.writeByte(AMF0_STRING).writeShort(name.length);
        } else {
            out.writeByte(AMF0_LONG_STRING).writeInt(name.length);
        }
        out.writeBytes(name);
        metadata.value().writeTo(out);
        return Payload.copyOf(out);
    }

    private static int headerBytes(Frame frame) {
        if (frame.kind() == FrameKind.COMMAND) {
            return 0; // carried whole
        }
        return switch (frame.track().config()) {
            case AvcConfig _ -> AvcPacket.HEADER_BYTES;
            case AacConfig _ -> AAC_HEADER_BYTES;
            case CodecConfig.Opaque _ -> 0;
            default -> throw notCarried(frame.track());
        };
    }

    private static IllegalArgumentException notCarried(Track track) {
        return new IllegalArgumentException(
                "FLV does not carry " + track.codec().label());
    }

    private static void writeAvcHeader(Frame frame, ByteBuf out) {
        int frameType = frame.kind() == FrameKind.KEY ? VideoBodies.FRAME_KEY : VideoBodies.FRAME_INTER;
        out.writeByte(frameType << 4 | Codec.H264.flvId());
        out.writeByte(1);
        long compositionMs = timestampMs(frame.ptsNs()) - timestampMs(frame.dtsNs());
        out.writeMedium((int) Math.clamp(compositionMs, MIN_COMPOSITION_MS, MAX_COMPOSITION_MS));
    }
}
