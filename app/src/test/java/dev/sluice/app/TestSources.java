package dev.sluice.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;

/// The tests of all modules, so that a page of the documentation cannot name one that is gone.
final class TestSources {
    static final Path ROOT = Path.of("..");

    private final Map<String, String> byFile;

    private TestSources(Map<String, String> byFile) {
        this.byFile = byFile;
    }

    static TestSources read() {
        try (var files = Files.walk(ROOT)) {
            return new TestSources(files.filter(file -> file.toString().contains("src/test/java"))
                    .filter(file -> file.toString().matches(".*(Test|IT)\\.java"))
                    .collect(Collectors.toMap(
                            file -> file.getFileName().toString(), TestSources::text, (a, b) -> a + b)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// @param test `SomeTest#method`, or a class alone
    boolean has(String test) {
        var name = test.split("#", 2);
        var source = byFile.getOrDefault(name[0] + ".java", "");
        return name.length == 1 ? !source.isEmpty() : source.contains("void " + name[1] + "(");
    }
}
