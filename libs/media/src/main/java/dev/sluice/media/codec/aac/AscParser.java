package dev.sluice.media.codec.aac;

import dev.sluice.media.Malformed;
import dev.sluice.media.Payload;
import dev.sluice.media.bits.BitReader;

/// One pass over an AudioSpecificConfig, in the order of its syntax.
///
/// @spec https://www.iso.org/standard/76383.html ISO/IEC 14496-3 §1.6.2.1 and §4.4.1
final class AscParser {
    private static final int[] SAMPLE_RATES = {
        96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350
    };
    /// Channels by channel configuration; 0 is "in the program config element" or reserved.
    private static final int[] CHANNELS = {0, 1, 2, 3, 4, 5, 6, 8, 0, 0, 0, 7, 8, 24, 8, 0};

    private static final int ESCAPED_RATE = 15;
    private static final int SYNC_SBR = 0x2b7;
    private static final int SYNC_PS = 0x548;
    private static final int SBR = 5;
    private static final int SCALABLE = 6;
    private static final int ER_SCALABLE = 20;
    private static final int ER_BSAC = 22;
    private static final int ER_LD = 23;
    private static final int PS = 29;
    private static final int ER_ELD = 39;

    private final Payload asc;
    private final BitReader in;
    private int objectType;
    private int sampleRate;
    private int channels;
    private int frameSamples = 1024;
    private boolean sbr;
    private boolean ps;

    AscParser(Payload asc) {
        this.asc = asc;
        this.in = new BitReader(asc, "AudioSpecificConfig");
    }

    AacConfig parse() {
        objectType = readObjectType();
        sampleRate = readSampleRate();
        int coreRate = sampleRate;
        int channelConfig = in.bits(4);
        channels = CHANNELS[channelConfig];
        if (objectType == SBR || objectType == PS) {
            sbr = true;
            ps = objectType == PS;
            sampleRate = readSampleRate();
            objectType = readObjectType();
            if (objectType == ER_BSAC) {
                in.skip(4); // extensionChannelConfiguration
            }
        }
        readCore(channelConfig);
        if (!sbr) {
            readSyncExtension();
        }
        if (sampleRate > coreRate) {
            frameSamples = frameSamples * sampleRate / coreRate; // at most 1024 * 96000: both rates were checked
        }
        int audible = ps && channels == 1 ? 2 : channels;
        return new AacConfig(asc, objectType, sampleRate, audible, frameSamples, sbr, ps);
    }

    private int readObjectType() {
        int type = in.bits(5);
        return type == 31 ? 32 + in.bits(6) : type;
    }

    private int readSampleRate() {
        int index = in.bits(4);
        int rate = index == ESCAPED_RATE ? in.bits(24) : index < SAMPLE_RATES.length ? SAMPLE_RATES[index] : 0;
        if (rate == 0) {
            throw Malformed.frame("AudioSpecificConfig: sampling frequency index %d is not usable", index);
        }
        AacConfig.checkSampleRate(rate);
        return rate;
    }

    private void readCore(int channelConfig) {
        switch (objectType) {
            case 1, 2, 3, 4, SCALABLE, 7, 17, 19, ER_SCALABLE, 21, ER_BSAC, ER_LD -> {
                readGeneralAudio(channelConfig);
                if (objectType >= 17) {
                    in.skip(Math.min(2, in.remainingBits())); // epConfig
                }
            }
            case ER_ELD -> frameSamples = in.flag() ? 480 : 512;
            default -> {} // other codecs that share this container; we need no more of them
        }
    }

    private void readGeneralAudio(int channelConfig) {
        boolean shortFrames = in.flag();
        frameSamples = objectType == ER_LD ? shortFrames ? 480 : 512 : shortFrames ? 960 : 1024;
        if (in.flag()) {
            in.skip(14); // coreCoderDelay
        }
        boolean extension = in.flag();
        if (channelConfig == 0) {
            channels = readProgramConfig();
        }
        if (objectType == SCALABLE || objectType == ER_SCALABLE) {
            in.skip(3); // layerNr
        }
        if (extension) {
            switch (objectType) {
                case ER_BSAC -> in.skip(16); // numOfSubFrame, layer_length
                case 17, 19, ER_SCALABLE, ER_LD -> in.skip(3); // resilience flags
                default -> {}
            }
            in.skip(1); // extensionFlag3
        }
    }

    /// Counts the channels of a program config element. §4.4.1.1
    private int readProgramConfig() {
        in.skip(4 + 2 + 4); // element_instance_tag, object_type, sampling_frequency_index
        int outputs = in.bits(4) + in.bits(4) + in.bits(4); // front, side, back
        int lowFrequency = in.bits(2);
        int associated = in.bits(3);
        int coupling = in.bits(4);
        for (int mixdownBits : new int[] {4, 4, 3}) { // mono, stereo, matrix
            if (in.flag()) {
                in.skip(mixdownBits);
            }
        }
        int count = lowFrequency;
        for (int i = 0; i < outputs; i++) {
            count += in.flag() ? 2 : 1;
            in.skip(4);
        }
        in.skip(4L * lowFrequency + 4L * associated + 5L * coupling);
        in.align();
        in.skip(8L * in.bits(8)); // comment
        return count;
    }

    /// Band replication may be announced behind the core's configuration, where old decoders do not look.
    /// §1.6.5.2
    private void readSyncExtension() {
        if (in.remainingBits() < 16 || in.bits(11) != SYNC_SBR || readObjectType() != SBR || !in.flag()) {
            return;
        }
        sbr = true;
        sampleRate = readSampleRate();
        ps = in.remainingBits() >= 12 && in.bits(11) == SYNC_PS && in.flag();
    }
}
