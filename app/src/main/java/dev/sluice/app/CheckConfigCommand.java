package dev.sluice.app;

import dev.sluice.app.cli.Command;
import dev.sluice.app.cli.Line;
import dev.sluice.app.cli.Parameter;
import dev.sluice.server.config.ConfigLoader;
import dev.sluice.server.config.SafeStart;
import java.nio.file.Path;
import java.util.List;

/// `sluice check-config`: what `serve -c FILE` would say about the file, without starting anything.
final class CheckConfigCommand implements Command {
    private static final Parameter FILE = new Parameter("FILE", "The file to check.");

    private final Surroundings surroundings;

    CheckConfigCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public List<String> description() {
        return List.of("Checks a configuration file, together with the SLUICE_ variables of the environment.");
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(FILE);
    }

    @Override
    public int run(Line line) throws Exception {
        var file = Path.of(line.get(FILE));
        var settings = new ConfigLoader(surroundings.sections())
                .file(file)
                .environment(surroundings.environment())
                .load();
        SafeStart.check(settings);
        surroundings.out().println(file + ": no mistakes found");
        return 0;
    }
}
