package dev.sluice.app;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `sluice serve`: the server alone, until a signal.
@Command(
        name = "serve",
        description = {
            "Runs the server until Ctrl-C or SIGTERM; a second one ends it at once.",
            "Prints one line when it accepts: sluice ready rtmp=HOST:PORT http=HOST:PORT pid=N"
        },
        abbreviateSynopsis = true,
        sortOptions = false)
final class ServeCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private final ServerOptions options = new ServerOptions();

    ServeCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws Exception {
        var settings = options.load(surroundings);
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
