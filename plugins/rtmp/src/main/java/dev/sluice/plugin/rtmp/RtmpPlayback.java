package dev.sluice.plugin.rtmp;

import dev.sluice.hub.EndReason;
import dev.sluice.hub.Hub;
import dev.sluice.hub.LiveStream;
import dev.sluice.hub.Loop;
import dev.sluice.hub.Outlet;
import dev.sluice.hub.StreamName;
import dev.sluice.hub.Viewing;
import dev.sluice.media.TrackKind;
import java.util.EnumSet;

/// One player on one message stream: shared bytes go straight to its connection. Owned by the connection's loop.
final class RtmpPlayback implements RtmpFraming.Player {
    /// While a player pauses, nothing of its stream reaches it: so it is looked after.
    private static final int PAUSE_CHECK_MS = 2_000;

    /// Hears of it.
    interface Owner extends RtmpFraming.Player {
        /// This is what the player is shown from now on: at the start, after a pause, and with other tracks.
        void began(Viewing viewing);
    }

    private sealed interface State {}

    private record Playing(LiveStream stream, Viewing viewing) implements State {}

    private record Paused(LiveStream stream, Loop.Cancellable check) implements State {}

    private record Over() implements State {}

    private final Hub hub;
    private final StreamName name;
    private final Outlet outlet;
    private final RtmpFraming framing;
    private final Owner owner;
    private RtmpFormat format;
    private State state = new Over();
    /// What the player has seen of the stream, so that a pause does not bring it twice.
    private long seenNs = Long.MIN_VALUE;
    private String lastSummary = "";

    /// @param owner told once that it ended when the stream ended or the player did not take it; not after
    ///     [#close]
    RtmpPlayback(Hub hub, StreamName name, Outlet outlet, int msid, RtmpFormat format, Owner owner) {
        this.hub = hub;
        this.name = name;
        this.outlet = outlet;
        this.owner = owner;
        this.format = format;
        this.framing = new RtmpFraming(msid, format.chunkBytes(), this);
    }

    StreamName name() {
        return name;
    }

    int msid() {
        return framing.msid();
    }

    void start(LiveStream stream) {
        var viewing = stream.playAfter(seenNs, format, outlet, framing);
        state = new Playing(stream, viewing);
        owner.began(viewing);
    }

    /// The player wants audio, or video, or no longer wants it.
    void receive(TrackKind kind, boolean on) {
        var kinds = EnumSet.noneOf(TrackKind.class);
        kinds.addAll(format.kinds());
        if (!(on ? kinds.add(kind) : kinds.remove(kind))) {
            return;
        }
        format = new RtmpFormat(format.chunkBytes(), format.dialect(), kinds);
        if (state instanceof Playing(var stream, var viewing)) {
            leave(viewing);
            start(stream);
        }
    }

    /// Ends a viewing that is followed by another.
    private void leave(Viewing viewing) {
        state = new Over();
        lastSummary = summaryOf(viewing);
        viewing.end(EndReason.CLIENT_DONE);
        seenNs = viewing.seenNs();
    }

    /// A live stream does not wait: who goes on after a pause starts at the newest key frame, and time goes on.
    void pause(boolean paused) {
        switch (state) {
            case Playing(var stream, var viewing)
            when paused -> {
                leave(viewing);
                state = new Paused(stream, outlet.loop().after(PAUSE_CHECK_MS, this::checkPaused));
            }
            case Paused(var stream, var check)
            when !paused -> {
                check.cancel();
                if (isLive(stream)) {
                    start(stream);
                } else {
                    finish(EndReason.PUBLISHER_LEFT);
                }
            }
            case Playing playing -> {}
            case Paused still -> {}
            case Over over -> {}
        }
    }

    private void checkPaused() {
        if (state instanceof Paused(var stream, var done)) {
            if (isLive(stream)) {
                state = new Paused(stream, outlet.loop().after(PAUSE_CHECK_MS, this::checkPaused));
            } else {
                finish(EndReason.PUBLISHER_LEFT);
            }
        }
    }

    @SuppressWarnings("ReferenceEquality") // another stream of the same name is another stream
    private boolean isLive(LiveStream stream) {
        return hub.find(name).filter(now -> now == stream).isPresent();
    }

    void close(EndReason why) {
        var was = state;
        lastSummary = summary();
        state = new Over();
        switch (was) {
            case Playing(var stream, var viewing) -> viewing.end(why);
            case Paused(var stream, var check) -> check.cancel();
            case Over over -> {}
        }
        outlet.release();
    }

    @Override
    public void jumped() {
        owner.jumped();
    }

    /// The viewing did.
    @Override
    public void ended(EndReason why) {
        if (state instanceof Playing) {
            finish(why);
        }
    }

    private void finish(EndReason why) {
        lastSummary = summary();
        state = new Over();
        outlet.release();
        owner.ended(why);
    }

    /// For the log line of its end.
    String summary() {
        return state instanceof Playing(var stream, var viewing) ? summaryOf(viewing) : lastSummary;
    }

    private static String summaryOf(Viewing viewing) {
        return "%d bytes, %d jumps".formatted(viewing.bytesSent(), viewing.jumps());
    }
}
