package dev.sluice.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;

/// Files that tests leave for a person to look at: logs, recordings, screenshots, all below `target/e2e`.
final class TestFiles {
    private static final Path ROOT =
            Path.of(System.getProperty("sluice.e2e.out")).normalize();

    private TestFiles() {}

    /// A path for a new file; an older one of this name is gone.
    static Path path(String name) {
        try {
            Files.createDirectories(ROOT);
            var path = ROOT.resolve(name);
            Files.deleteIfExists(path);
            return path;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A path whose file, if it is there, may be used again.
    static Path cached(String name) {
        return ROOT.resolve(name);
    }

    /// In one step: nobody finds half a file under the new name.
    static void rename(Path from, Path to) {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path folder(String name) {
        try {
            delete(ROOT.resolve(name));
            return Files.createDirectories(ROOT.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path write(String name, String text) {
        try {
            return Files.writeString(path(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The file as it is now; somebody may be writing it.
    static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (var all = Files.walk(folder)) {
            for (var path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
