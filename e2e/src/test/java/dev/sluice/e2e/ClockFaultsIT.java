package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.e2e.Recording.Packet;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Publishers whose clocks go wrong in the middle of a stream, and FFmpeg that plays over three transports: nobody is
/// dropped, every picture arrives, times are in order, and no jump reaches a viewer.
class ClockFaultsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long MS = 1_000_000;
    private static final long LONGEST_MS = 1_500;
    private static final long APART_MS = 50;
    private static final long AFTER_FAULT_MS = 13_000;
    private static final double SILENT_FRAME_MS = 1024 / 44.1;

    private enum Transport {
        RTMP,
        FLV,
        HLS;

        Path recording(ClockFault fault) {
            return TestFiles.cached("fault-" + fault + "-" + this + ".md5");
        }

        Program play(SluiceProcess server, ClockFault fault) {
            var into = TestFiles.path(recording(fault).getFileName().toString());
            return switch (this) {
                case RTMP -> Ffmpeg.hash(server.rtmp(fault.stream()), into);
                case FLV -> Ffmpeg.hash(server.flv(fault.stream()), into);
                case HLS -> Ffmpeg.hash(server.hls(fault.stream()), into, "-live_start_index", "0");
            };
        }
    }

    private static final Path LATE = TestFiles.cached("fault-late.md5");

    private static final Map<String, Program> PLAYERS = new HashMap<>();
    private static final Map<ClockFault, String> PLAYLISTS = new EnumMap<>(ClockFault.class);
    private static Recording source;
    private static FaultyClocks clocks;

    @BeforeAll
    static void publishAndPlayAll() {
        source = Ffmpeg.hashesOf(Clips.small());
        // a window that no player falls out of, however slow the machine
        try (var server =
                        SluiceProcess.serve("--set", "segments.segmentMs=1000", "--set", "segments.windowSegments=60");
                var all = new FaultyClocks(server, Set.of(ClockFault.values()), AFTER_FAULT_MS)) {
            clocks = all;
            for (var fault : ClockFault.values()) {
                server.awaitLive(fault.stream());
                server.awaitHls(fault.stream());
                for (var transport : Transport.values()) {
                    PLAYERS.put(key(fault, transport), transport.play(server, fault));
                }
            }
            Wait.until("all players have begun", PATIENCE, ClockFaultsIT::allHaveBegun);
            all.goWrong();
            Wait.until("the fault is there", PATIENCE, () -> all.isPast(2_000));
            TestFiles.path(LATE.getFileName().toString());
            PLAYERS.put("late", Ffmpeg.hash(server.rtmp(ClockFault.AUDIO_LATE.stream()), LATE));
            Wait.until("everything is sent", PATIENCE, all::isDone);
            Arrays.stream(ClockFault.values()).forEach(fault -> PLAYLISTS.put(fault, playlists(server, fault)));
            all.sayGoodbye();
            PLAYERS.values().forEach(player -> player.succeeds(PATIENCE));
        } finally {
            PLAYERS.values().forEach(Program::close);
        }
    }

    private static String key(ClockFault fault, Transport transport) {
        return fault + " " + transport;
    }

    private static boolean allHaveBegun() {
        clocks.isDone();
        return Arrays.stream(ClockFault.values())
                .allMatch(fault -> Arrays.stream(Transport.values())
                        .map(transport -> transport.recording(fault))
                        .allMatch(file -> file.toFile().length() > 0
                                && TestFiles.read(file).lines().anyMatch(line -> !line.startsWith("#"))));
    }

    /// The master playlist and all that it names.
    private static String playlists(SluiceProcess server, ClockFault fault) {
        var master = RawHttp.get(server.httpPort(), "/" + fault.stream() + "/index.m3u8")
                .body();
        var all = new StringBuilder(master);
        Pattern.compile("[\\w./-]+\\.m3u8")
                .matcher(master)
                .results()
                .forEach(name -> all.append('\n')
                        .append(RawHttp.get(server.httpPort(), "/" + fault.stream() + "/" + name.group())
                                .body()));
        return all.toString();
    }

    @ParameterizedTest
    @EnumSource(ClockFault.class)
    void overRtmpEverythingArrivesInOrderWithoutAJump(ClockFault fault) {
        assertCopy(fault, Transport.RTMP);
    }

    @ParameterizedTest
    @EnumSource(ClockFault.class)
    void overHttpFlvEverythingArrivesInOrderWithoutAJump(ClockFault fault) {
        assertCopy(fault, Transport.FLV);
    }

    @ParameterizedTest
    @EnumSource(ClockFault.class)
    void overHlsEverythingArrivesInOrderWithoutAJump(ClockFault fault) {
        assertCopy(fault, Transport.HLS);
    }

    private static void assertCopy(ClockFault fault, Transport transport) {
        assertThat(complaints(fault, PLAYERS.get(key(fault, transport))))
                .doesNotContainIgnoringCase("monoton")
                .doesNotContainIgnoringCase("invalid")
                .doesNotContain("DTS");
        var copy = Recording.read(transport.recording(fault)).isOrdered();
        assertSilent(fault, transport, copy);
        long videoShift = lastShiftMs(copy.video(), source.video(), clocks.sent(fault, FlvTags.VIDEO));
        if (fault != ClockFault.AUDIO_LATE) { // a player that began without sound stays without
            long audioShift = lastShiftMs(copy.audio(), source.audio(), clocks.sent(fault, FlvTags.AUDIO));
            assertThat(Math.abs(audioShift - videoShift))
                    .as("sound against picture at the end, ms")
                    .isLessThanOrEqualTo(APART_MS);
        }
    }

    /// Sound that appears in the middle is news to FFmpeg. So are metadata, which come again with it over RTMP when it
    /// was away for 10 s: FFmpeg takes them for subtitles.
    private static String complaints(ClockFault fault, Program player) {
        return fault.isOfTheClock()
                ? player.output()
                : player.output().replaceAll(".*New (audio|subtitle) stream with index.*\\R", "");
    }

    /// Segments have silence where sound is lost, and at the end where the picture lasts longer; nothing else has any.
    private static void assertSilent(ClockFault fault, Transport transport, Recording copy) {
        if (fault != ClockFault.AUDIO_LATE) {
            long frames =
                    copy.audio().packets().stream().filter(Packet::isSilence).count();
            long lostMs = transport == Transport.HLS ? fault.audioLostMs() : 0;
            long atEndMs = transport == Transport.HLS ? 2 * APART_MS : 0;
            assertThat(frames * SILENT_FRAME_MS)
                    .as("silence, ms")
                    .isBetween(Math.max(0.0, lostMs - APART_MS), (double) lostMs + atEndMs);
        }
    }

    /// All that was sent since the player began is there and takes as long as in the source.
    ///
    /// @return presentation time of the last packet in the copy less that in the source
    private static long lastShiftMs(Recording.Track track, Recording.Track original, List<Integer> sent) {
        var copy =
                track.packets().stream().filter(packet -> !packet.isSilence()).toList();
        var all = sent.stream().map(original.packets()::get).toList();
        int first = hashes(all).indexOf(hashes(copy).getFirst());
        assertThat(first).as("the source has the first packet").isNotNegative();
        var expected = all.subList(first, all.size());
        assertThat(hashes(copy)).as("payloads").isEqualTo(hashes(expected));
        assertThat(Math.abs(spanMs(copy) - spanMs(expected)))
                .as("how much longer or shorter it takes than in the source, ms")
                .isLessThanOrEqualTo(LONGEST_MS);
        return (copy.getLast().ptsNs() - expected.getLast().ptsNs()) / MS;
    }

    private static List<String> hashes(List<Packet> packets) {
        return packets.stream().map(Packet::hash).toList();
    }

    private static long spanMs(List<Packet> packets) {
        return (packets.getLast().dtsNs() - packets.getFirst().dtsNs()) / MS;
    }

    /// The numbers before the fault; with them the other tests prove something.
    @ParameterizedTest
    @CsvSource({"RTMP", "FLV", "HLS"})
    void thePlayersBeganLongBeforeTheFault(Transport transport) {
        var packets =
                Recording.read(transport.recording(ClockFault.NONE)).video().packets();
        assertThat(spanMs(packets)).as("ms, 13 s of them after the fault").isGreaterThan(14_000);
    }

    @ParameterizedTest
    @EnumSource(ClockFault.class)
    void aFaultOfTheClockIsNoDiscontinuityAndNoGapInHls(ClockFault fault) {
        var playlists = PLAYLISTS.get(fault);
        assertThat(playlists).contains("#EXTINF");
        if (fault.isOfTheClock()) {
            assertThat(playlists)
                    .doesNotContain("#EXT-X-GAP")
                    .doesNotContainPattern("#EXT-X-DISCONTINUITY(\\s|-SEQUENCE:[1-9])");
        }
    }

    @Test
    void soundThatAppearsLateIsThereForWhoComesAfterIt() {
        var late = Recording.read(LATE).isOrdered();
        var match = late.isRunOf(source, "audio");
        assertThat(match.packets()).isGreaterThan(43); // a second
    }
}
