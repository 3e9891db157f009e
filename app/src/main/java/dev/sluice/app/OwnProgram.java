package dev.sluice.app;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// How this program can be started once more.
final class OwnProgram {
    /// The launcher sets it to its own path: it knows the options that a server's JVM needs.
    private static final String LAUNCHER = "SLUICE_LAUNCHER";

    private OwnProgram() {}

    /// The command line, without a command.
    static List<String> command(Map<String, String> environment) {
        var launcher = environment.get(LAUNCHER);
        if (launcher != null) {
            return List.of(launcher);
        }
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        return command;
    }
}
