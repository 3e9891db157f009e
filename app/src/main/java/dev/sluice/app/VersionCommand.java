package dev.sluice.app;

import dev.sluice.app.cli.Command;
import dev.sluice.app.cli.Line;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.Properties;

/// `sluice version`: which Sluice, on which Java.
final class VersionCommand implements Command {
    private final PrintStream out;

    VersionCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public List<String> description() {
        return List.of("Shows the version of Sluice and of the Java that runs it.");
    }

    @Override
    public int run(Line line) {
        out.println("sluice " + version() + ", Java " + Runtime.version());
        return 0;
    }

    /// The version that Maven built.
    static String version() {
        try (var in = VersionCommand.class.getResourceAsStream("/version.properties")) {
            var properties = new Properties();
            properties.load(Objects.requireNonNull(in, "version.properties is part of the build"));
            return properties.getProperty("version", "unknown");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
