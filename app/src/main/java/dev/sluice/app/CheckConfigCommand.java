package dev.sluice.app;

import dev.sluice.server.config.ConfigLoader;
import dev.sluice.server.config.SafeStart;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `sluice check-config`: what `serve -c FILE` would say about the file, without starting anything.
@Command(
        name = "check-config",
        description = "Checks a configuration file, together with the SLUICE_ variables of the environment.")
final class CheckConfigCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "The file to check.")
    @SuppressWarnings("NullAway.Init") // picocli sets it, or refuses
    private Path file;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and end.")
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private boolean help;

    CheckConfigCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws Exception {
        var settings = new ConfigLoader(surroundings.sections())
                .file(file)
                .environment(surroundings.environment())
                .load();
        SafeStart.check(settings);
        spec.commandLine().getOut().println(file + ": no mistakes found");
        return 0;
    }
}
