package dev.sluice.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `sluice version`: which Sluice, on which Java.
@Command(name = "version", description = "Shows the version of Sluice and of the Java that runs it.")
final class VersionCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and end.")
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private boolean help;

    @Override
    public void run() {
        spec.commandLine().getOut().println("sluice " + version() + ", Java " + Runtime.version());
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
