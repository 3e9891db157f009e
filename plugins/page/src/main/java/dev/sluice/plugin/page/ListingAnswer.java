package dev.sluice.plugin.page;

import java.util.List;
import java.util.Map;

/// What `/-/streams.json` says, component by component. Neither a key nor an address of a client is in it.
///
/// @param nowMs the server's wall clock, milliseconds since 1970
/// @param listsAll whether every live stream is listed, because the server listens on loopback only
/// @param listeners protocol → port
/// @param streams by name
record ListingAnswer(long nowMs, boolean listsAll, Map<String, Integer> listeners, List<Stream> streams) {

    /// @param startedAtMs wall clock when the stream began, milliseconds since 1970
    /// @param framesPerSecond video frames, over the last few seconds
    /// @param silentMs for how long no frame has come
    /// @param repairs how often each rule of the timeline was needed, by its label (`docs/reference/timeline.md`)
    /// @param driftMs how far audio has run ahead of video since the publisher came
    /// @param gaps how often nobody published for a while
    /// @param gapMs for how long in all
    /// @param waiting whether the publisher is gone and may come back
    /// @param events what happened to it lately, oldest first
    record Stream(
            String app,
            String name,
            long startedAtMs,
            long uptimeMs,
            long bitsPerSecond,
            double framesPerSecond,
            int viewers,
            long silentMs,
            Map<String, Long> repairs,
            long driftMs,
            long gaps,
            long gapMs,
            boolean waiting,
            List<TrackInfo> tracks,
            List<Event> events) {}

    /// @param atMs wall clock, milliseconds since 1970
    /// @param kind such as `taken-over`
    record Event(long atMs, String kind, String text) {}

    sealed interface TrackInfo {}

    /// @param width in pixels
    /// @param height in pixels
    record Picture(String kind, String codec, int width, int height) implements TrackInfo {}

    /// @param channels 0 where the configuration does not say
    record Sound(String kind, String codec, int sampleRateHz, int channels) implements TrackInfo {}

    /// A track whose configuration is not read, or does not tell.
    record Unread(String kind, String codec) implements TrackInfo {}
}
