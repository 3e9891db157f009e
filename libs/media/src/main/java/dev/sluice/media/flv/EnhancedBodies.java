package dev.sluice.media.flv;

import dev.sluice.media.Payload;

/// Names what an Enhanced RTMP body carries. That is all we do with them so far: the bodies are counted, not
/// read.
///
/// @spec https://veovera.org/docs/enhanced/enhanced-rtmp-v2 Enhanced RTMP v2, ExVideoTagHeader and
///     ExAudioTagHeader
final class EnhancedBodies {
    private static final int VIDEO_MULTITRACK = 6;
    private static final int AUDIO_MULTITRACK = 5;
    private static final int METADATA = 4;
    private static final int MOD_EX = 7;
    private static final int MANY_CODECS = 2;

    private EnhancedBodies() {}

    static String describeVideo(Payload body) {
        boolean command = (body.get(0) >> 4 & 7) == VideoBodies.FRAME_COMMAND && (body.get(0) & 15) != METADATA;
        return command
                ? "enhanced RTMP video commands are not supported yet"
                : "enhanced RTMP video%s is not supported yet".formatted(fourCc(body, VIDEO_MULTITRACK));
    }

    static String describeAudio(Payload body) {
        return "enhanced RTMP audio%s is not supported yet".formatted(fourCc(body, AUDIO_MULTITRACK));
    }

    /// A blank and the FourCC, or nothing where it is not at a place that can be told at a glance.
    private static String fourCc(Payload body, int multitrack) {
        int packetType = body.get(0) & 15;
        int at = packetType == multitrack ? 2 : 1;
        boolean manyCodecs = at == 2 && body.length() > 1 && body.get(1) >> 4 == MANY_CODECS;
        if (packetType == MOD_EX || manyCodecs || body.length() < at + 4) {
            return "";
        }
        var name = new StringBuilder(" ");
        for (int i = at; i < at + 4; i++) {
            int letter = body.get(i);
            name.append(letter > 0x20 && letter < 0x7f ? (char) letter : '?'); // it ends up in logs
        }
        return name.toString();
    }
}
