package dev.sluice.media.bits;

import dev.sluice.media.Payload;

/// Takes the emulation prevention bytes out of a NAL unit.
///
/// @spec https://www.itu.int/rec/T-REC-H.264 ITU-T H.264 §7.4.1.1
public final class Rbsp {
    private Rbsp() {}

    /// The payload of the NAL unit without its header; shares the bytes where nothing was to take out.
    ///
    /// @param headerBytes 1 in H.264, 2 in H.265
    public static Payload of(Payload nalUnit, int headerBytes) {
        if (nalUnit.length() <= headerBytes) {
            return Payload.EMPTY;
        }
        var body = nalUnit.part(headerBytes, nalUnit.length() - headerBytes);
        var plain = new byte[body.length()];
        int zeros = 0;
        int length = 0;
        for (int i = 0; i < body.length(); i++) {
            int value = body.get(i);
            if (zeros >= 2 && value == 3) {
                zeros = 0;
            } else {
                zeros = value == 0 ? zeros + 1 : 0;
                plain[length++] = (byte) value;
            }
        }
        return length == body.length() ? body : Payload.of(plain, 0, length);
    }
}
