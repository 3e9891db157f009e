package dev.sluice.rtmp.session;

import dev.sluice.rtmp.amf.AmfValue;
import dev.sluice.rtmp.message.RtmpMessage;
import java.util.Optional;

/// What `play` or `play2` asks for.
///
/// @param startMs see [ServerEvent.PlayAsked]
/// @param reset whether the player wants to hear of a reset
record PlayRequest(String name, long startMs, boolean reset) {
    static PlayRequest ofPlay(RtmpMessage.Command play) {
        String name = play.argument(0) instanceof AmfValue.Str(String text) ? text : "";
        return new PlayRequest(name, startMs(play.argument(1)), wantsReset(play.argument(3)));
    }

    /// Playing something else at the next key frame is playing it anew; how the player wants the two joined makes no
    /// difference to a live stream.
    ///
    /// @return empty if it names no stream
    static Optional<PlayRequest> ofPlay2(RtmpMessage.Command play2) {
        Optional<String> name = switch (play2.argument(0)) {
            case AmfValue.Obj parameters -> parameters.string("streamName");
            case AmfValue.EcmaArray parameters -> parameters.string("streamName");
            default -> Optional.empty();
        };
        return name.map(text -> new PlayRequest(text, ServerEvent.PlayAsked.LIVE_OR_RECORDED, true));
    }

    /// The specification says seconds, everybody sends milliseconds; the two negative values come in both.
    private static long startMs(AmfValue start) {
        if (!(start instanceof AmfValue.Num(double value)) || Double.isNaN(value) || value == -2 || value == -2000) {
            return ServerEvent.PlayAsked.LIVE_OR_RECORDED;
        }
        return value < 0 ? ServerEvent.PlayAsked.LIVE_ONLY : (long) value;
    }

    private static boolean wantsReset(AmfValue reset) {
        return switch (reset) {
            case AmfValue.Bool(boolean value) -> value;
            case AmfValue.Num(double value) -> value != 0;
            default -> true;
        };
    }
}
