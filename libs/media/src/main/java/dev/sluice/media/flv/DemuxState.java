package dev.sluice.media.flv;

import dev.sluice.media.Codec;
import dev.sluice.media.CodecConfig;
import dev.sluice.media.Entry;
import dev.sluice.media.Malformed;
import dev.sluice.media.Payload;
import dev.sluice.media.SideData;
import dev.sluice.media.Track;
import dev.sluice.media.TrackKind;
import dev.sluice.media.TracksChanged;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// What the readers of audio, video and script bodies share: the tracks known so far, the clock, the counts.
final class DemuxState {
    /// Configurations are kept for as long as the stream lives, so they are limited.
    static final int MAX_CONFIGURATION_BYTES = 64 * 1024;

    /// Side data that came before its track.
    private static final int MAX_WAITING_SIDES = 16;

    /// Kinds in their own order: video before audio; then by number.
    private static final Comparator<Track> ORDER =
            Comparator.comparing(Track::kind).thenComparingInt(Track::id);

    private record Coded(Codec codec, int id) {}

    final TimestampUnwrapper clock = new TimestampUnwrapper();
    final IgnoredCounter ignored = new IgnoredCounter();

    private final int epoch;
    /// In their order. Few, and looked through for each frame: cheaper than a map.
    private final List<Track> tracks = new ArrayList<>();

    private final Map<Coded, SideData> waitingSides = new HashMap<>();

    DemuxState(int epoch) {
        this.epoch = epoch;
    }

    List<Track> tracks() {
        return List.copyOf(tracks);
    }

    /// The track with this number, if it has this codec.
    Optional<Track> track(Codec codec, int id) {
        var track = at(codec.kind(), id);
        return track != null && track.codec() == codec ? Optional.of(track) : Optional.empty();
    }

    private @Nullable Track at(TrackKind kind, int id) {
        for (var track : tracks) {
            if (track.kind() == kind && track.id() == id) {
                return track;
            }
        }
        return null;
    }

    /// The first track of a kind.
    Optional<Track> first(TrackKind kind) {
        return tracks.stream().filter(track -> track.kind() == kind).findFirst();
    }

    /// Gives the track a configuration; tells the stream only when that changes something.
    Track configure(Codec codec, int id, CodecConfig config, long timestampMs, Consumer<Entry> out) {
        var side = track(codec, id).map(Track::side).orElse(waitingSide(codec, id));
        var track = new Track(id, codec, config, side);
        if (track.equals(at(codec.kind(), id))) {
            ignored.count(Ignored.REPEATED_CONFIGURATION);
        } else {
            put(track, timestampMs, out);
        }
        return track;
    }

    /// The track of a codec that sends no configuration: known from its first frame on.
    Track trackWithoutConfiguration(Codec codec, long timestampMs, Consumer<Entry> out) {
        return track(codec, 0)
                .orElseGet(() -> configure(codec, 0, new CodecConfig.Opaque(Payload.EMPTY), timestampMs, out));
    }

    /// What is known beside the configuration of a track.
    SideData side(Codec codec, int id) {
        return track(codec, id).map(Track::side).orElse(waitingSide(codec, id));
    }

    /// Changes what is known beside the configuration of a track. Some encoders say it before the configuration, and
    /// FFmpeg says it without the track's number: then it is of the first track with that codec.
    void changeSide(Codec codec, int id, long timestampMs, UnaryOperator<SideData> change, Consumer<Entry> out) {
        var target = track(codec, id).or(() -> firstWith(codec));
        if (target.isPresent()) {
            var track = target.get();
            var side = change.apply(track.side());
            if (!side.equals(track.side())) {
                put(new Track(track.id(), codec, track.config(), side), timestampMs, out);
            }
        } else if (waitingSides.size() < MAX_WAITING_SIDES || waitingSides.containsKey(new Coded(codec, id))) {
            waitingSides.put(new Coded(codec, id), change.apply(waitingSide(codec, id)));
        }
    }

    private Optional<Track> firstWith(Codec codec) {
        return tracks.stream().filter(track -> track.codec() == codec).findFirst();
    }

    private SideData waitingSide(Codec codec, int id) {
        return waitingSides.getOrDefault(new Coded(codec, id), SideData.NONE);
    }

    private void put(Track track, long timestampMs, Consumer<Entry> out) {
        tracks.removeIf(old -> old.kind() == track.kind() && old.id() == track.id());
        tracks.add(track);
        tracks.sort(ORDER);
        out.accept(new TracksChanged(clock.configurationNs(timestampMs), tracks(), epoch));
    }

    static Payload configuration(Payload bytes) {
        if (bytes.length() > MAX_CONFIGURATION_BYTES) {
            throw Malformed.frame("configuration of %d bytes", bytes.length());
        }
        return bytes;
    }
}
