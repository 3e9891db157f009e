package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// The packets of a stream as `ffmpeg -c copy -f framemd5` wrote them down.
///
/// @param tracks by media type, `video` or `audio`; further ones of a type are `video1`, `audio1` and so on
record Recording(Map<String, Track> tracks) {

    /// @param configuration hash of the decoder configuration
    record Track(String configuration, List<Packet> packets) {}

    /// @param dtsNs on the clock of its stream
    record Packet(long dtsNs, long ptsNs, String hash) {
        /// MD5 of the silent frame of AAC, one channel, with which segments fill holes of sound.
        private static final String SILENCE = "679e19234b295ee432a3920c30fda6ac";

        boolean isSilence() {
            return hash.equals(SILENCE);
        }
    }

    /// Where the packets of a copy are in its source.
    ///
    /// @param firstPacket index in the source
    /// @param offsetsNs per packet, time in the copy less time in the source
    record Match(int firstPacket, int packets, List<Long> offsetsNs) {
        long leastNs() {
            return offsetsNs.stream().mapToLong(Long::longValue).min().orElseThrow();
        }

        long greatestNs() {
            return offsetsNs.stream().mapToLong(Long::longValue).max().orElseThrow();
        }
    }

    static Recording read(Path framemd5) {
        return parse(TestFiles.read(framemd5));
    }

    static Recording parse(String framemd5) {
        var parser = new Parser();
        framemd5.lines().forEach(parser::line);
        return new Recording(parser.tracks);
    }

    Track video() {
        return track("video");
    }

    Track audio() {
        return track("audio");
    }

    private Track track(String type) {
        var track = tracks.get(type);
        assertThat(track).as("the " + type + " track").isNotNull();
        return track;
    }

    /// Asserts that a track of this recording is a run of the source's packets without a hole, bit for bit,
    /// with the same decoder configuration and strictly ordered times.
    Match isRunOf(Recording source, String type) {
        var copy = track(type);
        var original = source.track(type);
        assertThat(copy.configuration()).as(type + " configuration").isEqualTo(original.configuration());
        assertThat(copy.packets()).as(type + " packets").isNotEmpty();
        int first = hashes(original).indexOf(hashes(copy).getFirst());
        assertThat(first).as("the source has the first " + type + " packet").isNotNegative();
        int count = Math.min(copy.packets().size(), original.packets().size() - first);
        assertThat(hashes(copy))
                .as(type + " payloads, from packet " + first + " of the source on")
                .isEqualTo(hashes(original).subList(first, first + count));
        assertOrdered(copy, type);
        return new Match(first, count, offsets(copy, original, first));
    }

    /// The same, up to the source's last packet.
    Match isTailOf(Recording source, String type) {
        var match = isRunOf(source, type);
        assertThat(match.firstPacket() + match.packets())
                .as(type + " goes on to the end")
                .isEqualTo(source.track(type).packets().size());
        return match;
    }

    /// Asserts that the payloads of a track are the source's last ones, whatever the container makes of its
    /// configuration.
    void isSamePayloadAsTailOf(Recording source, String type) {
        var copy = hashes(track(type));
        var original = hashes(source.track(type));
        int first = original.indexOf(copy.getFirst());
        assertThat(first).as("the source has the first " + type + " packet").isNotNegative();
        assertThat(copy).as(type + " payloads").isEqualTo(original.subList(first, original.size()));
        assertOrdered(track(type), type);
    }

    /// Asserts that decode times of each track are strictly ordered, and that nothing is shown before it is decoded.
    Recording isOrdered() {
        tracks.forEach((type, track) -> {
            assertOrdered(track, type);
            for (var packet : track.packets()) {
                assertThat(packet.ptsNs())
                        .as(type + " PTS at DTS " + packet.dtsNs())
                        .isGreaterThanOrEqualTo(packet.dtsNs());
            }
        });
        return this;
    }

    private static void assertOrdered(Track track, String type) {
        var packets = track.packets();
        for (int i = 1; i < packets.size(); i++) {
            assertThat(packets.get(i).dtsNs())
                    .as(type + " DTS of packet " + i)
                    .isGreaterThan(packets.get(i - 1).dtsNs());
        }
    }

    /// Of decoding and presentation times alike.
    private static List<Long> offsets(Track copy, Track original, int first) {
        return IntStream.range(0, copy.packets().size())
                .boxed()
                .<Long>mapMulti((i, into) -> {
                    into.accept(copy.packets().get(i).dtsNs()
                            - original.packets().get(first + i).dtsNs());
                    into.accept(copy.packets().get(i).ptsNs()
                            - original.packets().get(first + i).ptsNs());
                })
                .toList();
    }

    private static List<String> hashes(Track track) {
        return track.packets().stream().map(Packet::hash).toList();
    }

    /// Header lines come before packets; the version of the format is 2.
    private static final class Parser {
        private final Map<String, String> configurations = new HashMap<>();
        private final Map<String, long[]> timeBases = new HashMap<>();
        private final Map<String, Track> byIndex = new HashMap<>();
        private final Map<String, Track> tracks = new HashMap<>();

        void line(String line) {
            if (line.startsWith("#extradata ")) {
                configurations.put(
                        index(line), line.substring(line.lastIndexOf(',') + 1).strip());
            } else if (line.startsWith("#tb ")) {
                var fraction = value(line).split("/", 2);
                timeBases.put(index(line), new long[] {Long.parseLong(fraction[0]), Long.parseLong(fraction[1])});
            } else if (line.startsWith("#media_type ")) {
                var track = new Track(configurations.getOrDefault(index(line), ""), new ArrayList<>());
                byIndex.put(index(line), track);
                tracks.put(nameOf(value(line)), track);
            } else if (!line.startsWith("#") && !line.isBlank()) {
                packet(line.split(",\\s*"));
            }
        }

        private String nameOf(String type) {
            var name = type;
            for (int number = 1; tracks.containsKey(name); number++) {
                name = type + number;
            }
            return name;
        }

        /// Some encoders end with a packet of nothing, which nobody forwards.
        private void packet(String[] columns) {
            if (columns[4].strip().equals("0")) {
                return;
            }
            var timeBase = timeBases.get(columns[0]);
            byIndex.get(columns[0])
                    .packets()
                    .add(new Packet(ns(columns[1], timeBase), ns(columns[2], timeBase), columns[5].strip()));
        }

        private static long ns(String ticks, long[] timeBase) {
            return Math.multiplyExact(Long.parseLong(ticks.strip()), 1_000_000_000L * timeBase[0]) / timeBase[1];
        }

        private static String index(String line) {
            return line.split("[ ,:]+", 3)[1];
        }

        private static String value(String line) {
            return line.substring(line.indexOf(':') + 1).strip();
        }
    }
}
