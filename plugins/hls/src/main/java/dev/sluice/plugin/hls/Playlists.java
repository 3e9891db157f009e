package dev.sluice.plugin.hls;

import dev.sluice.media.Track;
import dev.sluice.media.TrackKind;
import dev.sluice.segments.LiveWindow;
import dev.sluice.segments.MediaTrack;
import dev.sluice.segments.Segment;
import dev.sluice.segments.TrackSegment;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/// The playlists of one window. Audio and video are separate renditions with segments of the same numbers.
///
/// @spec https://www.rfc-editor.org/rfc/rfc8216 RFC 8216 §4.3
/// @spec https://datatracker.ietf.org/doc/html/draft-pantos-hls-rfc8216bis §4.4.4.7 EXT-X-GAP, §8 versions
final class Playlists {
    private static final int VERSION = 7;
    private static final int VERSION_WITH_GAPS = 8;
    private static final DateTimeFormatter DATE_TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private Playlists() {}

    /// The multivariant playlist; empty while there is nothing to play.
    static Optional<byte[]> multivariant(LiveWindow window) {
        var video = window.track(TrackKind.VIDEO);
        var audio = window.track(TrackKind.AUDIO);
        var lead = video.or(() -> audio);
        if (lead.isEmpty()) {
            return Optional.empty();
        }
        var text = head(window, VERSION);
        if (!window.unsupportedTracks().isEmpty()) {
            line(text, "# left out: " + labels(window.unsupportedTracks()));
        }
        boolean group = video.isPresent() && audio.isPresent();
        if (group) {
            line(
                    text,
                    "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"audio\",NAME=\"audio\",DEFAULT=YES,AUTOSELECT=YES"
                            + channels(audio.get()) + ",URI=\"" + name(TrackKind.AUDIO) + "\"");
        }
        line(text, "#EXT-X-STREAM-INF:" + variant(window.tracks()) + (group ? ",AUDIO=\"audio\"" : ""));
        line(text, name(lead.get().kind()));
        return Optional.of(bytes(text));
    }

    /// The media playlist of one track; empty where no segment has the track.
    static Optional<byte[]> media(LiveWindow window, TrackKind kind) {
        // a track that came late is not in the oldest segments
        var segments = window.segments().stream()
                .dropWhile(segment -> !segment.gap() && segment.track(kind).isEmpty())
                .toList();
        if (segments.isEmpty() || window.track(kind).isEmpty()) {
            return Optional.empty();
        }
        var first = segments.getFirst();
        boolean gaps = segments.stream().anyMatch(segment -> segment.track(kind).isEmpty());
        var text = head(window, gaps ? VERSION_WITH_GAPS : VERSION);
        line(text, "#EXT-X-TARGETDURATION:" + window.targetSeconds());
        line(text, "#EXT-X-MEDIA-SEQUENCE:" + first.sequence());
        // counts those that are gone; one at the first segment is still there to be seen
        int gone = first.discontinuities() - (first.discontinuity() ? 1 : 0);
        line(text, "#EXT-X-DISCONTINUITY-SEQUENCE:" + gone);
        long initId = -1;
        for (var segment : segments) {
            initId = segment(text, segment, kind, initId);
        }
        if (window.ended()) {
            line(text, "#EXT-X-ENDLIST");
        }
        return Optional.of(bytes(text));
    }

    /// The file name of a media playlist.
    static String name(TrackKind kind) {
        return label(kind) + ".m3u8";
    }

    static String label(TrackKind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    static String labels(List<Track> tracks) {
        return tracks.stream().map(track -> track.codec().label()).distinct().collect(Collectors.joining(", "));
    }

    private static StringBuilder head(LiveWindow window, int version) {
        var text = new StringBuilder();
        line(text, "#EXTM3U");
        line(text, "#EXT-X-VERSION:" + version);
        if (window.independent()) {
            line(text, "#EXT-X-INDEPENDENT-SEGMENTS");
        }
        return text;
    }

    /// Adds one segment and says which initialisation holds now.
    private static long segment(StringBuilder text, Segment segment, TrackKind kind, long initBefore) {
        var track = segment.track(kind);
        long initId = track.map(TrackSegment::initId).orElse(initBefore);
        if (segment.discontinuity()) {
            line(text, "#EXT-X-DISCONTINUITY");
        }
        if (initId != initBefore || segment.discontinuity()) {
            line(text, "#EXT-X-MAP:URI=\"" + label(kind) + "-init-" + initId + ".mp4\"");
        }
        long receivedMs = track.map(segment::wallClockMs).orElse(segment.wallClockMs());
        line(text, "#EXT-X-PROGRAM-DATE-TIME:" + DATE_TIME.format(Instant.ofEpochMilli(receivedMs)));
        if (track.isEmpty()) {
            line(text, "#EXT-X-GAP");
        }
        long durationNs = track.map(TrackSegment::durationNs).orElse(segment.durationNs());
        line(text, "#EXTINF:" + String.format(Locale.ROOT, "%.6f", durationNs / 1e9) + ",");
        line(text, label(kind) + "-" + segment.sequence() + ".m4s");
        return initId;
    }

    private static String variant(List<MediaTrack> tracks) {
        var attributes = new StringBuilder();
        attributes
                .append("BANDWIDTH=")
                .append(Math.max(
                        1,
                        tracks.stream().mapToLong(MediaTrack::peakBitsPerSecond).sum()))
                .append(",AVERAGE-BANDWIDTH=")
                .append(Math.max(
                        1,
                        tracks.stream()
                                .mapToLong(MediaTrack::averageBitsPerSecond)
                                .sum()))
                .append(",CODECS=\"")
                .append(tracks.stream().map(MediaTrack::codecString).collect(Collectors.joining(",")))
                .append('"');
        for (var track : tracks) {
            if (track.width() > 0) {
                attributes.append(",RESOLUTION=%dx%d".formatted(track.width(), track.height()));
            }
            if (track.colour().isPq() || track.colour().isHlg()) {
                attributes.append(",VIDEO-RANGE=").append(track.colour().isPq() ? "PQ" : "HLG");
            }
            if (track.framesPerSecond() > 0) {
                attributes.append(",FRAME-RATE=").append(String.format(Locale.ROOT, "%.3f", track.framesPerSecond()));
            }
        }
        return attributes.toString();
    }

    private static String channels(MediaTrack audio) {
        return audio.channels() > 0 ? ",CHANNELS=\"" + audio.channels() + "\"" : "";
    }

    private static void line(StringBuilder text, String line) {
        text.append(line).append('\n');
    }

    private static byte[] bytes(StringBuilder text) {
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
