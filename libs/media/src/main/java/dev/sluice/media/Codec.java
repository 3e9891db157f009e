package dev.sluice.media;

import java.util.Arrays;
import java.util.Optional;

/// The codecs we can name, as data: a new one is a row. Only codecs whose syntax we must read have a class of
/// [CodecConfig]; the others are relayed untouched.
///
/// `fourCc` is the E-RTMP FourCC, empty where there is none; `flvId` is the legacy FLV codec or sound format id,
/// -1 where there is none; `mp4` says whether our MP4 muxer carries it: not VP8 and H.266, which no player takes
/// from MP4.
public enum Codec {
    H264(TrackKind.VIDEO, "H.264", "avc1", 7, true),
    H265(TrackKind.VIDEO, "H.265", "hvc1", 12, true),
    H266(TrackKind.VIDEO, "H.266", "vvc1", -1, false),
    AV1(TrackKind.VIDEO, "AV1", "av01", -1, true),
    VP8(TrackKind.VIDEO, "VP8", "vp08", -1, false),
    VP9(TrackKind.VIDEO, "VP9", "vp09", -1, true),
    SORENSON(TrackKind.VIDEO, "Sorenson H.263", "", 2, false),
    SCREEN(TrackKind.VIDEO, "Screen video", "", 3, false),
    VP6(TrackKind.VIDEO, "VP6", "", 4, false),
    VP6A(TrackKind.VIDEO, "VP6 with alpha", "", 5, false),
    SCREEN2(TrackKind.VIDEO, "Screen video 2", "", 6, false),
    AAC(TrackKind.AUDIO, "AAC", "mp4a", 10, true),
    OPUS(TrackKind.AUDIO, "Opus", "Opus", -1, true),
    FLAC(TrackKind.AUDIO, "FLAC", "fLaC", -1, true),
    AC3(TrackKind.AUDIO, "AC-3", "ac-3", -1, true),
    EAC3(TrackKind.AUDIO, "E-AC-3", "ec-3", -1, true),
    MP3(TrackKind.AUDIO, "MP3", ".mp3", 2, true),
    MP3_8K(TrackKind.AUDIO, "MP3 8 kHz", "", 14, false),
    PCM(TrackKind.AUDIO, "PCM", "", 0, false),
    PCM_LE(TrackKind.AUDIO, "PCM little-endian", "", 3, false),
    ADPCM(TrackKind.AUDIO, "ADPCM", "", 1, false),
    NELLYMOSER_16K(TrackKind.AUDIO, "Nellymoser 16 kHz", "", 4, false),
    NELLYMOSER_8K(TrackKind.AUDIO, "Nellymoser 8 kHz", "", 5, false),
    NELLYMOSER(TrackKind.AUDIO, "Nellymoser", "", 6, false),
    G711A(TrackKind.AUDIO, "G.711 A-law", "", 7, false),
    G711U(TrackKind.AUDIO, "G.711 µ-law", "", 8, false),
    SPEEX(TrackKind.AUDIO, "Speex", "", 11, false);

    private final TrackKind kind;
    private final String label;
    private final String fourCc;
    private final int flvId;
    private final boolean mp4;

    Codec(TrackKind kind, String label, String fourCc, int flvId, boolean mp4) {
        this.kind = kind;
        this.label = label;
        this.fourCc = fourCc;
        this.flvId = flvId;
        this.mp4 = mp4;
    }

    public TrackKind kind() {
        return kind;
    }

    /// The codec of a kind with this FourCC; `avc1` and `mp4a` too.
    public static Optional<Codec> ofFourCc(TrackKind kind, String fourCc) {
        return Arrays.stream(values())
                .filter(codec -> codec.kind == kind && !fourCc.isEmpty() && codec.fourCc.equals(fourCc))
                .findFirst();
    }

    /// The name people use, such as `H.264`.
    public String label() {
        return label;
    }

    public String fourCc() {
        return fourCc;
    }

    public int flvId() {
        return flvId;
    }

    /// Whether our MP4 muxer can carry it.
    public boolean fitsMp4() {
        return mp4;
    }
}
