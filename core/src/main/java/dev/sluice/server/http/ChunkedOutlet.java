package dev.sluice.server.http;

import dev.sluice.hub.Loop;
import dev.sluice.hub.Outlet;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Puts the bytes of an endless answer into chunks, so that a client can tell its end from a broken connection:
/// without them FFmpeg reports an error at the end of every stream. What is written between two flushes is one
/// chunk, and so is what is written between [#begin] and [#end], whose size stands in front of it in digits of a
/// fixed number.
///
/// @spec https://www.rfc-editor.org/rfc/rfc9112#section-7.1
final class ChunkedOutlet implements Outlet {
    /// The farewell of the outlet below.
    static final String LAST_CHUNK = "0\r\n\r\n";

    private static final int MAX_CHUNK_BYTES = 64 << 10;
    private static final byte[] LINE_END = {'\r', '\n'};
    private static final int SIZE_DIGITS = 8;
    private static final int SIZE_LINE_BYTES = SIZE_DIGITS + LINE_END.length;

    private final Outlet below;
    private final List<ByteBuf> waiting = new ArrayList<>();
    private int waitingBytes;
    private ByteBuf own = Unpooled.EMPTY_BUFFER;
    private int ownStart;

    ChunkedOutlet(Outlet below) {
        this.below = below;
    }

    @Override
    public Loop loop() {
        return below.loop();
    }

    @Override
    public boolean writable() {
        return below.writable();
    }

    @Override
    public void write(ByteBuf bytes) {
        waiting.add(bytes);
        waitingBytes += bytes.readableBytes();
        if (waitingBytes >= MAX_CHUNK_BYTES) {
            endChunk();
        }
    }

    @Override
    public ByteBuf begin(int maxBytes) {
        endChunk();
        own = below.begin(SIZE_LINE_BYTES + maxBytes + LINE_END.length);
        ownStart = own.writerIndex();
        return own.writeZero(SIZE_DIGITS).writeBytes(LINE_END);
    }

    @Override
    public void end() {
        int length = own.writerIndex() - ownStart - SIZE_LINE_BYTES;
        for (int i = 0; i < SIZE_DIGITS; i++) {
            own.setByte(ownStart + i, Character.forDigit(length >>> (4 * (SIZE_DIGITS - 1 - i)) & 0xf, 16));
        }
        own.writeBytes(LINE_END);
        below.end();
    }

    @Override
    public void flush() {
        endChunk();
        below.flush();
    }

    private void endChunk() {
        if (waitingBytes > 0) {
            var size = Integer.toHexString(waitingBytes) + "\r\n";
            below.write(Unpooled.copiedBuffer(size, StandardCharsets.US_ASCII));
            waiting.forEach(below::write);
            below.write(Unpooled.wrappedBuffer(LINE_END));
        } else {
            waiting.forEach(ByteBuf::release);
        }
        waiting.clear();
        waitingBytes = 0;
    }

    @Override
    public void onWritable(Runnable resume) {
        below.onWritable(resume);
    }

    @Override
    public void onClosed(Runnable gone) {
        below.onClosed(gone);
    }

    @Override
    public void close() {
        endChunk();
        below.close();
    }
}
