package dev.sluice.e2e;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;

/// One way to spoil a session. Works on the handshake and the chunks behind it, so that what it leaves alone is still
/// understood and the damage gets far.
enum Mutation {
    FLIP_BITS {
        @Override
        void apply(List<byte[]> pieces, RandomGenerator random) {
            var piece = copyOfAny(pieces, random);
            for (int flips = 1 + random.nextInt(8); flips > 0 && piece.length > 0; flips--) {
                piece[random.nextInt(piece.length)] ^= (byte) (1 << random.nextInt(8));
            }
        }
    },
    CUT_OFF {
        @Override
        void apply(List<byte[]> pieces, RandomGenerator random) {
            int last = any(pieces, random);
            pieces.subList(last + 1, pieces.size()).clear();
            shorten(pieces, last, random);
        }
    },
    CUT_OUT {
        @Override
        void apply(List<byte[]> pieces, RandomGenerator random) {
            int at = any(pieces, random);
            if (random.nextBoolean()) {
                pieces.remove(at);
            } else {
                shorten(pieces, at, random);
            }
        }
    },
    DUPLICATE {
        @Override
        void apply(List<byte[]> pieces, RandomGenerator random) {
            int at = any(pieces, random);
            for (int times = 1 + random.nextInt(20); times > 0; times--) {
                pieces.add(at, pieces.get(at));
            }
        }
    },
    INSERT {
        @Override
        void apply(List<byte[]> pieces, RandomGenerator random) {
            var foreign = new byte[1 + random.nextInt(200)];
            random.nextBytes(foreign);
            pieces.add(any(pieces, random), foreign);
        }
    },
    SWAP {
        @Override
        void apply(List<byte[]> pieces, RandomGenerator random) {
            Collections.swap(pieces, any(pieces, random), any(pieces, random));
        }
    },
    /// Time, length, type or message stream in the header of a chunk.
    HEADER {
        @Override
        void apply(List<byte[]> pieces, RandomGenerator random) {
            var chunk = copyOfAny(pieces, random);
            int count = Math.min(Chunks.messageHeaderBytes(chunk), chunk.length - 1);
            for (int i = 0; i < Math.min(count, 3); i++) {
                chunk[1 + random.nextInt(count)] = TELLING[random.nextInt(TELLING.length)];
            }
        }
    },
    /// A chunk size that the sender does not keep to.
    CHUNK_SIZE {
        @Override
        void apply(List<byte[]> pieces, RandomGenerator random) {
            var control = new byte[] {2, 0, 0, 0, 0, 0, 4, 1, 0, 0, 0, 0, 0, 0, 0, 0};
            int size = (1 << random.nextInt(32)) + random.nextInt(2);
            ByteBuffer.wrap(control).putInt(12, size);
            pieces.add(any(pieces, random), control);
        }
    },
    /// Media of another kind, codec or packet type: the first bytes behind a header.
    BODY {
        @Override
        void apply(List<byte[]> pieces, RandomGenerator random) {
            var chunk = copyOfAny(pieces, random);
            int from = 1 + Chunks.messageHeaderBytes(chunk);
            if (from < chunk.length) {
                chunk[from + random.nextInt(Math.min(8, chunk.length - from))] = (byte) random.nextInt(256);
            }
        }
    };

    private static final byte[] TELLING = {0, 1, 2, 3, 4, 5, 8, 9, 15, 17, 18, 20, 22, 127, -128, -1};

    private static final int MOST = 4;

    abstract void apply(List<byte[]> pieces, RandomGenerator random);

    /// The same session with one to four things wrong, which depend on nothing but `random`.
    static byte[] spoil(Capture capture, RandomGenerator random) {
        var pieces = new ArrayList<>(capture.pieces());
        for (int times = 1 + random.nextInt(MOST); times > 0 && !pieces.isEmpty(); times--) {
            values()[random.nextInt(values().length)].apply(pieces, random);
        }
        return Capture.joined(pieces);
    }

    /// Half of the time one of the first: the handshake and the commands, of which there are few.
    private static int any(List<byte[]> pieces, RandomGenerator random) {
        return random.nextInt(random.nextBoolean() ? Math.min(12, pieces.size()) : pieces.size());
    }

    private static byte[] copyOfAny(List<byte[]> pieces, RandomGenerator random) {
        int at = any(pieces, random);
        pieces.set(at, pieces.get(at).clone());
        return pieces.get(at);
    }

    private static void shorten(List<byte[]> pieces, int at, RandomGenerator random) {
        var piece = pieces.get(at);
        pieces.set(at, Arrays.copyOf(piece, random.nextInt(piece.length + 1)));
    }
}
