package dev.sluice.media;

public enum TrackKind {
    VIDEO,
    AUDIO,
    DATA
}
