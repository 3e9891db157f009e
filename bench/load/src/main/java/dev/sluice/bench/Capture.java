package dev.sluice.bench;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/// The message that is being passed: its first bytes are kept, up to a limit, the others only counted. Grows with
/// what arrives, never with a declared length. For one thread.
final class Capture {
    private static final int SMALLEST_BYTES = 64;

    private final int mostBytes;
    private byte[] bytes = {};
    private int known;
    private int length;
    private int passed;

    Capture(int mostBytes) {
        this.mostBytes = mostBytes;
    }

    void begin(int messageBytes) {
        length = messageBytes;
        known = 0;
        passed = 0;
    }

    /// Takes up to `most` bytes of the message.
    ///
    /// @return how many it took
    int take(ByteBuf in, int most) {
        int count = Math.min(Math.min(most, length - passed), in.readableBytes());
        int kept = Math.min(count, mostBytes - known);
        if (kept > 0) {
            if (known + kept > bytes.length) {
                int capacity = Math.max(Math.max(SMALLEST_BYTES, known + kept), bytes.length * 2);
                bytes = Arrays.copyOf(bytes, Math.min(mostBytes, capacity));
            }
            in.readBytes(bytes, known, kept);
            known += kept;
        }
        in.skipBytes(count - Math.max(0, kept));
        passed += count;
        return count;
    }

    boolean isComplete() {
        return passed == length;
    }

    int remaining() {
        return length - passed;
    }

    void deliver(int type, MediaSink sink) {
        sink.onMessage(type, bytes, known, length);
    }
}
