package dev.sluice.segments;

import dev.sluice.media.Payload;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/// A movie fragment of one track, read back. Knows only what our muxer writes.
record Fragment(int sequence, long baseTicks, List<Sample> samples) {
    record Sample(int durationTicks, int compositionTicks, boolean key, Payload payload) {}

    private static final int NOT_SYNC = 0x10000;

    List<Integer> durations() {
        return samples.stream().map(Sample::durationTicks).toList();
    }

    List<Payload> payloads() {
        return samples.stream().map(Sample::payload).toList();
    }

    long durationTicks() {
        return samples.stream().mapToLong(Sample::durationTicks).sum();
    }

    static Fragment read(Payload bytes) {
        var in = bytes.slice();
        var moof = box(in, "moof");
        var mfhd = box(moof, "mfhd").skipBytes(4);
        var traf = box(moof, "traf");
        var tfhd = box(traf, "tfhd");
        int tfhdFlags = tfhd.readInt() & 0xffffff;
        tfhd.skipBytes(4);
        int duration = (tfhdFlags & 0x8) != 0 ? tfhd.readInt() : 0;
        int size = (tfhdFlags & 0x10) != 0 ? tfhd.readInt() : 0;
        int flags = (tfhdFlags & 0x20) != 0 ? tfhd.readInt() : 0;
        long base = box(traf, "tfdt").skipBytes(4).readLong();
        var trun = box(traf, "trun");
        var mdat = box(in, "mdat");
        return new Fragment(mfhd.readInt(), base, samples(trun, mdat, duration, size, flags));
    }

    private static List<Sample> samples(ByteBuf trun, ByteBuf mdat, int duration, int size, int flags) {
        int present = trun.readInt() & 0xffffff;
        int count = trun.readInt();
        trun.skipBytes(4); // data offset
        var samples = new ArrayList<Sample>();
        for (int i = 0; i < count; i++) {
            int d = (present & 0x100) != 0 ? trun.readInt() : duration;
            int s = (present & 0x200) != 0 ? trun.readInt() : size;
            int f = (present & 0x400) != 0 ? trun.readInt() : flags;
            int c = (present & 0x800) != 0 ? trun.readInt() : 0;
            samples.add(new Sample(d, c, (f & NOT_SYNC) == 0, Payload.copyOf(mdat.readSlice(s))));
        }
        return samples;
    }

    private static ByteBuf box(ByteBuf in, String type) {
        while (in.isReadable()) {
            int length = in.readInt() - 8;
            var name = in.readCharSequence(4, java.nio.charset.StandardCharsets.ISO_8859_1);
            var content = in.readSlice(length);
            if (name.toString().equals(type)) {
                return content;
            }
        }
        throw new AssertionError("no " + type);
    }
}
