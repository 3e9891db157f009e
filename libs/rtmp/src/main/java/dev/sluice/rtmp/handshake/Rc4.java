package dev.sluice.rtmp.handshake;

import io.netty.buffer.ByteBuf;

/// The RC4 key stream of one direction. Weak, and all that RTMPE has. Every JDK may be told to refuse RC4, so
/// it is here. One owner.
final class Rc4 {
    private static final int STATES = 256;
    private static final int SCRATCH_BYTES = 4096;

    private final byte[] state = new byte[STATES];
    private int i;
    private int j;

    Rc4(byte[] key) {
        for (int at = 0; at < STATES; at++) {
            state[at] = (byte) at;
        }
        for (int at = 0, other = 0; at < STATES; at++) {
            other = (other + state[at] + key[at % key.length]) & 0xff;
            swap(at, other);
        }
    }

    /// Throws away that many bytes of the key stream.
    void skip(int bytes) {
        for (int at = 0; at < bytes; at++) {
            next();
        }
    }

    /// Appends all that is readable in `in`, scrambled or unscrambled, to `out`.
    void apply(ByteBuf in, ByteBuf out) {
        byte[] scratch = new byte[Math.min(in.readableBytes(), SCRATCH_BYTES)];
        while (in.isReadable()) {
            int bytes = Math.min(in.readableBytes(), scratch.length);
            in.readBytes(scratch, 0, bytes);
            for (int at = 0; at < bytes; at++) {
                scratch[at] ^= (byte) next();
            }
            out.writeBytes(scratch, 0, bytes);
        }
    }

    private int next() {
        i = (i + 1) & 0xff;
        j = (j + state[i]) & 0xff;
        swap(i, j);
        return state[(state[i] + state[j]) & 0xff];
    }

    private void swap(int a, int b) {
        byte kept = state[a];
        state[a] = state[b];
        state[b] = kept;
    }
}
