package dev.sluice.app;

import dev.sluice.app.cli.Command;
import dev.sluice.app.cli.Line;
import dev.sluice.app.cli.Opt;
import java.util.List;

/// `sluice serve`: the server alone, until a signal.
final class ServeCommand implements Command {
    private final Surroundings surroundings;

    ServeCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public List<String> description() {
        return List.of(
                "Runs the server until Ctrl-C or SIGTERM; a second one ends it at once.",
                "Prints one line when it accepts: sluice ready rtmp=HOST:PORT http=HOST:PORT pid=N");
    }

    @Override
    public List<Opt<?>> options() {
        return ServerOptions.ALL;
    }

    @Override
    public int run(Line line) throws Exception {
        var settings = ServerOptions.load(line, surroundings.sections(), surroundings.environment());
        var server = surroundings.starter().start(settings, surroundings.plugins());
        surroundings
                .out()
                .println(Listeners.readyLine(
                        server.listeners(), ProcessHandle.current().pid()));
        surroundings.out().flush();
        surroundings.stop().await();
        return OrderlyStop.run(server.closing(), OrderlyStop.LIMIT, surroundings.err());
    }
}
