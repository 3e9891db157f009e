package dev.sluice.media.flv;

import dev.sluice.media.Codec;
import dev.sluice.media.CodecConfig;
import dev.sluice.media.Entry;
import dev.sluice.media.Malformed;
import dev.sluice.media.Payload;
import dev.sluice.media.Track;
import dev.sluice.media.TrackKind;
import dev.sluice.media.TracksChanged;
import java.util.EnumMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// What the readers of audio, video and script bodies share: the tracks known so far, the clock, the counts.
final class DemuxState {
    /// Configurations are kept for as long as the stream lives, so they are limited.
    static final int MAX_CONFIGURATION_BYTES = 64 * 1024;

    final TimestampUnwrapper clock = new TimestampUnwrapper();
    final IgnoredCounter ignored = new IgnoredCounter();

    private final int epoch;
    private final EnumMap<TrackKind, Track> tracks = new EnumMap<>(TrackKind.class);

    DemuxState(int epoch) {
        this.epoch = epoch;
    }

    List<Track> tracks() {
        return List.copyOf(tracks.values());
    }

    /// The track of this kind, if it has this codec.
    Optional<Track> track(Codec codec) {
        return track(codec.kind()).filter(track -> track.codec() == codec);
    }

    Optional<Track> track(TrackKind kind) {
        return Optional.ofNullable(tracks.get(kind));
    }

    /// Gives the track a configuration; tells the stream only when that changes something.
    Track configure(Codec codec, CodecConfig config, long timestampMs, Consumer<Entry> out) {
        var track = new Track(0, codec, config);
        if (track.equals(tracks.get(codec.kind()))) {
            ignored.count(Ignored.REPEATED_CONFIGURATION);
            return track;
        }
        tracks.put(codec.kind(), track);
        out.accept(new TracksChanged(clock.configurationNs(timestampMs), tracks(), epoch));
        return track;
    }

    /// The track of a codec that sends no configuration: known from its first frame on.
    Track trackWithoutConfiguration(Codec codec, long timestampMs, Consumer<Entry> out) {
        return track(codec).orElseGet(() -> configure(codec, new CodecConfig.Opaque(Payload.EMPTY), timestampMs, out));
    }

    static Payload configuration(Payload bytes) {
        if (bytes.length() > MAX_CONFIGURATION_BYTES) {
            throw Malformed.frame("configuration of %d bytes", bytes.length());
        }
        return bytes;
    }
}
