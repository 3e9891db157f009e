package dev.sluice.media.codec.h264;

import dev.sluice.media.FrameKind;
import dev.sluice.media.Malformed;
import dev.sluice.media.Payload;
import dev.sluice.media.bits.NalWalker;
import dev.sluice.media.bits.Rbsp;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/// The NAL units of one access unit, as encoders really send them.
///
/// An access unit in FLV is NAL units behind big-endian lengths. In the field there are also empty units, units
/// that still begin with a start code, several units with start codes behind one length, and whole access units
/// in Annex B form. [#normalise] turns all of them into units with 4-byte lengths, and leaves alone what is
/// already so.
///
/// @spec https://www.itu.int/rec/T-REC-H.264 ITU-T H.264 §7.3.1, §7.4.1 and Annex B
public final class NalUnits {
    public static final int TYPE_IDR = 5;
    public static final int TYPE_SEI = 6;
    public static final int TYPE_SPS = 7;
    public static final int TYPE_PPS = 8;

    private static final int TYPE_MASK = 0x1f;
    private static final int REF_IDC_MASK = 0x60;
    private static final int TYPE_SLICE = 1;
    private static final int TYPE_PARTITION_A = 2;
    private static final int SEI_RECOVERY_POINT = 6;
    /// A picture of level 6.2 has at most a few hundred slices; each unit that must be moved costs an object.
    private static final int MAX_UNITS = 4096;

    private NalUnits() {}

    /// The access unit with 4-byte lengths and nothing empty: the same object where nothing had to change,
    /// [Payload#EMPTY] where there is no NAL unit at all.
    ///
    /// @param lengthSize how many bytes the lengths have, 1 to 4
    /// @throws Malformed when the lengths lead past the end and it is not Annex B either
    public static Payload normalise(Payload accessUnit, int lengthSize) {
        if (lengthSize == NalWalker.LENGTH_BYTES && isNormal(accessUnit)) {
            return accessUnit;
        }
        var units = split(accessUnit, lengthSize);
        int bytes = 0;
        for (var unit : units) {
            bytes += NalWalker.LENGTH_BYTES + unit.length();
        }
        return bytes == 0 ? Payload.EMPTY : join(units, bytes);
    }

    /// What a decoder can do with the access unit, judged by its units. A recovery point counts as a key frame
    /// only where the publisher says so too, because gradual refresh carries recovery points that show nothing
    /// yet.
    ///
    /// @param accessUnit as [#normalise] returns it
    /// @param flaggedKey whether the container called it a key frame
    public static FrameKind kindOf(Payload accessUnit, boolean flaggedKey) {
        var walker = new NalWalker(accessUnit);
        boolean slices = false;
        boolean referenced = false;
        boolean recoveryPoint = false;
        while (walker.next()) {
            switch (walker.header() & TYPE_MASK) {
                case TYPE_IDR -> {
                    return FrameKind.KEY;
                }
                case TYPE_SEI -> recoveryPoint |= flaggedKey && isRecoveryPoint(walker.unit());
                case TYPE_SLICE, TYPE_PARTITION_A -> {
                    slices = true;
                    referenced |= (walker.header() & REF_IDC_MASK) != 0;
                }
                default -> {} // parameter sets, delimiters and the like decide nothing
            }
        }
        if (recoveryPoint) {
            return FrameKind.KEY;
        }
        return slices && !referenced ? FrameKind.DISPOSABLE : FrameKind.INTER;
    }

    /// The units of one type, without their lengths, each different one once.
    ///
    /// @param accessUnit as [#normalise] returns it
    public static List<Payload> ofType(Payload accessUnit, int type) {
        return matching(accessUnit, header -> (header & TYPE_MASK) == type);
    }

    /// The same for the headers of other codecs.
    ///
    /// @param wanted judges the first byte of a unit
    public static List<Payload> matching(Payload accessUnit, IntPredicate wanted) {
        var found = new ArrayList<Payload>();
        var walker = new NalWalker(accessUnit);
        while (walker.next()) {
            if (wanted.test(walker.header()) && !found.contains(walker.unit())) {
                addWithinLimit(walker.unit(), found);
            }
        }
        return found;
    }

    private static boolean isNormal(Payload accessUnit) {
        int at = 0;
        while (accessUnit.length() - at > NalWalker.LENGTH_BYTES) {
            long length = NalWalker.lengthAt(accessUnit, at, NalWalker.LENGTH_BYTES);
            at += NalWalker.LENGTH_BYTES;
            if (length == 0 || length > accessUnit.length() - at || startCodeBytes(accessUnit, at) > 0) {
                return false;
            }
            at += (int) length;
        }
        return at > 0 && at == accessUnit.length();
    }

    /// Lengths are tried first: `00 00 00 01` is also the length of a one-byte unit. They must lead exactly to
    /// the end, which Annex B bytes read as lengths practically never do.
    private static List<Payload> split(Payload accessUnit, int lengthSize) {
        var units = new ArrayList<Payload>();
        boolean surelyAnnexB = lengthSize < NalWalker.LENGTH_BYTES && startCodeBytes(accessUnit, 0) == 4;
        if (!surelyAnnexB && splitByLengths(accessUnit, lengthSize, units)) {
            return units;
        }
        if (startCodeBytes(accessUnit, 0) == 0) {
            throw Malformed.frame("NAL unit lengths lead past the end of the access unit");
        }
        units.clear();
        splitByStartCodes(accessUnit, units);
        return units;
    }

    private static boolean splitByLengths(Payload accessUnit, int lengthSize, List<Payload> units) {
        int at = 0;
        while (accessUnit.length() - at >= lengthSize) {
            long length = NalWalker.lengthAt(accessUnit, at, lengthSize);
            at += lengthSize;
            if (length > accessUnit.length() - at) {
                return false;
            }
            var unit = accessUnit.part(at, (int) length);
            if (startCodeBytes(unit, 0) > 0) {
                splitByStartCodes(unit, units);
            } else if (length > 0) {
                addWithinLimit(unit, units);
            }
            at += (int) length;
        }
        return isZero(accessUnit, at); // a padded end is forgiven, a cut one is not
    }

    private static void splitByStartCodes(Payload bytes, List<Payload> units) {
        int at = startCodeBytes(bytes, 0);
        while (at < bytes.length()) {
            int next = at;
            while (next < bytes.length() && startCodeBytes(bytes, next) == 0) {
                next++;
            }
            int end = next;
            while (end > at && bytes.get(end - 1) == 0) {
                end--; // a unit never ends in 00: these belong to the next start code or are padding
            }
            if (end > at) {
                addWithinLimit(bytes.part(at, end - at), units);
            }
            at = next == bytes.length() ? next : next + startCodeBytes(bytes, next);
        }
    }

    private static void addWithinLimit(Payload unit, List<Payload> units) {
        if (units.size() == MAX_UNITS) {
            throw Malformed.frame("more than %d NAL units in an access unit", MAX_UNITS);
        }
        units.add(unit);
    }

    /// The length of the start code at `index`: 3, 4, or 0 where there is none.
    private static int startCodeBytes(Payload bytes, int index) {
        int left = bytes.length() - index;
        if (left < 3 || bytes.get(index) != 0 || bytes.get(index + 1) != 0) {
            return 0;
        }
        return switch (bytes.get(index + 2)) {
            case 1 -> 3;
            case 0 -> left > 3 && bytes.get(index + 3) == 1 ? 4 : 0;
            default -> 0;
        };
    }

    private static boolean isZero(Payload bytes, int from) {
        for (int i = from; i < bytes.length(); i++) {
            if (bytes.get(i) != 0) {
                return false;
            }
        }
        return true;
    }

    private static Payload join(List<Payload> units, int bytes) {
        var joined = new byte[bytes];
        var out = Unpooled.wrappedBuffer(joined).clear();
        for (var unit : units) {
            out.writeInt(unit.length());
            unit.writeTo(out);
        }
        return Payload.of(joined);
    }

    /// Walks the messages of the SEI unit; types and sizes are sums of bytes that go on while they are ff.
    /// §7.3.2.3.1
    private static boolean isRecoveryPoint(Payload seiUnit) {
        var bytes = Rbsp.of(seiUnit, 1);
        int at = 0;
        while (bytes.length() - at > 2) {
            int type = 0;
            int size = 0;
            while (at < bytes.length() && bytes.get(at) == 0xff) {
                type += 0xff;
                at++;
            }
            type += at < bytes.length() ? bytes.get(at++) : 0;
            while (at < bytes.length() && bytes.get(at) == 0xff) {
                size += 0xff;
                at++;
            }
            size += at < bytes.length() ? bytes.get(at++) : 0;
            if (type == SEI_RECOVERY_POINT) {
                return true;
            }
            at += Math.min(size, bytes.length() - at);
        }
        return false;
    }
}
