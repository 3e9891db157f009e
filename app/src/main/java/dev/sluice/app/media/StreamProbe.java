package dev.sluice.app.media;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.media.Entry;
import dev.sluice.media.Frame;
import dev.sluice.media.FrameKind;
import dev.sluice.media.Malformed;
import dev.sluice.media.TrackKind;
import dev.sluice.media.flv.FlvDemuxer;
import dev.sluice.media.flv.FlvTag;
import dev.sluice.rtmp.session.ClientEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Measures a stream from its tags, and says in sentences what is wrong with it and what helps. Sees times only as
/// arguments. For one thread.
final class StreamProbe implements TagSource.Listener {
    private static final double LONG_GOP_SECONDS = 4;
    private static final long FAR_APART_NS = 500_000_000L;
    private static final int CLOCK_EXTENDED_MS = 0xff_ffff;

    private record Key(TrackKind kind, int id) {}

    /// What an RTMP server says of itself.
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    record Peer(
            String software,
            String handshake,
            Map<String, Integer> video,
            Map<String, Integer> audio,
            List<String> features) {}

    /// The result; its names are those of `--json`.
    ///
    /// @param firstTagMs from the opening of the source to its first tag
    /// @param firstKeyFrameMs the same to its first key frame; -1 where none came
    /// @param startsAtMs first timestamp of the stream
    /// @param malformed messages that break their format
    /// @param audioAfterVideoMs where audio begins, counted from where video does; 0 where one is missing
    /// @param timestamps faults by kind of track
    /// @param findings sentences; empty where nothing is wrong
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Report(
            String source,
            @Nullable Peer peer,
            long tags,
            long firstTagMs,
            long firstKeyFrameMs,
            long startsAtMs,
            List<TrackProbe.Report> tracks,
            Map<String, Timestamps.Faults> timestamps,
            long audioAfterVideoMs,
            long malformed,
            List<String> findings) {}

    private final FlvDemuxer demuxer = new FlvDemuxer(1);
    private final Map<Key, TrackProbe> tracks = new LinkedHashMap<>();
    private final Map<TrackKind, Timestamps> times = new EnumMap<>(TrackKind.class);
    private final List<String> malformed = new ArrayList<>();
    private Optional<ClientEvent.Connected> peer = Optional.empty();
    private long tags;
    private long malformedCount;
    private long firstTagNs = -1;
    private long firstKeyNs = -1;

    @Override
    public void onConnected(ClientEvent.Connected connected) {
        peer = Optional.of(connected);
    }

    @Override
    public void onTag(FlvTag tag, long arrivedNs) {
        if (tags++ == 0) {
            firstTagNs = arrivedNs;
        }
        try {
            demuxer.accept(tag.type(), tag.timestampMs(), tag.body(), entry -> onEntry(entry, tag, arrivedNs));
        } catch (Malformed e) {
            malformedCount++;
            if (malformed.isEmpty()) {
                malformed.add("" + e.getMessage());
            }
        }
    }

    private void onEntry(Entry entry, FlvTag tag, long arrivedNs) {
        if (entry instanceof Frame frame) {
            onFrame(frame, tag, arrivedNs);
        }
    }

    private void onFrame(Frame frame, FlvTag tag, long arrivedNs) {
        if (frame.kind() == FrameKind.COMMAND) {
            return;
        }
        var track = frame.track();
        if (track.id() == 0) {
            times.computeIfAbsent(track.kind(), kind -> new Timestamps()).add(tag.timestampMs());
        }
        tracks.computeIfAbsent(new Key(track.kind(), track.id()), key -> new TrackProbe(track))
                .add(frame);
        if (firstKeyNs < 0 && frame.isVideoKey()) {
            firstKeyNs = arrivedNs;
        }
    }

    boolean sawMedia() {
        return !tracks.isEmpty();
    }

    Report report(String source) {
        var faults = new LinkedHashMap<String, Timestamps.Faults>();
        times.forEach((kind, track) -> faults.put(kind.name().toLowerCase(Locale.ROOT), track.faults()));
        var reports = tracks.values().stream()
                .sorted(Comparator.comparing((TrackProbe probe) -> probe.track().kind())
                        .thenComparing(probe -> probe.track().id()))
                .map(TrackProbe::report)
                .toList();
        return new Report(
                source,
                peer.map(StreamProbe::describe).orElse(null),
                tags,
                Math.max(0, firstTagNs) / 1_000_000,
                firstKeyNs < 0 ? -1 : firstKeyNs / 1_000_000,
                startsAtMs(),
                reports,
                faults,
                audioAfterVideoNs() / 1_000_000,
                malformedCount,
                findings(reports, faults));
    }

    private static Peer describe(ClientEvent.Connected connected) {
        var capabilities = connected.capabilities();
        var features = new ArrayList<String>();
        addIf(capabilities.reconnects(), "reconnect", features);
        addIf(capabilities.multitrack(), "multitrack", features);
        addIf(capabilities.modEx(), "modex", features);
        addIf(capabilities.nanoseconds(), "nanoseconds", features);
        return new Peer(
                connected.serverVersion(),
                connected.handshake().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                capabilities.video(),
                capabilities.audio(),
                features);
    }

    private static void addIf(boolean there, String name, List<String> names) {
        if (there) {
            names.add(name);
        }
    }

    private long startsAtMs() {
        return times.values().stream()
                .filter(Timestamps::any)
                .mapToLong(Timestamps::firstMs)
                .min()
                .orElse(0);
    }

    private long audioAfterVideoNs() {
        var video = tracks.get(new Key(TrackKind.VIDEO, 0));
        var audio = tracks.get(new Key(TrackKind.AUDIO, 0));
        return video == null || audio == null ? 0 : audio.firstNs() - video.firstNs();
    }

    private List<String> findings(List<TrackProbe.Report> reports, Map<String, Timestamps.Faults> faults) {
        var found = new ArrayList<String>();
        demuxer.unsupported().ifPresent(what -> found.add("Something is not supported: " + what + "."));
        if (malformedCount > 0) {
            found.add("%d messages break their format, the first one so: %s. Update the encoder, or tell its maker."
                    .formatted(malformedCount, malformed.getFirst()));
        }
        reports.stream().filter(track -> track.kind().equals("video")).forEach(video -> judge(video, found));
        faults.forEach((kind, fault) -> judge(kind, fault, found));
        long apartMs = audioAfterVideoNs() / 1_000_000;
        if (Math.abs(audioAfterVideoNs()) > FAR_APART_NS) {
            found.add("Audio begins %d ms %s video: players that wait for both start late."
                    .formatted(Math.abs(apartMs), apartMs < 0 ? "before" : "after"));
        }
        if (startsAtMs() > CLOCK_EXTENDED_MS) {
            found.add("The stream's clock stands at %.1f hours: old players that keep 24 bits of it lose their place."
                    .formatted(startsAtMs() / 3_600_000.0));
        }
        return found;
    }

    private static void judge(TrackProbe.Report video, List<String> found) {
        if (video.keyFrames() == 0) {
            found.add("No key frame came on video track %d: nobody can start to watch. Set the encoder's key frame"
                            .formatted(video.id())
                    + " interval to 2 s.");
        } else if (video.longestGopSeconds() > LONG_GOP_SECONDS) {
            found.add(String.format(
                    Locale.ROOT,
                    "Key frames are up to %.1f s apart: viewers start late and HLS segments grow long. Set the"
                            + " encoder's key frame interval to 2 s.",
                    video.longestGopSeconds()));
        }
        double declared = video.declaredFramesPerSecond();
        if (declared > 0 && video.framesPerSecond() > 0 && Math.abs(video.framesPerSecond() / declared - 1) > 0.1) {
            found.add(String.format(
                    Locale.ROOT,
                    "The stream declares %.2f frames per second and has %.2f: the encoder drops frames, or declares"
                            + " them wrongly.",
                    declared,
                    video.framesPerSecond()));
        }
    }

    private static void judge(String kind, Timestamps.Faults fault, List<String> found) {
        if (fault.stepsBack() > 0) {
            found.add("%d %s frames are earlier than the one before: their decode times are wrong; Sluice puts them in"
                            .formatted(fault.stepsBack(), kind)
                    + " order.");
        }
        if (fault.equal() > 0) {
            found.add("%d %s frames have the time of the one before; Sluice moves them by 1 ms."
                    .formatted(fault.equal(), kind));
        }
        if (fault.jumps() > 0) {
            found.add("The %s clock jumps %d times, by up to %.1f s: the encoder lost frames, or its clock was set."
                    .formatted(kind, fault.jumps(), fault.longestJumpMs() / 1000.0));
        }
    }
}
