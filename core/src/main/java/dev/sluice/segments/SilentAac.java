package dev.sluice.segments;

import dev.sluice.media.Payload;
import dev.sluice.media.codec.aac.AacConfig;
import java.util.BitSet;
import java.util.Optional;

/// Makes an AAC-LC access unit in which every channel is silent: one long window without any scale factor band.
///
/// @spec https://www.iso.org/standard/76383.html ISO/IEC 14496-3 §4.4.2, tables 4.3 to 4.50
final class SilentAac {
    private static final int LOW_COMPLEXITY = 2;
    private static final int SINGLE = 0;
    private static final int PAIR = 1;
    private static final int LOW_FREQUENCY = 3;
    private static final int END = 7;

    private final BitSet bits = new BitSet();
    private int length;

    private SilentAac() {}

    /// Empty where the configuration does not tell the order of the channels.
    static Optional<Payload> frame(AacConfig config) {
        // parametric stereo codes one channel and says how to make two of it
        int channels = config.ps() ? 1 : config.channels();
        return config.objectType() == LOW_COMPLEXITY
                ? elements(channels).map(elements -> new SilentAac().write(elements))
                : Optional.empty();
    }

    /// The syntax elements of the channel configurations, table 1.19.
    private static Optional<int[]> elements(int channels) {
        return switch (channels) {
            case 1 -> Optional.of(new int[] {SINGLE});
            case 2 -> Optional.of(new int[] {PAIR});
            case 3 -> Optional.of(new int[] {SINGLE, PAIR});
            case 4 -> Optional.of(new int[] {SINGLE, PAIR, SINGLE});
            case 5 -> Optional.of(new int[] {SINGLE, PAIR, PAIR});
            case 6 -> Optional.of(new int[] {SINGLE, PAIR, PAIR, LOW_FREQUENCY});
            case 8 -> Optional.of(new int[] {SINGLE, PAIR, PAIR, PAIR, LOW_FREQUENCY});
            default -> Optional.empty();
        };
    }

    private Payload write(int[] elements) {
        var tags = new int[LOW_FREQUENCY + 1];
        for (int element : elements) {
            put(element, 3);
            put(tags[element]++, 4);
            if (element == PAIR) {
                put(1, 1); // both channels share the window
                windowWithoutBands();
                put(0, 2); // no mid/side
                put(0, 8);
                noTools();
                put(0, 8);
                noTools();
            } else {
                put(0, 8); // global gain
                windowWithoutBands();
                noTools();
            }
        }
        put(END, 3);
        var bytes = new byte[(length + 7) / 8];
        for (int i = bits.nextSetBit(0); i >= 0; i = bits.nextSetBit(i + 1)) {
            bytes[i / 8] |= (byte) (0x80 >>> i % 8);
        }
        return Payload.of(bytes);
    }

    /// A reserved bit, a long window of sine shape, no scale factor bands, no prediction.
    private void windowWithoutBands() {
        put(0, 11);
    }

    /// No pulses, no noise shaping, no gain control.
    private void noTools() {
        put(0, 3);
    }

    private void put(int value, int count) {
        for (int bit = count - 1; bit >= 0; bit--) {
            bits.set(length++, (value >>> bit & 1) == 1);
        }
    }
}
