package dev.sluice.rtmp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// The ways in which a network may cut a stream. Every decoder must deliver the same whichever it is.
public enum Split {
    WHOLE(Integer.MAX_VALUE),
    BYTE_BY_BYTE(1),
    RANDOM_1(40),
    RANDOM_2(80),
    RANDOM_3(120);

    private final int mostBytes;

    Split(int mostBytes) {
        this.mostBytes = mostBytes;
    }

    public List<byte[]> of(byte[] bytes) {
        Random random = new Random(mostBytes);
        List<byte[]> parts = new ArrayList<>();
        for (int at = 0; at < bytes.length; ) {
            int size = switch (this) {
                case WHOLE -> bytes.length;
                case BYTE_BY_BYTE -> 1;
                case RANDOM_1, RANDOM_2, RANDOM_3 -> 1 + random.nextInt(mostBytes);
            };
            int end = Math.min(bytes.length, at + size);
            parts.add(Arrays.copyOfRange(bytes, at, end));
            at = end;
        }
        return parts;
    }
}
