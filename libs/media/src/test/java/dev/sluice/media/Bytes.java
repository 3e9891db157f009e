package dev.sluice.media;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HexFormat;

/// Bytes for tests: written in hex, or captured from a real program.
public final class Bytes {
    private Bytes() {}

    /// Blanks between the digits are for the reader.
    public static Payload hex(String digits) {
        return Payload.of(HexFormat.of().parseHex(digits.replace(" ", "")));
    }

    public static byte[] vector(String name) {
        try (var in = Bytes.class.getResourceAsStream("/vectors/" + name)) {
            if (in == null) {
                throw new IllegalArgumentException("no vector " + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
