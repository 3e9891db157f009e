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
/// chunk, so the shared bytes stay as they are and a viewer costs two small buffers per flush.
///
/// @spec https://www.rfc-editor.org/rfc/rfc9112#section-7.1
final class ChunkedOutlet implements Outlet {
    /// The farewell of the outlet below.
    static final String LAST_CHUNK = "0\r\n\r\n";

    private static final int MAX_CHUNK_BYTES = 64 << 10;
    private static final byte[] LINE_END = {'\r', '\n'};

    private final Outlet below;
    private final List<ByteBuf> waiting = new ArrayList<>();
    private int waitingBytes;

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
