package dev.sluice.media.flv;

import dev.sluice.media.Bytes;
import dev.sluice.media.Entry;
import dev.sluice.media.Payload;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// An FLV file that FFmpeg wrote, and what FFmpeg reads from it (`-c copy -f framemd5`).
public record Capture(Payload file, List<FlvTag> tags, List<Entry> entries, List<Packet> packets) {
    /// What FFmpeg says about one packet; `md5` is of its coded bytes.
    public record Packet(int stream, long dtsMs, long ptsMs, int bytes, String md5) {}

    public static Capture load(String name) {
        var file = Payload.of(Bytes.vector(name + ".flv"));
        var tags = new ArrayList<FlvTag>();
        new FlvFileReader(FlvTag.MAX_BODY_BYTES).feed(file.slice(), tags::add);
        return new Capture(file, tags, demux(tags), packets(name + ".framemd5"));
    }

    public static List<Entry> demux(List<FlvTag> tags) {
        var entries = new ArrayList<Entry>();
        var demuxer = new FlvDemuxer(1);
        tags.forEach(tag -> demuxer.accept(tag.type(), tag.timestampMs(), tag.body(), entries::add));
        return entries;
    }

    public List<Packet> packets(int stream) {
        return packets.stream().filter(packet -> packet.stream == stream).toList();
    }

    private static List<Packet> packets(String name) {
        return new String(Bytes.vector(name), StandardCharsets.US_ASCII)
                .lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> Arrays.stream(line.split(",")).map(String::strip).toList())
                .map(cells -> new Packet(
                        Integer.parseInt(cells.get(0)),
                        Long.parseLong(cells.get(1)),
                        Long.parseLong(cells.get(2)),
                        Integer.parseInt(cells.get(4)),
                        cells.get(5)))
                .toList();
    }
}
