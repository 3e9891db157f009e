package dev.sluice.plugin.rtmp;

import dev.sluice.hub.Loop;
import dev.sluice.rtmp.netty.TunnelChannel;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.Future;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// One RTMPT connection: requests in, answers out, and a channel on which RTMP runs as on any other. Owned by
/// its loop; requests may come over many connections.
@SuppressWarnings("FutureReturnValueIgnored") // a close that is not waited for
final class Tunnel {
    /// The first byte of an answer says how patient to be until the next request: little while something
    /// happens, more and more while nothing does.
    private static final int BUSY = 0x01;

    private static final int IDLE = 0x21;
    private static final int EMPTY_ANSWERS_PER_STEP = 10;
    static final byte[] CLOSED = {0};

    private final Loop loop;
    private final TunnelChannel channel;
    private final TunnelSettings settings;
    private final TunnelTurns turns = new TunnelTurns();
    private final Runnable onIdle;
    private final Runnable onTooMuch;
    private long lastSeenNs;
    private int emptyAnswers;

    /// @param onIdle told before the tunnel is closed because nobody asks any more
    /// @param onTooMuch told before it is closed because more was sent than is read
    Tunnel(Loop loop, TunnelChannel channel, TunnelSettings settings, Runnable onIdle, Runnable onTooMuch) {
        this.loop = loop;
        this.channel = channel;
        this.settings = settings;
        this.onIdle = onIdle;
        this.onTooMuch = onTooMuch;
    }

    Loop loop() {
        return loop;
    }

    TunnelChannel channel() {
        return channel;
    }

    /// Begins to watch for the last request.
    void start() {
        lastSeenNs = loop.nowNs();
        Future<?> watch = channel.eventLoop()
                .scheduleAtFixedRate(this::checkIdle, settings.idleMs(), settings.idleMs() / 2, TimeUnit.MILLISECONDS);
        channel.closeFuture().addListener(closed -> watch.cancel(false));
    }

    private void checkIdle() {
        if (loop.nowNs() - lastSeenNs >= TimeUnit.MILLISECONDS.toNanos(settings.idleMs())) {
            onIdle.run();
            channel.close();
        }
    }

    /// One `send` or `idle`.
    ///
    /// @param body RTMP; empty for `idle`
    /// @return the body of the answer; empty if the number of the request makes no sense, and then the tunnel
    ///     ends
    Optional<byte[]> request(String number, byte[] body) {
        lastSeenNs = loop.nowNs();
        return switch (turns.turn(number)) {
            case TunnelTurns.Turn.Again(byte[] answer) -> Optional.of(answer);
            case TunnelTurns.Turn.OutOfOrder() -> {
                channel.close();
                yield Optional.empty();
            }
            case TunnelTurns.Turn.Next() -> {
                byte[] answer = next(body);
                turns.answered(answer);
                yield Optional.of(answer);
            }
        };
    }

    private byte[] next(byte[] body) {
        if (channel.unreadBytes() + body.length > settings.bodyMaxBytes()) {
            onTooMuch.run();
            channel.close();
        }
        channel.feed(Unpooled.wrappedBuffer(body));
        ByteBuf pending = channel.take(settings.answerMaxBytes() - 1);
        emptyAnswers = pending.isReadable() || body.length > 0 ? 0 : emptyAnswers + 1;
        byte[] answer = new byte[1 + pending.readableBytes()];
        answer[0] = (byte) patience();
        pending.readBytes(answer, 1, answer.length - 1);
        return answer;
    }

    private int patience() {
        int step = Math.min(emptyAnswers / EMPTY_ANSWERS_PER_STEP, 5);
        return step == 0 ? BUSY : Math.min(BUSY << step | 1, IDLE);
    }

    /// The client says goodbye.
    void close() {
        channel.close();
    }
}
