package dev.sluice.media.mp4;

import dev.sluice.media.Payload;
import dev.sluice.media.codec.ac3.Ac3Config;
import dev.sluice.media.codec.ac3.Eac3Config;
import dev.sluice.media.codec.flac.FlacConfig;
import dev.sluice.media.codec.opus.OpusConfig;
import io.netty.buffer.Unpooled;

/// The configuration boxes of audio codecs that have one of their own.
final class AudioBoxes {
    private static final int OPUS_MAPPING_INDEX = 18;
    private static final int LAST_METADATA_BLOCK = 0x80;

    private AudioBoxes() {}

    /// `dOps`: what OpusHead says, with big-endian numbers.
    ///
    /// @spec https://opus-codec.org/docs/opus_in_isobmff.html Opus in ISOBMFF §4.3.2
    static Payload opus(OpusConfig config) {
        var head = config.head();
        var out = Unpooled.buffer(head.length());
        out.writeByte(0).writeByte(config.channels());
        out.writeShort(config.preSkip()).writeInt((int) config.inputRate());
        out.writeShort(head.get(17) << 8 | head.get(16)); // output gain
        head.part(OPUS_MAPPING_INDEX, config.mappingFamily() == 0 ? 1 : 3 + config.channels())
                .writeTo(out);
        return Payload.copyOf(out);
    }

    /// `dfLa`: STREAMINFO as the last metadata block.
    ///
    /// @spec https://github.com/xiph/flac/blob/master/doc/isoflac.txt FLAC in ISOBMFF §3.3.2
    static Payload flac(FlacConfig config) {
        var info = config.streamInfo();
        var out = Unpooled.buffer(8 + info.length());
        out.writeInt(0); // version and flags
        out.writeByte(LAST_METADATA_BLOCK).writeMedium(info.length());
        info.writeTo(out);
        return Payload.copyOf(out);
    }

    /// `dac3`. ETSI TS 102 366 §F.4
    static Payload ac3(Ac3Config config) {
        int bits = config.sampleRateCode();
        bits = bits << 5 | config.bitstreamId();
        bits = bits << 3 | config.bitstreamMode();
        bits = bits << 3 | config.channelMode();
        bits = bits << 1 | (config.lfe() ? 1 : 0);
        bits = bits << 5 | config.bitRateCode();
        return Payload.copyOf(Unpooled.buffer(3).writeMedium(bits << 5));
    }

    /// `dec3` of one independent substream. ETSI TS 102 366 §F.6
    static Payload eac3(Eac3Config config) {
        int stream = config.sampleRateCode();
        stream = stream << 5 | config.bitstreamId();
        stream = stream << 2; // reserved, asvc
        stream = stream << 3; // bsmod: the main service
        stream = stream << 3 | config.channelMode();
        stream = stream << 1 | (config.lfe() ? 1 : 0);
        stream = stream << 8; // reserved, no dependent substreams, reserved
        return Payload.copyOf(
                Unpooled.buffer(5).writeShort(config.dataRate() << 3).writeMedium(stream));
    }
}
