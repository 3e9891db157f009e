package dev.sluice.app;

import dev.sluice.app.bench.BenchCommand;
import dev.sluice.app.cli.Command;
import dev.sluice.app.cli.Program;
import dev.sluice.app.media.MediaFailed;
import dev.sluice.app.media.PlayCommand;
import dev.sluice.app.media.ProbeCommand;
import dev.sluice.app.media.PublishCommand;
import dev.sluice.bench.LoadFailed;
import dev.sluice.server.StartFailed;
import dev.sluice.server.config.ConfigError;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/// The command line. Errors are a line or two on stderr; exit codes are 0 for a clean end, 1 for a server that
/// could not start or stop, 2 for a wrong option or configuration, 130 and 143 for a second Ctrl-C or SIGTERM.
public final class Main {
    static final int FAILED = 1;

    private Main() {}

    public static void main(String[] args) {
        var stop = new StopSignal(Runtime.getRuntime()::halt);
        stop.install();
        System.exit(run(Surroundings.ofThisProcess(stop), args));
    }

    /// Runs one command and returns its exit code.
    static int run(Surroundings surroundings, String... args) {
        var err = surroundings.err();
        var program = new Program("sluice", "A live media server.", commands(surroundings), surroundings.out(), err);
        try {
            return program.run(args);
        } catch (Exception e) {
            err.println("sluice: " + (isExpected(e) ? e.getMessage() : "internal error: " + e));
            return e instanceof ConfigError ? Program.WRONG_USE : FAILED;
        }
    }

    /// In the order in which the help lists them.
    static Map<String, Supplier<Command>> commands(Surroundings surroundings) {
        var all = new LinkedHashMap<String, Supplier<Command>>();
        all.put("serve", () -> new ServeCommand(surroundings));
        all.put("demo", () -> new DemoCommand(surroundings));
        all.put("probe", () -> new ProbeCommand(surroundings.out(), surroundings.stop()::isAskedFor));
        all.put("publish", () -> new PublishCommand(surroundings.err(), surroundings.stop()::isAskedFor));
        all.put("play", () -> new PlayCommand(surroundings.out(), surroundings.err(), surroundings.stop()::isAskedFor));
        all.put("bench", () -> benchCommand(surroundings));
        all.put("check-config", () -> new CheckConfigCommand(surroundings));
        all.put("version", () -> new VersionCommand(surroundings.out()));
        all.put("rehearse", () -> new RehearsalCommand(surroundings));
        return all;
    }

    private static BenchCommand benchCommand(Surroundings surroundings) {
        return new BenchCommand(
                surroundings.out(),
                surroundings.err(),
                surroundings.stop()::isAskedFor,
                VersionCommand.version(),
                OwnProgram.command(surroundings.environment()));
    }

    private static boolean isExpected(Exception e) {
        return e instanceof ConfigError
                || e instanceof StartFailed
                || e instanceof DemoFailed
                || e instanceof MediaFailed
                || e instanceof LoadFailed;
    }
}
