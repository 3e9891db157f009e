package dev.sluice.plugin.hls;

import dev.sluice.hub.StreamName;
import dev.sluice.media.TrackKind;
import dev.sluice.segments.LiveWindow;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/// Playlists are written once per window, however many ask for them. Any thread.
final class PlaylistCache {
    /// Which of the playlists of a stream.
    enum Kind {
        MULTIVARIANT,
        VIDEO,
        AUDIO
    }

    private record Texts(LiveWindow window, Map<Kind, Optional<byte[]>> byKind) {
        @SuppressWarnings("ReferenceEquality") // windows are compared by when they were, not by what is in them
        boolean isOf(LiveWindow other) {
            return window == other;
        }
    }

    private final Map<StreamName, Texts> texts = new ConcurrentHashMap<>();

    /// Empty where the window has nothing of the kind.
    Optional<byte[]> get(LiveWindow window, Kind kind) {
        var current = texts.compute(
                window.stream(),
                (_, old) -> old != null && old.isOf(window) ? old : new Texts(window, new ConcurrentHashMap<>()));
        return current.byKind().computeIfAbsent(kind, _ -> write(window, kind));
    }

    void keepOnly(Predicate<StreamName> known) {
        texts.keySet().removeIf(known.negate());
    }

    private static Optional<byte[]> write(LiveWindow window, Kind kind) {
        return switch (kind) {
            case MULTIVARIANT -> Playlists.multivariant(window);
            case VIDEO -> Playlists.media(window, TrackKind.VIDEO);
            case AUDIO -> Playlists.media(window, TrackKind.AUDIO);
        };
    }
}
