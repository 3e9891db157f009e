package dev.sluice.media.flv;

/// Why a message made no entry although nothing was wrong with its bytes.
public enum Ignored {
    /// It carried nothing: no body, an empty configuration, an empty frame.
    EMPTY,
    /// A frame of a track whose configuration has not come yet.
    BEFORE_CONFIGURATION,
    /// An access unit without any NAL unit.
    WITHOUT_NAL_UNITS,
    /// A configuration equal to the one in force.
    REPEATED_CONFIGURATION,
    /// The mark at the end of an H.264 or H.265 sequence; the publisher may go on with a new one.
    END_OF_SEQUENCE,
    /// The publisher withdrew metadata.
    CLEARED_METADATA,
    /// A track beyond the number that a stream may have.
    TOO_MANY_TRACKS,
    /// A codec, packet type or tag type that we do not carry.
    UNSUPPORTED
}
