package dev.sluice.app;

import dev.sluice.app.bench.BenchCommand;
import dev.sluice.app.media.MediaFailed;
import dev.sluice.app.media.PlayCommand;
import dev.sluice.app.media.ProbeCommand;
import dev.sluice.app.media.PublishCommand;
import dev.sluice.bench.LoadFailed;
import dev.sluice.server.StartFailed;
import dev.sluice.server.config.ConfigError;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The command line. Errors are a line or two on stderr; exit codes are 0 for a clean end, 1 for a server that
/// could not start or stop, 2 for a wrong option or configuration, 130 and 143 for a second Ctrl-C or SIGTERM.
@Command(
        name = "sluice",
        mixinStandardHelpOptions = false,
        description = "A live media server.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "sluice COMMAND --help tells more about one of them."})
public final class Main implements Runnable {
    static final int FAILED = 1;
    static final int WRONG_USE = 2;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @CommandLine.Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and end.")
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private boolean help;

    public static void main(String[] args) {
        var stop = new StopSignal(Runtime.getRuntime()::halt);
        stop.install();
        System.exit(run(Surroundings.ofThisProcess(stop), args));
    }

    /// Runs one command and returns its exit code.
    ///
    /// Reading the annotations of a command takes milliseconds that a start has not got. So when the first word
    /// names a command the others are left out; when it does not, all are there, for the help.
    static int run(Surroundings surroundings, String... args) {
        var line = new CommandLine(new Main());
        var all = commands(surroundings);
        var named = args.length == 0 ? null : all.get(args[0]);
        (named == null ? all.values() : List.of(named)).forEach(command -> line.addSubcommand(command.get()));
        return line.setOut(writer(surroundings.out()))
                .setErr(writer(surroundings.err()))
                .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
                .setParameterExceptionHandler(Main::wrongUse)
                .setExecutionExceptionHandler((e, command, result) -> failed(e, command))
                .execute(args);
    }

    /// In the order in which the help lists them.
    private static Map<String, Supplier<Object>> commands(Surroundings surroundings) {
        var all = new LinkedHashMap<String, Supplier<Object>>();
        all.put("serve", () -> new ServeCommand(surroundings));
        all.put("demo", () -> new DemoCommand(surroundings));
        all.put("probe", () -> new ProbeCommand(surroundings.stop()::isAskedFor));
        all.put("publish", () -> new PublishCommand(surroundings.stop()::isAskedFor));
        all.put("play", () -> new PlayCommand(surroundings.out(), surroundings.stop()::isAskedFor));
        all.put("bench", () -> benchCommand(surroundings));
        all.put("check-config", () -> new CheckConfigCommand(surroundings));
        all.put("version", VersionCommand::new);
        all.put("rehearse", () -> new RehearsalCommand(surroundings));
        return all;
    }

    private static BenchCommand benchCommand(Surroundings surroundings) {
        return new BenchCommand(
                surroundings.stop()::isAskedFor,
                VersionCommand.version(),
                OwnProgram.command(surroundings.environment()));
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(new OutputStreamWriter(stream, stream.charset()), true);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    private static int wrongUse(ParameterException e, String[] args) {
        var command = e.getCommandLine();
        command.getErr().println("sluice: " + e.getMessage());
        command.getErr().println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        return WRONG_USE;
    }

    private static int failed(Exception e, CommandLine command) {
        command.getErr().println("sluice: " + (isExpected(e) ? e.getMessage() : "internal error: " + e));
        return e instanceof ConfigError ? WRONG_USE : FAILED;
    }

    private static boolean isExpected(Exception e) {
        return e instanceof ConfigError
                || e instanceof StartFailed
                || e instanceof DemoFailed
                || e instanceof MediaFailed
                || e instanceof LoadFailed;
    }
}
