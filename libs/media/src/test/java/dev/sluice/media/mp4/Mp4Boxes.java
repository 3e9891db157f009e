package dev.sluice.media.mp4;

import dev.sluice.media.Malformed;
import dev.sluice.media.Payload;
import dev.sluice.media.bits.BitReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Reads boxes back, for tests.
///
/// @param offset of the box in the bytes given to [#parse]
record Mp4Boxes(String type, int offset, Payload content, List<Mp4Boxes> children) {
    private static final Set<String> CONTAINERS =
            Set.of("moov", "trak", "mdia", "minf", "dinf", "stbl", "mvex", "moof", "traf");

    /// What the track runs of a fragment say about one sample.
    record Read(int trackId, long dtsTicks, long ptsTicks, int durationTicks, boolean sync, Payload payload) {}

    static List<Mp4Boxes> parse(Payload bytes) {
        return parse(bytes, 0, bytes.length());
    }

    private static List<Mp4Boxes> parse(Payload bytes, int from, int to) {
        var boxes = new ArrayList<Mp4Boxes>();
        int at = from;
        while (at < to) {
            int size = int32(bytes, at);
            if (size < 8 || size > to - at) {
                throw Malformed.frame("box of %d bytes in %d", size, to - at);
            }
            var type = new String(bytes.part(at + 4, 4).toArray(), StandardCharsets.ISO_8859_1);
            var children = CONTAINERS.contains(type) ? parse(bytes, at + 8, at + size) : List.<Mp4Boxes>of();
            boxes.add(new Mp4Boxes(type, at, bytes.part(at + 8, size - 8), children));
            at += size;
        }
        return boxes;
    }

    static Mp4Boxes find(List<Mp4Boxes> boxes, String path) {
        int slash = path.indexOf('/');
        var type = slash < 0 ? path : path.substring(0, slash);
        var box = boxes.stream()
                .filter(candidate -> candidate.type.equals(type))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no box " + path));
        return slash < 0 ? box : find(box.children, path.substring(slash + 1));
    }

    Mp4Boxes find(String path) {
        return find(children, path);
    }

    BitReader reader() {
        return new BitReader(content, type);
    }

    static int int32(Payload bytes, int at) {
        return (int) new BitReader(bytes.part(at, 4), "number").longBits(32);
    }

    /// The samples of every fragment, by way of the offsets that the runs state.
    static List<Read> samples(Payload bytes) {
        var samples = new ArrayList<Read>();
        for (var box : parse(bytes)) {
            if (box.type.equals("moof")) {
                for (var child : box.children) {
                    if (child.type.equals("traf")) {
                        readRun(bytes, box.offset, child, samples);
                    }
                }
            }
        }
        return samples;
    }

    private static void readRun(Payload bytes, int moofOffset, Mp4Boxes traf, List<Read> samples) {
        var tfhd = traf.find("tfhd").reader();
        int headerFlags = (int) tfhd.longBits(32) & 0xff_ffff;
        int trackId = (int) tfhd.longBits(32);
        int defaultDuration = (headerFlags & 8) != 0 ? (int) tfhd.longBits(32) : 0;
        int defaultFlags = (headerFlags & 0x20) != 0 ? (int) tfhd.longBits(32) : 0;
        var tfdt = traf.find("tfdt").reader();
        if (tfdt.bits(8) != 1 || (headerFlags & 0x20000) == 0) {
            throw new AssertionError("not the form we write");
        }
        tfdt.skip(24);
        long dts = tfdt.longBits(32) << 32 | tfdt.longBits(32);
        var trun = traf.find("trun").reader();
        int version = trun.bits(8);
        int columns = trun.bits(24);
        int count = (int) trun.longBits(32);
        int at = moofOffset + (int) trun.longBits(32);
        for (int i = 0; i < count; i++) {
            int duration = (columns & 0x100) != 0 ? (int) trun.longBits(32) : defaultDuration;
            int size = (int) trun.longBits(32);
            int flags = (columns & 0x400) != 0 ? (int) trun.longBits(32) : defaultFlags;
            int composition = (columns & 0x800) != 0 ? (int) trun.longBits(32) : 0;
            if (composition < 0 && version != 1) {
                throw new AssertionError("version 0 has no negative offsets");
            }
            samples.add(
                    new Read(trackId, dts, dts + composition, duration, (flags & 0x1_0000) == 0, bytes.part(at, size)));
            dts += duration;
            at += size;
        }
        if (trun.remainingBits() != 0) {
            throw new AssertionError("the run is longer than its rows");
        }
    }
}
