package dev.sluice.media.bits;

import dev.sluice.media.Payload;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.function.IntPredicate;

/// Puts NAL units in front of those of an access unit. All have 4-byte lengths.
public final class NalPrefix {
    private NalPrefix() {}

    /// A copy of the access unit that begins with these units. A delimiter stays in front of all.
    ///
    /// @param delimiter whether a unit is one, by its first byte
    /// @param accessUnit need not be well formed
    public static Payload insert(List<Payload> units, IntPredicate delimiter, Payload accessUnit) {
        int at = delimiterBytes(delimiter, accessUnit);
        int bytes = accessUnit.length();
        for (var unit : units) {
            bytes += NalWalker.LENGTH_BYTES + unit.length();
        }
        var array = new byte[bytes];
        var out = Unpooled.wrappedBuffer(array).clear();
        accessUnit.part(0, at).writeTo(out);
        for (var unit : units) {
            out.writeInt(unit.length());
            unit.writeTo(out);
        }
        accessUnit.part(at, accessUnit.length() - at).writeTo(out);
        return Payload.of(array);
    }

    private static int delimiterBytes(IntPredicate delimiter, Payload accessUnit) {
        if (accessUnit.length() <= NalWalker.LENGTH_BYTES || !delimiter.test(accessUnit.get(NalWalker.LENGTH_BYTES))) {
            return 0;
        }
        long length = NalWalker.LENGTH_BYTES + NalWalker.lengthAt(accessUnit, 0, NalWalker.LENGTH_BYTES);
        return length <= accessUnit.length() ? (int) length : 0;
    }
}
