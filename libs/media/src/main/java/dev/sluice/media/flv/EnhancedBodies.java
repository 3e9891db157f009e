package dev.sluice.media.flv;

import dev.sluice.media.Codec;
import dev.sluice.media.Entry;
import dev.sluice.media.FrameKind;
import dev.sluice.media.Malformed;
import dev.sluice.media.Payload;
import dev.sluice.media.SideData;
import dev.sluice.media.TrackKind;
import dev.sluice.media.bits.BitReader;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/// Reads Enhanced RTMP bodies, versions 1 and 2: takes a message apart into packets of one track each, and gives them
/// to the reader of that track.
///
/// @spec https://veovera.org/docs/enhanced/enhanced-rtmp-v2 E-RTMP v2, ExVideoTagHeader and ExAudioTagHeader
final class EnhancedBodies {
    private static final int MAX_EXTENSIONS = 16;
    private static final int LONG_EXTENSION = 256;
    private static final int MAX_NANOSECONDS = 999_999;
    private static final long NS_PER_MS = 1_000_000;
    private static final int AV1_DESCRIPTOR_TAG = 0x80;
    private static final int AV1_DESCRIPTOR_BYTES = 4;

    /// What all packets of a message share.
    private record Message(TrackKind kind, long timestampMs, FrameKind flagged, long extensionNs, Consumer<Entry> out) {
        boolean video() {
            return kind == TrackKind.VIDEO;
        }
    }

    private final DemuxState state;
    private final Readers readers;

    EnhancedBodies(DemuxState state, Readers readers) {
        this.state = state;
        this.readers = readers;
    }

    /// @param frameType of the message's first byte; metadata comes with any, also that of a command
    /// @return false for a command to the player: nothing was read
    boolean video(long timestampMs, int frameType, Payload body, Consumer<Entry> out) {
        var in = new BitReader(body, "enhanced video message");
        var opened = open(in);
        boolean metadata = opened.packetType == ExPacket.VIDEO_METADATA;
        if (frameType == VideoBodies.FRAME_COMMAND && !metadata) {
            return false;
        }
        var flagged = metadata ? FrameKind.INTER : VideoBodies.flagged(frameType);
        packets(new Message(TrackKind.VIDEO, timestampMs, flagged, opened.extensionNs, out), opened.packetType, in);
        return true;
    }

    void audio(long timestampMs, Payload body, Consumer<Entry> out) {
        var in = new BitReader(body, "enhanced audio message");
        var opened = open(in);
        packets(
                new Message(TrackKind.AUDIO, timestampMs, FrameKind.KEY, opened.extensionNs, out),
                opened.packetType,
                in);
    }

    /// What stands before the packets: their type, behind any extensions.
    private record Opened(int packetType, long extensionNs) {}

    private static Opened open(BitReader in) {
        in.skip(4);
        int packetType = in.bits(4);
        long extensionNs = 0;
        for (int count = 0; packetType == ExPacket.MOD_EX; count++) {
            if (count == MAX_EXTENSIONS) {
                throw Malformed.frame("more than %d extensions in a message", MAX_EXTENSIONS);
            }
            int bytes = in.bits(8) + 1;
            var extension = in.bytes(bytes == LONG_EXTENSION ? in.bits(16) + 1 : bytes);
            int extensionType = in.bits(4);
            packetType = in.bits(4);
            if (extensionType == ExPacket.MOD_EX_NANOSECONDS) {
                extensionNs = nanoseconds(extension);
            }
        }
        return new Opened(packetType, extensionNs);
    }

    private static long nanoseconds(Payload extension) {
        if (extension.length() < 3) {
            throw Malformed.frame("a nanosecond extension of %d bytes", extension.length());
        }
        long ns = extension.get(0) << 16 | extension.get(1) << 8 | extension.get(2);
        return Math.min(ns, MAX_NANOSECONDS);
    }

    private void packets(Message message, int packetType, BitReader in) {
        int multitrack = message.video() ? ExPacket.VIDEO_MULTITRACK : ExPacket.AUDIO_MULTITRACK;
        if (packetType != multitrack) {
            var fourCc = fourCc(in);
            packet(message, fourCc, 0, packetType, rest(in));
            return;
        }
        int form = in.bits(4);
        int innerType = in.bits(4);
        if (innerType == multitrack || form > ExPacket.MANY_TRACKS_MANY_CODECS) {
            state.ignored.unsupported(
                    "a multitrack message of form %d with packets of type %d".formatted(form, innerType));
            return;
        }
        var fourCc = form == ExPacket.MANY_TRACKS_MANY_CODECS ? "" : fourCc(in);
        do {
            var codec = form == ExPacket.MANY_TRACKS_MANY_CODECS ? fourCc(in) : fourCc;
            int id = in.bits(8);
            var content = form == ExPacket.ONE_TRACK ? rest(in) : in.bytes(in.bits(24));
            packet(message, codec, id, innerType, content);
        } while (in.remainingBits() > 0);
    }

    private static String fourCc(BitReader in) {
        return new String(in.bytes(4).toArray(), StandardCharsets.ISO_8859_1);
    }

    private static Payload rest(BitReader in) {
        return in.bytes((int) (in.remainingBits() / 8));
    }

    private void packet(Message message, String fourCc, int id, int packetType, Payload content) {
        var codec = Codec.ofFourCc(message.kind, fourCc);
        if (codec.isEmpty()) {
            state.ignored.unsupported("enhanced RTMP " + (message.video() ? "video" : "audio") + " codec "
                    + printable(fourCc) + " is not known");
            return;
        }
        var reader = readers.of(codec.get(), id);
        if (reader.isEmpty()) {
            return;
        }
        switch (packetType) {
            case ExPacket.SEQUENCE_START -> reader.get().configuration(content, message.timestampMs, message.out);
            case ExPacket.CODED_FRAMES -> codedFrames(message, codec.get(), reader.get(), content);
            case ExPacket.SEQUENCE_END -> state.ignored.count(Ignored.END_OF_SEQUENCE);
            default -> otherPacket(message, codec.get(), id, packetType, content);
        }
    }

    private static void codedFrames(Message message, Codec codec, CodecReader reader, Payload content) {
        if (!ExPacket.hasCompositionTime(codec)) {
            reader.frame(frame(message, 0, content), message.out);
            return;
        }
        var in = new BitReader(content, "coded frame");
        int compositionMs = in.bits(24) << 8 >> 8; // extends the sign
        reader.frame(frame(message, compositionMs, rest(in)), message.out);
    }

    private static CodedFrame frame(Message message, int compositionMs, Payload content) {
        return new CodedFrame(
                message.timestampMs, compositionMs * NS_PER_MS + message.extensionNs, message.flagged, content);
    }

    /// Packets whose numbers mean something in one kind only.
    private void otherPacket(Message message, Codec codec, int id, int packetType, Payload content) {
        if (message.video() && packetType == ExPacket.VIDEO_CODED_FRAMES_X) {
            readers.of(codec, id).ifPresent(reader -> reader.frame(frame(message, 0, content), message.out));
        } else if (message.video() && packetType == ExPacket.VIDEO_METADATA) {
            metadata(message, codec, id, DemuxState.configuration(content));
        } else if (message.video() && packetType == ExPacket.VIDEO_MPEG2TS_SEQUENCE_START) {
            transportStreamConfiguration(message, codec, id, content);
        } else if (!message.video() && packetType == ExPacket.AUDIO_CHANNELS) {
            var layout = DemuxState.configuration(content);
            change(message, codec, id, side -> new SideData(side.colorInfo(), layout));
        } else {
            state.ignored.unsupported("enhanced RTMP packet type %d is reserved".formatted(packetType));
        }
    }

    private void metadata(Message message, Codec codec, int id, Payload values) {
        var info = ColorInfo.isReset(values) ? Payload.EMPTY : values;
        change(message, codec, id, side -> new SideData(info, side.channelLayout()));
    }

    private void change(Message message, Codec codec, int id, UnaryOperator<SideData> change) {
        state.changeSide(codec, id, message.timestampMs, change, message.out);
    }

    /// The AV1 descriptor of MPEG-2 transport streams holds the first bytes of the usual record.
    private void transportStreamConfiguration(Message message, Codec codec, int id, Payload descriptor) {
        boolean complete = descriptor.length() >= 2 + AV1_DESCRIPTOR_BYTES && descriptor.get(0) == AV1_DESCRIPTOR_TAG;
        if (codec != Codec.AV1 || !complete) {
            state.ignored.unsupported("a transport stream configuration of " + codec.label());
            return;
        }
        var record = descriptor.part(2, AV1_DESCRIPTOR_BYTES);
        readers.of(codec, id).ifPresent(reader -> reader.configuration(record, message.timestampMs, message.out));
    }

    /// It ends up in logs.
    private static String printable(String fourCc) {
        var name = new StringBuilder("'");
        for (char letter : fourCc.toCharArray()) {
            name.append(letter >= 0x20 && letter < 0x7f ? letter : '?');
        }
        return name.append('\'').toString();
    }
}
