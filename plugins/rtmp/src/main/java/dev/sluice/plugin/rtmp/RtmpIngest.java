package dev.sluice.plugin.rtmp;

import dev.sluice.hub.EndReason;
import dev.sluice.hub.Loop;
import dev.sluice.hub.Publication;
import dev.sluice.hub.StreamName;
import dev.sluice.media.Malformed;
import dev.sluice.media.Payload;
import dev.sluice.media.flv.FlvDemuxer;
import dev.sluice.media.flv.Ignored;
import dev.sluice.rtmp.MediaKind;
import dev.sluice.server.spi.LimitKind;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Turns what a publisher sends into entries of its stream, and notices when nothing comes. Owned by the publisher's
/// loop.
final class RtmpIngest {
    private static final Logger log = LoggerFactory.getLogger(RtmpIngest.class);

    /// Why this publisher cannot go on.
    record Fault(EndReason reason, String sentence) {}

    private final Publication publication;
    private final Loop loop;
    private final RtmpSettings settings;
    private final Consumer<LimitKind> onLimit;
    private final Consumer<Fault> onFault;
    private final FlvDemuxer demuxer;
    private Loop.Cancellable idleCheck;
    private long lastMediaNs;
    private long messages;
    private long malformed;
    private boolean unsupportedSaid;
    private boolean tooManyTracksSaid;

    /// @param onLimit told of each limit that this publisher hits
    RtmpIngest(
            Publication publication,
            Loop loop,
            RtmpSettings settings,
            Consumer<LimitKind> onLimit,
            Consumer<Fault> onFault) {
        this.publication = publication;
        this.loop = loop;
        this.settings = settings;
        this.onLimit = onLimit;
        this.onFault = onFault;
        this.demuxer = new FlvDemuxer(publication.epoch(), settings.maxTracks());
        this.idleCheck = loop.after(settings.firstMediaMs(), this::checkIdle);
    }

    void onMedia(MediaKind kind, long timestampMs, byte[] body) {
        if (kind != MediaKind.DATA) {
            messages++;
            lastMediaNs = loop.nowNs();
        }
        try {
            demuxer.accept(kind.messageType(), timestampMs, Payload.of(body), publication::write);
        } catch (Malformed e) {
            onMalformed(e);
        }
        if (!unsupportedSaid) {
            demuxer.unsupported().ifPresent(this::sayUnsupported);
        }
        if (!tooManyTracksSaid && demuxer.tracks().size() >= settings.maxTracks()) {
            countTooManyTracks();
        }
    }

    private void countTooManyTracks() {
        if (demuxer.stats().of(Ignored.TOO_MANY_TRACKS) > 0) {
            tooManyTracksSaid = true;
            onLimit.accept(LimitKind.TRACKS);
        }
    }

    private void onMalformed(Malformed e) {
        malformed++;
        switch (e.scope()) {
            case FRAME -> {
                if (malformed == 1) {
                    log.warn(
                            "publish.malformed stream={} first=\"{}\" (more are counted)",
                            publication.stream().name(),
                            e.getMessage());
                }
            }
            case STREAM, CONNECTION -> onFault.accept(new Fault(EndReason.BAD_INPUT, "" + e.getMessage()));
        }
    }

    private void sayUnsupported(String sentence) {
        unsupportedSaid = true;
        log.warn("publish.unsupported stream={} \"{}\"", publication.stream().name(), sentence);
    }

    private void checkIdle() {
        long limitMs = messages == 0 ? settings.firstMediaMs() : settings.mediaIdleMs();
        long silentMs = messages == 0 ? limitMs : (loop.nowNs() - lastMediaNs) / 1_000_000;
        if (silentMs >= limitMs) {
            onLimit.accept(messages == 0 ? LimitKind.FIRST_MEDIA : LimitKind.MEDIA_IDLE);
            onFault.accept(new Fault(EndReason.IDLE, "neither audio nor video for " + limitMs + " ms"));
        } else {
            idleCheck = loop.after(limitMs - silentMs, this::checkIdle);
        }
    }

    StreamName name() {
        return publication.stream().name();
    }

    /// @param why decides how long the stream waits for a next publisher
    void close(EndReason why) {
        idleCheck.cancel();
        publication.close(why);
    }

    /// For the log line of its end: what came, and whatever was wrong with it.
    String summary() {
        var stats = publication.stats();
        var said = new StringJoiner(", ");
        said.add(stats.frames() + " frames").add(stats.bytesIn() + " bytes");
        count(said, malformed, "malformed");
        publication.repairs().forEach((repair, times) -> count(said, times, repair.label()));
        demuxer.stats()
                .ignored()
                .forEach((why, times) ->
                        count(said, times, "ignored (" + why.name().toLowerCase(Locale.ROOT) + ")"));
        demuxer.unsupported().ifPresent(said::add);
        return said.toString();
    }

    private static void count(StringJoiner said, long times, String what) {
        if (times > 0) {
            said.add(times + " " + what);
        }
    }
}
