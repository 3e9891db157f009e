package dev.sluice.media.flv;

import dev.sluice.media.CodecConfig;
import dev.sluice.media.Frame;
import dev.sluice.media.FrameKind;
import dev.sluice.media.Metadata;
import dev.sluice.media.Payload;
import dev.sluice.media.Track;
import dev.sluice.media.TrackKind;
import dev.sluice.media.VideoConfig;
import dev.sluice.media.codec.aac.AacConfig;
import dev.sluice.media.codec.mp3.Mp3Config;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Turns entries back into tag bodies, which are also RTMP messages, in one dialect. Keeps no state: each entry is
/// written by itself. Default tracks of the original codecs have the original form; other codecs have a FourCC; other
/// tracks are packets of one track each, because there are readers that stumble over packets of several.
///
/// @spec https://rtmp.veriskope.com/pdf/video_file_format_spec_v10_1.pdf FLV 10.1 §E.4
/// @spec https://veovera.org/docs/enhanced/enhanced-rtmp-v2 E-RTMP v2, ExVideoTagHeader and ExAudioTagHeader
public final class FlvMuxer {
    private static final long NS_PER_MS = 1_000_000;
    private static final int MIN_COMPOSITION_MS = -(1 << 23);
    private static final int MAX_COMPOSITION_MS = (1 << 23) - 1;

    /// AAC is always announced as 44 kHz, 16 bits, stereo, whatever it is. FLV 10.1 §E.4.2.1
    private static final int AAC_FIRST_BYTE = 0xaf;
    private static final int AMF0_STRING = 2;
    private static final int AMF0_LONG_STRING = 12;
    private static final int MAX_HEADER_BYTES = 32;

    private final FlvDialect dialect;

    public FlvMuxer(FlvDialect dialect) {
        this.dialect = dialect;
    }

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

    /// Whether the dialect has this track; nothing of another may be given here.
    public boolean carries(Track track) {
        return dialect.carries(track);
    }

    /// How many bytes [#writeBody] will write.
    public int bodyBytes(Frame frame) {
        return headerBytes(frame) + frame.payload().length();
    }

    public void writeBody(Frame frame, ByteBuf out) {
        if (!isWhole(frame)) {
            writeHeader(frame, out);
        }
        int at = out.writerIndex();
        frame.payload().writeTo(out);
        boolean oldForm = Form.of(frame.track(), dialect) == Form.ORIGINAL;
        if (frame.kind() == FrameKind.COMMAND && oldForm && out.writerIndex() > at) {
            // an enhanced first byte would look like an unknown codec to an old player
            out.setByte(
                    at, VideoBodies.FRAME_COMMAND << 4 | frame.track().codec().flvId());
        }
    }

    /// The bodies that a decoder needs before the track's first frame, in their order; none for codecs that need none.
    public List<Payload> headers(Track track) {
        return headers(track, List.of(track));
    }

    /// The same for a track among others. Its colours go without the track's number, because there are readers that
    /// take a numbered packet for a picture; where the default track has the same codec they are left out.
    public List<Payload> headers(Track track, List<Track> among) {
        var bodies = new ArrayList<Payload>();
        if (Form.of(track, dialect) == Form.ORIGINAL) {
            originalHeader(track).ifPresent(bodies::add);
            return bodies;
        }
        bodies.add(packet(track, ExPacket.SEQUENCE_START, ExPacket.record(track)));
        if (track.kind() == TrackKind.AUDIO && track.side().channelLayout().length() > 0) {
            bodies.add(packet(track, ExPacket.AUDIO_CHANNELS, track.side().channelLayout()));
        }
        if (track.kind() == TrackKind.VIDEO && track.side().colorInfo().length() > 0) {
            var first = among.stream()
                    .filter(other -> other.codec() == track.codec())
                    .findFirst();
            if (first.filter(track::equals).isPresent()) {
                bodies.add(colours(track));
            }
        }
        return bodies;
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

    /// Commands and codecs that are not read are carried whole.
    private static boolean isWhole(Frame frame) {
        return frame.kind() == FrameKind.COMMAND || frame.track().config() instanceof CodecConfig.Opaque;
    }

    private int headerBytes(Frame frame) {
        if (isWhole(frame)) {
            return 0;
        }
        var track = frame.track();
        return switch (Form.of(track, dialect)) {
            case ORIGINAL ->
                switch (track.config()) {
                    case AacConfig aac -> 2;
                    case Mp3Config mp3 -> 1;
                    default -> AvcPacket.HEADER_BYTES;
                };
            case FOURCC, TRACK -> {
                int time = ExPacket.hasCompositionTime(track.codec()) ? 3 : 0;
                int extension = extensionNs(frame) > 0 ? ExPacket.NANOSECONDS_BYTES : 0;
                yield ExPacket.headerBytes(track) + extension + time;
            }
        };
    }

    private void writeHeader(Frame frame, ByteBuf out) {
        var track = frame.track();
        switch (Form.of(track, dialect)) {
            case ORIGINAL -> writeOriginalHeader(frame, out);
            case FOURCC, TRACK -> {
                ExPacket.writeHeader(track, frameType(frame), ExPacket.CODED_FRAMES, extensionNs(frame), out);
                if (ExPacket.hasCompositionTime(track.codec())) {
                    out.writeMedium(compositionMs(frame));
                }
            }
        }
    }

    private static void writeOriginalHeader(Frame frame, ByteBuf out) {
        switch (frame.track().config()) {
            case AacConfig aac -> out.writeByte(AAC_FIRST_BYTE).writeByte(1);
            case Mp3Config mp3 -> out.writeByte(mp3.flvHeader());
            default -> {
                int type = frame.kind() == FrameKind.KEY ? VideoBodies.FRAME_KEY : VideoBodies.FRAME_INTER;
                out.writeByte(type << 4 | frame.track().codec().flvId());
                out.writeByte(1);
                out.writeMedium(compositionMs(frame));
            }
        }
    }

    private static int frameType(Frame frame) {
        return switch (frame.kind()) {
            case KEY -> VideoBodies.FRAME_KEY;
            case INTER -> VideoBodies.FRAME_INTER;
            case DISPOSABLE -> VideoBodies.FRAME_DISPOSABLE;
            case COMMAND -> VideoBodies.FRAME_COMMAND;
        };
    }

    private static Optional<Payload> originalHeader(Track track) {
        return switch (track.config()) {
            case VideoConfig config -> {
                var out =
                        Unpooled.buffer(AvcPacket.HEADER_BYTES + config.record().length());
                out.writeByte(VideoBodies.FRAME_KEY << 4 | track.codec().flvId());
                out.writeInt(0); // packet type 0, composition time 0
                config.record().writeTo(out);
                yield Optional.of(Payload.copyOf(out));
            }
            case AacConfig config -> {
                var out = Unpooled.buffer(2 + config.asc().length());
                out.writeByte(AAC_FIRST_BYTE).writeByte(0);
                config.asc().writeTo(out);
                yield Optional.of(Payload.copyOf(out));
            }
            case CodecConfig.Opaque(var header) -> header.length() == 0 ? Optional.empty() : Optional.of(header);
            default -> Optional.empty();
        };
    }

    private static Payload packet(Track track, int packetType, Payload content) {
        var out = Unpooled.buffer(MAX_HEADER_BYTES + content.length());
        ExPacket.writeHeader(track, VideoBodies.FRAME_KEY, packetType, 0, out);
        content.writeTo(out);
        return Payload.copyOf(out);
    }

    /// FFmpeg only takes it for metadata when the frame type is that of a command.
    private static Payload colours(Track track) {
        var info = track.side().colorInfo();
        var out = Unpooled.buffer(MAX_HEADER_BYTES + info.length());
        var unnumbered = new Track(0, track.codec(), track.config());
        ExPacket.writeHeader(unnumbered, VideoBodies.FRAME_COMMAND, ExPacket.VIDEO_METADATA, 0, out);
        info.writeTo(out);
        return Payload.copyOf(out);
    }

    private static int compositionMs(Frame frame) {
        long ms = timestampMs(frame.ptsNs()) - timestampMs(frame.dtsNs());
        return (int) Math.clamp(ms, MIN_COMPOSITION_MS, MAX_COMPOSITION_MS);
    }

    /// What the presentation time has below a millisecond, if the dialect can say it.
    private int extensionNs(Frame frame) {
        return dialect.nanoseconds() ? (int) Math.floorMod(frame.ptsNs(), NS_PER_MS) : 0;
    }
}
