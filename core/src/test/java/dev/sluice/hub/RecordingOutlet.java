package dev.sluice.hub;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/// A viewer's connection that keeps every byte, for tests of formats.
public final class RecordingOutlet implements Outlet {
    private final Loop loop;
    private final ByteBuf received = Unpooled.buffer();
    private ByteBuf own = Unpooled.EMPTY_BUFFER;
    private int writes;
    private boolean closed;
    private boolean writable = true;
    private Runnable resume = () -> {};

    public RecordingOutlet(Loop loop) {
        this.loop = loop;
    }

    @Override
    public Loop loop() {
        return loop;
    }

    @Override
    public boolean writable() {
        return writable && !closed;
    }

    @Override
    public void write(ByteBuf bytes) {
        writes++;
        received.writeBytes(bytes);
        bytes.release();
    }

    @Override
    public ByteBuf begin(int maxBytes) {
        own = Unpooled.buffer(maxBytes, maxBytes);
        return own;
    }

    @Override
    public void end() {
        write(own);
    }

    @Override
    public void flush() {}

    @Override
    public void onWritable(Runnable resume) {
        this.resume = resume;
    }

    @Override
    public void onClosed(Runnable gone) {}

    @Override
    public void close() {
        closed = true;
    }

    /// What came so far; reading from it takes it away.
    public ByteBuf received() {
        return received;
    }

    public int writes() {
        return writes;
    }

    public boolean closed() {
        return closed;
    }

    /// Stops taking bytes, or takes them again.
    public void writable(boolean now) {
        writable = now;
        if (now) {
            resume.run();
        }
    }
}
