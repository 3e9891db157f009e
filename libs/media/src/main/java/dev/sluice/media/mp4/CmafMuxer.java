package dev.sluice.media.mp4;

import dev.sluice.media.AudioConfig;
import dev.sluice.media.Payload;
import dev.sluice.media.Track;
import dev.sluice.media.VideoConfig;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/// Writes fragmented MP4: one initialisation segment, then fragments of one or more samples per track. Keeps no
/// state. With one track the result is a CMAF track file; with several it is an ordinary fragmented MP4, which is
/// what a browser's media source takes.
///
/// Samples are written as frames carry them. Decode and presentation times are those of the stream: there is no
/// edit list, so a picture that is shown later than it is decoded starts that much later.
///
/// @spec https://www.iso.org/standard/83102.html ISO/IEC 14496-12 §8
/// @spec https://www.iso.org/standard/85623.html ISO/IEC 23000-19 §7
public final class CmafMuxer {
    private static final int VIDEO_TIMESCALE = 90_000;
    private static final InitBoxes.Brands SEGMENT_TYPE =
            new InitBoxes.Brands("styp", List.of("msdh", "msix", "iso6", "cmfs"));

    /// What [#writeSegmentType] writes.
    public static final int SEGMENT_TYPE_BYTES = SEGMENT_TYPE.bytes();

    private CmafMuxer() {}

    /// Whether the track can be written now: MP4 has a place for its codec, and its configuration says all that an
    /// initialisation segment must. Some configurations do so only once a key frame came.
    public static boolean carries(Track track) {
        return track.codec().fitsMp4()
                && switch (track.config()) {
                    case VideoConfig video -> video.isComplete() && video.width() > 0;
                    case AudioConfig audio -> audio.sampleRate() > 0;
                    default -> false;
                };
    }

    /// Ticks per second of the track: 90000 for video, the sample rate for audio.
    ///
    /// @throws IllegalArgumentException for a codec that [dev.sluice.media.Codec#fitsMp4] denies
    public static int timescale(Track track) {
        return switch (track.config()) {
            case VideoConfig video -> VIDEO_TIMESCALE;
            case AudioConfig audio -> audio.sampleRate();
            default -> throw notCarried(track);
        };
    }

    /// The initialisation segment. Track ids are 1, 2 … in the order of the list.
    ///
    /// @throws IllegalArgumentException for a codec that [dev.sluice.media.Codec#fitsMp4] denies
    public static Payload init(List<Track> tracks) {
        var movie = new ArrayList<Box>();
        var extensions = new ArrayList<Box>();
        movie.add(new InitBoxes.MovieHeader(tracks.size() + 1));
        for (int i = 0; i < tracks.size(); i++) {
            movie.add(track(i + 1, tracks.get(i)));
            extensions.add(new InitBoxes.TrackExtends(i + 1));
        }
        movie.add(new Box.Container("mvex", extensions));
        var brands = tracks.size() == 1 ? List.of("iso6", "cmfc", "mp41") : List.of("iso6", "mp41");
        var fileType = new InitBoxes.Brands("ftyp", brands);
        var moov = new Box.Container("moov", movie);
        var out = Unpooled.buffer(fileType.bytes() + moov.bytes());
        fileType.writeTo(out);
        moov.writeTo(out);
        return Payload.copyOf(out);
    }

    /// The box with which a segment may begin; its parts go without.
    public static void writeSegmentType(ByteBuf out) {
        SEGMENT_TYPE.writeTo(out);
    }

    /// How many bytes [#writeFragment] will write.
    public static int fragmentBytes(List<TrackRun> runs) {
        return Math.addExact(fragment(0, runs, 0).bytes(), mediaDataBytes(runs));
    }

    /// Writes one movie fragment and its media data.
    ///
    /// @param sequence grows with each fragment
    /// @param runs one for each track that has samples, each track at most once
    public static void writeFragment(ByteBuf out, int sequence, List<TrackRun> runs) {
        int mediaDataBytes = mediaDataBytes(runs);
        int firstSample = fragment(sequence, runs, 0).bytes() + Box.HEADER_BYTES;
        fragment(sequence, runs, firstSample).writeTo(out);
        out.writeInt(mediaDataBytes);
        Box.writeType("mdat", out);
        for (var run : runs) {
            for (var sample : run.samples()) {
                sample.payload().writeTo(out);
            }
        }
    }

    private static int mediaDataBytes(List<TrackRun> runs) {
        int bytes = Box.HEADER_BYTES;
        for (var run : runs) {
            bytes = Math.addExact(bytes, run.payloadBytes());
        }
        return bytes;
    }

    /// @param firstSample where the first sample stands, counted from the start of this box; does not change its
    ///     size
    private static Box fragment(int sequence, List<TrackRun> runs, int firstSample) {
        var boxes = new ArrayList<Box>();
        boxes.add(new FragmentBoxes.FragmentHeader(sequence));
        int dataOffset = firstSample;
        for (var run : runs) {
            var common = FragmentBoxes.Common.of(run.samples());
            boxes.add(Box.Container.of(
                    "traf",
                    new FragmentBoxes.TrackFragmentHeader(run, common),
                    new FragmentBoxes.DecodeTime(run.baseTicks()),
                    new FragmentBoxes.Run(run.samples(), common, dataOffset)));
            dataOffset = Math.addExact(dataOffset, run.payloadBytes());
        }
        return new Box.Container("moof", boxes);
    }

    private static Box track(int trackId, Track track) {
        return switch (track.config()) {
            case VideoConfig config ->
                Box.Container.of(
                        "trak",
                        new InitBoxes.TrackHeader(trackId, false, config.width(), config.height()),
                        Box.Container.of(
                                "mdia",
                                new InitBoxes.MediaHeader(timescale(track)),
                                new InitBoxes.Handler("vide", "video"),
                                media(new InitBoxes.VideoMediaHeader(), SampleEntries.of(track))));
            case AudioConfig config ->
                Box.Container.of(
                        "trak",
                        new InitBoxes.TrackHeader(trackId, true, 0, 0),
                        Box.Container.of(
                                "mdia",
                                new InitBoxes.MediaHeader(timescale(track)),
                                new InitBoxes.Handler("soun", "audio"),
                                media(new InitBoxes.SoundMediaHeader(), SampleEntries.of(track))));
            default -> throw notCarried(track);
        };
    }

    private static Box media(Box mediaHeader, Box sampleEntry) {
        return Box.Container.of(
                "minf",
                mediaHeader,
                Box.Container.of("dinf", new InitBoxes.DataReference()),
                Box.Container.of(
                        "stbl",
                        new SampleEntries.SampleDescription(sampleEntry),
                        new InitBoxes.EmptyTable("stts", 1),
                        new InitBoxes.EmptyTable("stsc", 1),
                        new InitBoxes.EmptyTable("stsz", 2),
                        new InitBoxes.EmptyTable("stco", 1)));
    }

    private static IllegalArgumentException notCarried(Track track) {
        return new IllegalArgumentException(
                "MP4 does not carry " + track.codec().label());
    }
}
