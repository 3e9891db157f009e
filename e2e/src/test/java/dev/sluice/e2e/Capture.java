package dev.sluice.e2e;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/// What a real client once sent to a server, from the first byte of the handshake on.
///
/// @param name of its file in the vectors of `libs/rtmp`
/// @param publishes whether the client is a publisher; otherwise it plays
/// @param stream the last part of the stream's name
/// @param pieces the handshake and after it each chunk; joined again they are the recording
record Capture(String name, boolean publishes, String stream, List<byte[]> pieces) {
    private static final Pattern ROLE = Pattern.compile("(publish|play) live/(\\w+) ");

    /// All recordings of clients, publishers and players.
    static List<Capture> all() {
        var folder = Path.of(System.getProperty("sluice.vectors")).normalize();
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".bin"))
                    .sorted()
                    .map(Capture::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Capture read(Path file) {
        var name = file.getFileName().toString().replace(".bin", "");
        var role = ROLE.matcher(TestFiles.read(file.resolveSibling(name + ".expect")));
        if (!role.find()) {
            throw new AssertionError(name + " neither publishes nor plays");
        }
        try {
            return new Capture(
                    name, role.group(1).equals("publish"), role.group(2), Chunks.split(Files.readAllBytes(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The same session for another stream.
    ///
    /// @param other as long as the name was: then no length in the recording changes
    Capture of(String other) {
        var renamed = pieces.stream()
                .map(piece -> replaced(piece, amf(stream), amf(other)))
                .toList();
        return new Capture(name, publishes, other, renamed);
    }

    private static byte[] amf(String text) {
        return ("\2\0" + (char) text.length() + text).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] replaced(byte[] bytes, byte[] from, byte[] to) {
        if (from.length != to.length) {
            throw new AssertionError("a name of another length");
        }
        return new String(bytes, StandardCharsets.ISO_8859_1)
                .replace(new String(from, StandardCharsets.ISO_8859_1), new String(to, StandardCharsets.ISO_8859_1))
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    static byte[] joined(List<byte[]> pieces) {
        var whole = new ByteArrayOutputStream();
        pieces.forEach(whole::writeBytes);
        return whole.toByteArray();
    }
}
