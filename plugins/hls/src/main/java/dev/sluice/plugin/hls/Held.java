package dev.sluice.plugin.hls;

import dev.sluice.hub.Loop;
import dev.sluice.hub.StreamName;
import dev.sluice.segments.LiveWindow;
import dev.sluice.segments.Segments;
import dev.sluice.server.spi.Http.Exchange;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// A request that waits for the first segment of a stream. Owned by the loop of the request; windows arrive from
/// the stream's home loop and are posted.
final class Held {
    private static final Loop.Cancellable NOTHING = () -> {};

    private final Exchange exchange;
    private final Segments segments;
    private final StreamName stream;
    private final int holdMs;
    private final Predicate<LiveWindow> enough;
    private final Runnable onOver;
    private Loop.Cancellable listening = NOTHING;
    private Loop.Cancellable deadline = NOTHING;
    private boolean over;

    /// @param enough whether a window ends the waiting
    /// @param onOver called once, however it ends
    Held(
            Exchange exchange,
            Segments segments,
            StreamName stream,
            int holdMs,
            Predicate<LiveWindow> enough,
            Runnable onOver) {
        this.exchange = exchange;
        this.segments = segments;
        this.stream = stream;
        this.holdMs = holdMs;
        this.enough = enough;
        this.onOver = onOver;
    }

    /// Calls `answer` once, unless the client leaves before: with a window that is enough, or with what there is
    /// when the time is over.
    void start(Consumer<Optional<LiveWindow>> answer) {
        exchange.onClosed(this::finish);
        deadline = exchange.loop().after(holdMs, () -> decide(answer, true));
        listening = segments.onChange(stream, _ -> exchange.loop().execute(() -> decide(answer, false)));
        decide(answer, false); // it may have come since the caller looked
    }

    private void decide(Consumer<Optional<LiveWindow>> answer, boolean late) {
        var window = segments.of(stream);
        if (!over && (late || window.map(enough::test).orElse(true))) {
            finish();
            answer.accept(window);
        }
    }

    private void finish() {
        if (!over) {
            over = true;
            listening.cancel();
            deadline.cancel();
            onOver.run();
        }
    }
}
