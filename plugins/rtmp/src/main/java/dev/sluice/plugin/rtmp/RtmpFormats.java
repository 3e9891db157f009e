package dev.sluice.plugin.rtmp;

import dev.sluice.media.flv.FlvDialect;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The formats that players get: thousands of them want the same one, and share it. Any thread.
final class RtmpFormats {
    /// Players choose dialects, so there may be many; who comes later gets a format of his own.
    private static final int MOST = 32;

    private final int chunkBytes;
    private final Map<FlvDialect, RtmpFormat> known = new ConcurrentHashMap<>();

    /// @param chunkBytes the chunk size that is announced to all players
    RtmpFormats(int chunkBytes) {
        this.chunkBytes = chunkBytes;
    }

    /// Sound and picture in a dialect.
    RtmpFormat of(FlvDialect dialect) {
        var one = known.get(dialect);
        if (one != null) {
            return one;
        }
        var made = RtmpFormat.ofAll(chunkBytes, dialect);
        var first = known.size() < MOST ? known.putIfAbsent(dialect, made) : null;
        return first == null ? made : first;
    }
}
