package dev.sluice.bench;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.Consumer;

/// The answer to one GET as it arrives: checks its status, passes over its headers, takes chunked bodies out of their
/// chunks. For one thread.
final class HttpAnswer {
    private static final int MOST_HEADER_BYTES = 16 << 10;
    private static final int MOST_LINE_BYTES = 64;

    private enum Step {
        HEADERS,
        CHUNK_SIZE,
        CHUNK,
        CHUNK_END,
        PLAIN
    }

    private final int wantedStatus;
    private final Consumer<ByteBuf> body;
    private final StringBuilder text = new StringBuilder();
    private Step step = Step.HEADERS;
    private long chunkLeft;

    /// @param wantedStatus other answers fail the viewer
    /// @param body is given what arrives of the body, and reads all of it
    HttpAnswer(int wantedStatus, Consumer<ByteBuf> body) {
        this.wantedStatus = wantedStatus;
        this.body = body;
    }

    /// Reads all of it.
    void receive(ByteBuf in) {
        while (in.isReadable()) {
            switch (step) {
                case HEADERS -> readHeaders(in);
                case CHUNK_SIZE -> readChunkSize(in);
                case CHUNK -> passChunk(in);
                case CHUNK_END -> readChunkEnd(in);
                case PLAIN -> body.accept(in);
            }
        }
    }

    private void readHeaders(ByteBuf in) {
        while (in.isReadable()) {
            text.append((char) in.readUnsignedByte());
            if (text.length() > MOST_HEADER_BYTES) {
                throw new ViewerFailed("the server's answer has no end of headers");
            }
            if (endsWith("\r\n\r\n")) {
                onHeaders(text.toString());
                text.setLength(0);
                return;
            }
        }
    }

    private void onHeaders(String headers) {
        var statusLine = headers.substring(0, headers.indexOf('\r'));
        if (!statusLine.matches("HTTP/1\\.[01] " + wantedStatus + "( .*)?")) {
            throw new ViewerFailed("the server answered: " + statusLine);
        }
        boolean chunked = headers.toLowerCase(Locale.ROOT).contains("\r\ntransfer-encoding: chunked");
        step = chunked ? Step.CHUNK_SIZE : Step.PLAIN;
    }

    private void readChunkSize(ByteBuf in) {
        while (in.isReadable()) {
            text.append((char) in.readUnsignedByte());
            if (text.length() > MOST_LINE_BYTES) {
                throw new ViewerFailed("the server's chunk has no size");
            }
            if (endsWith("\r\n")) {
                chunkLeft = chunkSize(text.toString());
                step = chunkLeft == 0 ? Step.PLAIN : Step.CHUNK;
                text.setLength(0);
                return;
            }
        }
    }

    private static long chunkSize(String line) {
        int end = Math.max(line.indexOf('\r'), 0);
        int extension = line.indexOf(';');
        try {
            return Long.parseUnsignedLong(line, 0, extension < 0 ? end : Math.min(end, extension), 16);
        } catch (NumberFormatException e) {
            throw new ViewerFailed("the server's chunk has no size");
        }
    }

    private void passChunk(ByteBuf in) {
        int end = in.writerIndex();
        int bytes = (int) Math.min(chunkLeft, in.readableBytes());
        in.writerIndex(in.readerIndex() + bytes);
        body.accept(in);
        in.writerIndex(end);
        chunkLeft -= bytes;
        step = chunkLeft == 0 ? Step.CHUNK_END : Step.CHUNK;
    }

    /// CR and LF.
    private void readChunkEnd(ByteBuf in) {
        if (in.readUnsignedByte() == '\n') {
            step = Step.CHUNK_SIZE;
        }
    }

    private boolean endsWith(String end) {
        int from = text.length() - end.length();
        return from >= 0 && text.indexOf(end, from) == from;
    }

    /// A GET, as bytes.
    ///
    /// @param headers more of them, each with its line end
    static byte[] request(String authority, String path, String headers) {
        return ("GET " + path + " HTTP/1.1\r\nHost: " + authority + "\r\nUser-Agent: sluice-bench\r\n" + headers
                        + "\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
    }
}
