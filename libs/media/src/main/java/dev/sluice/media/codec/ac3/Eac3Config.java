package dev.sluice.media.codec.ac3;

import dev.sluice.media.AudioConfig;
import dev.sluice.media.Malformed;
import dev.sluice.media.Payload;
import dev.sluice.media.bits.BitReader;

/// What every syncframe of an E-AC-3 track says, by its first independent substream.
///
/// @param sampleRate in Hz
/// @param sampleRateCode `fscod`: 0 48 kHz, 1 44.1 kHz, 2 32 kHz, 3 half of one of these
/// @param bitstreamId `bsid`, 16 for the usual form
/// @param channelMode `acmod`: 2 is stereo, 7 is 3/2
/// @param lfe whether there is a low frequency effects channel
/// @param dataRate in kbit/s, as the first frame has it
/// @spec https://www.etsi.org/deliver/etsi_ts/102300_102399/102366/ ETSI TS 102 366 §E.1.2, §F.6
public record Eac3Config(
        int sampleRate, int sampleRateCode, int bitstreamId, int channelMode, boolean lfe, int dataRate)
        implements AudioConfig {
    private static final int HALF_RATES = 3;
    private static final int BLOCK_SAMPLES = 256;
    private static final int[] BLOCKS = {1, 2, 3, 6};
    private static final int HEADER_BYTES = 6;

    /// Reads the first syncframe of a payload.
    ///
    /// @throws Malformed when it is none
    public static Eac3Config ofFrame(Payload frame) {
        var in = new BitReader(frame, "E-AC-3 frame");
        if (in.bits(16) != Ac3Config.SYNC_WORD) {
            throw Malformed.frame("E-AC-3: no sync word: %s", frame);
        }
        in.skip(2 + 3); // strmtyp, substreamid
        int bytes = 2 * (in.bits(11) + 1);
        int code = in.bits(2);
        int second = in.bits(2); // fscod2 of half rates, else numblkscod
        if (code == HALF_RATES && second == HALF_RATES) {
            throw Malformed.frame("E-AC-3: a reserved sampling frequency");
        }
        int rate = code == HALF_RATES ? Ac3Config.SAMPLE_RATES[second] / 2 : Ac3Config.SAMPLE_RATES[code];
        int samples = BLOCK_SAMPLES * BLOCKS[code == HALF_RATES ? 3 : second];
        int channelMode = in.bits(3);
        boolean lfe = in.flag();
        int bitstreamId = in.bits(5);
        if (bitstreamId <= 10 || bitstreamId > 16) {
            throw Malformed.frame("E-AC-3: bsid %d", bitstreamId);
        }
        int dataRate = (int) (8L * bytes * rate / samples / 1000);
        return new Eac3Config(rate, code, bitstreamId, channelMode, lfe, dataRate);
    }

    @Override
    public int channels() {
        return Ac3Config.CHANNELS[channelMode] + (lfe ? 1 : 0);
    }

    @Override
    public String codecString() {
        return "ec-3";
    }

    /// A payload may hold several syncframes: those of dependent and further substreams sound at the same time as
    /// the first independent one and are not counted.
    @Override
    public int samplesIn(Payload payload) {
        int samples = 0;
        int at = 0;
        while (payload.length() - at >= HEADER_BYTES) {
            int bytes = 2 * (((payload.get(at + 2) & 7) << 8 | payload.get(at + 3)) + 1);
            boolean firstIndependent = payload.get(at + 2) >> 6 != 1 && (payload.get(at + 2) >> 3 & 7) == 0;
            int rates = payload.get(at + 4) >> 4;
            if (firstIndependent) {
                samples += BLOCK_SAMPLES * BLOCKS[rates >> 2 == HALF_RATES ? 3 : rates & 3];
            }
            at += bytes;
        }
        return samples;
    }

    @Override
    public Payload record() {
        return Payload.EMPTY;
    }

    /// The rate of single frames may differ: it needs no new decoder.
    @Override
    public boolean equals(Object other) {
        return other instanceof Eac3Config that
                && sampleRate == that.sampleRate
                && bitstreamId == that.bitstreamId
                && channelMode == that.channelMode
                && lfe == that.lfe;
    }

    @Override
    public int hashCode() {
        return sampleRate + 31 * (bitstreamId + 31 * (channelMode + (lfe ? 8 : 0)));
    }
}
