package dev.sluice.e2e;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// A program that a test runs. What it prints is read all the time and the newest part is kept; it ends
/// with the test, and so do all when the JVM of the tests ends.
final class Program implements AutoCloseable {
    private static final int KEPT_CHARS = 1 << 18;
    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> RUNNING.forEach(Program::killTree)));
    }

    private final String name;
    private final Process process;

    @SuppressWarnings("JdkObsolete") // written by the reader, read by the test
    private final StringBuffer output = new StringBuffer();

    private final Thread reader;

    private Program(List<String> command, Process process) {
        this.name = Path.of(command.getFirst()).getFileName().toString();
        this.process = process;
        this.reader = Thread.ofVirtual().start(this::read);
    }

    /// Starts a process that ends with this JVM at the latest.
    static Process child(ProcessBuilder builder) {
        try {
            var process = builder.start();
            RUNNING.add(process);
            process.onExit().thenAccept(RUNNING::remove);
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Starts a program with nothing to read; both its outputs are one.
    static Program start(List<String> command) {
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        return new Program(command, child(builder));
    }

    /// The path of a program of this machine. A missing one fails the test: `./check` installs it.
    static String installed(String program, String debianPackage) {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst()
                .map(Path::toString)
                .orElseThrow(() -> new AssertionError(
                        program + " is missing: apt-get install " + debianPackage + " (./check does it)"));
    }

    String output() {
        return output.toString();
    }

    boolean isRunning() {
        return process.isAlive();
    }

    /// How it ended.
    int exitCode(Duration atMost) {
        try {
            if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError(name + " did not end within " + atMost + ". It printed:\n" + output);
            }
            if (!reader.join(atMost)) {
                throw new AssertionError(name + " ended, but something it started still holds its output");
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while waiting for " + name, e);
        }
    }

    /// Waits for its end, which has to be a success.
    Program succeeds(Duration atMost) {
        int code = exitCode(atMost);
        if (code != 0) {
            throw new AssertionError(name + " ended with code " + code + ". It printed:\n" + output);
        }
        return this;
    }

    void prints(String text, Duration atMost) {
        Wait.until(name + " prints '" + text + "'", atMost, () -> output().contains(text));
    }

    /// SIGTERM: encoders say goodbye to the server.
    void terminate() {
        process.destroy();
    }

    /// SIGTERM to a program that this one started.
    void terminateChild(String program) {
        process.descendants()
                .filter(child -> child.info().command().orElse("").endsWith("/" + program))
                .forEach(ProcessHandle::destroy);
    }

    /// SIGINT, for programs that do not finish their file otherwise.
    void interrupt() {
        signal("INT");
    }

    /// @param name such as `STOP`
    void signal(String name) {
        start(List.of(installed("kill", "procps"), "-" + name, Long.toString(process.pid())))
                .succeeds(Duration.ofSeconds(20));
    }

    /// SIGKILL: no goodbye.
    void kill() {
        process.destroyForcibly();
    }

    @Override
    public void close() {
        killTree(process);
        exitCode(Duration.ofSeconds(10));
    }

    /// Scripts leave what they started behind when they are killed. The parent goes first: a master process puts
    /// another worker in the place of one that is gone.
    private static void killTree(Process process) {
        var children = process.descendants().toList();
        process.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
    }

    private void read() {
        try (var in = process.inputReader(StandardCharsets.UTF_8)) {
            var chars = new char[8192];
            for (int n = in.read(chars); n >= 0; n = in.read(chars)) {
                keep(new String(chars, 0, n));
            }
        } catch (IOException e) {
            keep("\n[its output broke: " + e.getMessage() + "]");
        }
    }

    private void keep(String more) {
        output.append(more);
        if (output.length() > 2 * KEPT_CHARS) {
            output.delete(0, output.length() - KEPT_CHARS);
        }
    }
}
