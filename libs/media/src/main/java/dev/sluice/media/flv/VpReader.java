package dev.sluice.media.flv;

import dev.sluice.media.Codec;
import dev.sluice.media.Entry;
import dev.sluice.media.FrameKind;
import dev.sluice.media.Payload;
import dev.sluice.media.codec.vpx.VpConfig;
import dev.sluice.media.codec.vpx.VpFrames;
import java.util.Optional;
import java.util.function.Consumer;

/// Reads VP8 and VP9. Their configuration does not hold the picture's size, so a track begins with its first key
/// frame, and changes with one of another size.
final class VpReader implements CodecReader {
    private final TrackOut track;
    private final Codec codec;
    private Optional<VpConfig> config = Optional.empty();

    VpReader(TrackOut track) {
        this.track = track;
        this.codec = track.codec();
    }

    @Override
    public void configuration(Payload vpcC, long timestampMs, Consumer<Entry> out) {
        if (vpcC.length() == 0) {
            track.ignore(Ignored.EMPTY);
            return;
        }
        var parsed = VpConfig.parse(codec, DemuxState.configuration(vpcC));
        config = Optional.of(config.map(known -> parsed.withSize(new VpFrames.Size(known.width(), known.height())))
                .orElse(parsed));
        if (config.get().isComplete()) {
            track.configure(config.get(), timestampMs, out);
        }
    }

    @Override
    public void frame(CodedFrame frame, Consumer<Entry> out) {
        var size = VpFrames.keyFrameSize(codec, frame.content());
        if (size.isPresent() && config.isPresent()) {
            var sized = config.get().withSize(size.get());
            if (!config.equals(Optional.of(sized))) {
                config = Optional.of(sized);
                track.configure(sized, frame.timestampMs(), out);
            }
        }
        track.frame(frame, size.isPresent() ? FrameKind.KEY : notKey(frame.flagged()), frame.content(), out);
    }

    private static FrameKind notKey(FrameKind flagged) {
        return flagged == FrameKind.DISPOSABLE ? flagged : FrameKind.INTER;
    }
}
