package dev.sluice.plugin.rtmp;

import dev.sluice.media.Codec;
import dev.sluice.media.Track;
import dev.sluice.media.flv.FlvDialect;
import dev.sluice.rtmp.session.Capabilities;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What one player can take, as far as anybody knows: his capabilities in `connect`, his wishes in the query of the
/// stream name, and the settings for players that say nothing.
///
/// `?tracks=all` asks for every track, `?hevc=12` for H.265 under the codec id 12 that some players know.
///
/// @spec https://veovera.org/docs/enhanced/enhanced-rtmp-v2 E-RTMP v2, Enhancing NetConnection connect Command
record PlayerChoice(FlvDialect dialect) {
    private static final Set<Codec> FOURCC_CODECS = FlvDialect.EVERYTHING.enhanced();

    /// @param now the tracks of the stream: dialects that differ only in codecs that it does not have are one, so that
    ///     players share their bytes and cannot make us keep one set each
    static PlayerChoice of(
            Capabilities capabilities, Map<String, String> query, RtmpSettings.Undeclared undeclared, List<Track> now) {
        boolean allTracks = capabilities.multitrack() || "all".equals(query.get("tracks"));
        boolean nanoseconds = capabilities.modEx() && capabilities.nanoseconds();
        boolean hevcAsId12 = "12".equals(query.get("hevc"))
                || (!capabilities.saysCodecs() && undeclared == RtmpSettings.Undeclared.ID12);
        return new PlayerChoice(
                new FlvDialect(shared(codecs(capabilities, undeclared), now), allTracks, nanoseconds, hevcAsId12));
    }

    private static Set<Codec> codecs(Capabilities capabilities, RtmpSettings.Undeclared undeclared) {
        if (!capabilities.saysCodecs()) {
            return undeclared == RtmpSettings.Undeclared.FOURCC ? FOURCC_CODECS : Set.of();
        }
        var codecs = EnumSet.noneOf(Codec.class);
        for (var codec : FOURCC_CODECS) {
            if (capabilities.decodes(codec.fourCc())) {
                codecs.add(codec);
            }
        }
        return codecs;
    }

    private static Set<Codec> shared(Set<Codec> codecs, List<Track> now) {
        var there =
                now.stream().map(Track::codec).filter(FOURCC_CODECS::contains).collect(Collectors.toSet());
        if (codecs.containsAll(there)) {
            return codecs.isEmpty() ? codecs : FOURCC_CODECS;
        }
        return codecs.stream().filter(there::contains).collect(Collectors.toUnmodifiableSet());
    }

    /// Why this player could show nothing of a stream with these tracks, as a sentence; empty if he can show some of
    /// it.
    Optional<String> nothingToShow(List<Track> tracks) {
        if (tracks.isEmpty() || tracks.stream().anyMatch(dialect::carries)) {
            return Optional.empty();
        }
        var codecs =
                tracks.stream().map(track -> track.codec().label()).distinct().collect(Collectors.joining(" and "));
        return Optional.of("the stream is " + codecs + ", which this player did not say it can play: use one that does,"
                + " or play the stream over HLS");
    }
}
