package dev.sluice.media.codec.ac3;

import dev.sluice.media.AudioConfig;
import dev.sluice.media.Malformed;
import dev.sluice.media.Payload;
import dev.sluice.media.bits.BitReader;

/// What every syncframe of an AC-3 track says.
///
/// @param sampleRateCode `fscod`: 0 48 kHz, 1 44.1 kHz, 2 32 kHz
/// @param bitstreamId `bsid`, 8 for the usual form
/// @param bitstreamMode `bsmod`: 0 is the main audio service
/// @param channelMode `acmod`: 2 is stereo, 7 is 3/2
/// @param lfe whether there is a low frequency effects channel
/// @param bitRateCode `frmsizecod` without its last bit
/// @spec https://www.etsi.org/deliver/etsi_ts/102300_102399/102366/ ETSI TS 102 366 §4.4, §F.4
public record Ac3Config(
        int sampleRateCode, int bitstreamId, int bitstreamMode, int channelMode, boolean lfe, int bitRateCode)
        implements AudioConfig {
    static final int SYNC_WORD = 0x0b77;
    static final int[] SAMPLE_RATES = {48_000, 44_100, 32_000};
    static final int[] CHANNELS = {2, 1, 2, 3, 3, 4, 4, 5};

    private static final int MAX_BITSTREAM_ID = 8;
    private static final int MAX_FRAME_SIZE_CODE = 37;
    private static final int FRAME_SAMPLES = 1536;

    /// Reads the first syncframe of a payload.
    ///
    /// @throws Malformed when it is none
    public static Ac3Config ofFrame(Payload frame) {
        var in = new BitReader(frame, "AC-3 frame");
        if (in.bits(16) != SYNC_WORD) {
            throw Malformed.frame("AC-3: no sync word: %s", frame);
        }
        in.skip(16); // crc1
        int sampleRateCode = in.bits(2);
        int frameSizeCode = in.bits(6);
        int bitstreamId = in.bits(5);
        if (sampleRateCode >= SAMPLE_RATES.length
                || bitstreamId > MAX_BITSTREAM_ID
                || frameSizeCode > MAX_FRAME_SIZE_CODE) {
            throw Malformed.frame("AC-3: fscod %d, bsid %d, frmsizecod %d", sampleRateCode, bitstreamId, frameSizeCode);
        }
        int bitstreamMode = in.bits(3);
        int channelMode = in.bits(3);
        if ((channelMode & 1) == 1 && channelMode != 1) {
            in.skip(2); // cmixlev
        }
        if ((channelMode & 4) != 0) {
            in.skip(2); // surmixlev
        }
        if (channelMode == 2) {
            in.skip(2); // dsurmod
        }
        boolean lfe = in.flag();
        return new Ac3Config(sampleRateCode, bitstreamId, bitstreamMode, channelMode, lfe, frameSizeCode >> 1);
    }

    @Override
    public int sampleRate() {
        return SAMPLE_RATES[sampleRateCode];
    }

    @Override
    public int channels() {
        return CHANNELS[channelMode] + (lfe ? 1 : 0);
    }

    @Override
    public String codecString() {
        return "ac-3";
    }

    @Override
    public int samplesIn(Payload frame) {
        return FRAME_SAMPLES;
    }

    @Override
    public Payload record() {
        return Payload.EMPTY;
    }
}
