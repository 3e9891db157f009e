package dev.sluice.plugin.rtmp;

import dev.sluice.hub.Loop;
import dev.sluice.hub.Outlet;
import dev.sluice.hub.WireRun;
import io.netty.buffer.ByteBuf;

/// The one outlet of an RTMP connection, used by one playback after the other: whoever plays now hears of it. A client
/// may play, pause and play again as often as it likes, and leaves nothing behind in the connection.
final class PlayerOutlet implements Outlet {
    private static final Runnable NOBODY = () -> {};

    private final Outlet connection;
    private Runnable resume = NOBODY;
    private Runnable gone = NOBODY;

    PlayerOutlet(Outlet connection) {
        this.connection = connection;
        connection.onWritable(() -> resume.run());
        connection.onClosed(() -> gone.run());
    }

    /// Nobody plays now.
    void release() {
        resume = NOBODY;
        gone = NOBODY;
    }

    @Override
    public Loop loop() {
        return connection.loop();
    }

    @Override
    public boolean writable() {
        return connection.writable();
    }

    @Override
    public void write(ByteBuf bytes) {
        connection.write(bytes);
    }

    @Override
    public void send(WireRun<?> run) {
        connection.send(run);
    }

    @Override
    public ByteBuf begin(int maxBytes) {
        return connection.begin(maxBytes);
    }

    @Override
    public void end() {
        connection.end();
    }

    @Override
    public void flush() {
        connection.flush();
    }

    @Override
    public void onWritable(Runnable resume) {
        this.resume = resume;
    }

    @Override
    public void onClosed(Runnable gone) {
        this.gone = gone;
    }

    @Override
    public void close() {
        connection.close();
    }
}
