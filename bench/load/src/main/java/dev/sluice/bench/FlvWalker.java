package dev.sluice.bench;

import io.netty.buffer.ByteBuf;

/// Walks over an FLV file as it arrives and keeps only the first bytes of each tag. For one thread.
final class FlvWalker {
    private static final int FILE_HEADER_BYTES = 13;
    private static final int TAG_HEADER_BYTES = 11;
    private static final int TRAILER_BYTES = 4;

    private enum Step {
        FILE_HEADER,
        TAG_HEADER,
        BODY,
        TRAILER
    }

    private final MediaSink sink;
    private final HeaderBytes header = new HeaderBytes(FILE_HEADER_BYTES);
    private final Capture body;
    private Step step = Step.FILE_HEADER;
    private int type;

    /// @param keptBytes how much of each body the sink sees at most
    FlvWalker(int keptBytes, MediaSink sink) {
        this.body = new Capture(keptBytes);
        this.sink = sink;
    }

    /// Reads all of it.
    void walk(ByteBuf in) {
        while (in.isReadable()) {
            step = switch (step) {
                case FILE_HEADER -> readFileHeader(in);
                case TAG_HEADER -> readTagHeader(in);
                case BODY -> passBody(in);
                case TRAILER -> readTrailer(in);
            };
        }
    }

    private Step readFileHeader(ByteBuf in) {
        if (!header.fill(in, FILE_HEADER_BYTES)) {
            return Step.FILE_HEADER;
        }
        if (header.unsignedMedium(0) != 0x46_4c56) {
            throw new ViewerFailed("the server's answer is no FLV");
        }
        header.next();
        return Step.TAG_HEADER;
    }

    private Step readTagHeader(ByteBuf in) {
        if (!header.fill(in, TAG_HEADER_BYTES)) {
            return Step.TAG_HEADER;
        }
        type = header.unsignedByte(0) & 0x1f;
        body.begin(header.unsignedMedium(1));
        header.next();
        return body.isComplete() ? Step.TRAILER : Step.BODY;
    }

    private Step passBody(ByteBuf in) {
        body.take(in, Integer.MAX_VALUE);
        if (!body.isComplete()) {
            return Step.BODY;
        }
        body.deliver(type, sink);
        return Step.TRAILER;
    }

    private Step readTrailer(ByteBuf in) {
        if (!header.fill(in, TRAILER_BYTES)) {
            return Step.TRAILER;
        }
        header.next();
        return Step.TAG_HEADER;
    }
}
