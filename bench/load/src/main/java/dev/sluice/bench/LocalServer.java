package dev.sluice.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A Sluice of its own as a child process on free ports of loopback, with a data folder that goes away.
public final class LocalServer implements AutoCloseable {
    private static final Pattern READY =
            Pattern.compile("^sluice ready (?=.*\\brtmp=(?<rtmp>\\S+))(?=.*\\bhttp=(?<http>\\S+)).* pid=(?<pid>\\d+)$");
    private static final long READY_WITHIN_S = 60;
    private static final long STOP_WITHIN_S = 10;

    private final Process process;
    private final Path folder;
    private final Matcher ready;

    private LocalServer(Process process, Path folder, Matcher ready) {
        this.process = process;
        this.folder = folder;
        this.ready = ready;
    }

    /// Starts it, and waits until it accepts.
    ///
    /// @param program how the program is started, without its command
    /// @param settings `KEY=VALUE` each, and the last word over those that a bench needs
    public static LocalServer start(List<String> program, List<String> settings)
            throws LoadFailed, InterruptedException {
        try {
            var folder = Files.createTempDirectory("sluice-bench");
            var process = new ProcessBuilder(command(program, settings, folder))
                    .redirectError(folder.resolve("log").toFile())
                    .start();
            return awaitReady(process, folder);
        } catch (IOException e) {
            throw new LoadFailed("cannot start a server: " + e.getMessage());
        }
    }

    private static List<String> command(List<String> program, List<String> settings, Path folder) {
        var command = new ArrayList<>(program);
        command.addAll(List.of("serve", "--listen", "127.0.0.1", "--rtmp", "0", "--http", "0"));
        command.addAll(List.of("--data", folder.resolve("data").toString()));
        settings.forEach(setting -> command.addAll(List.of("--set", setting)));
        return command;
    }

    private static LocalServer awaitReady(Process process, Path folder)
            throws LoadFailed, InterruptedException, IOException {
        var line = new CompletableFuture<Matcher>();
        Thread.ofVirtual().start(() -> readOutput(process, line));
        try {
            return new LocalServer(process, folder, line.get(READY_WITHIN_S, TimeUnit.SECONDS));
        } catch (ExecutionException | TimeoutException e) {
            process.destroyForcibly().waitFor();
            var log = Files.readString(folder.resolve("log"), StandardCharsets.UTF_8)
                    .strip();
            delete(folder);
            throw new LoadFailed("the server did not start:\n" + log);
        }
    }

    /// To the end, so that the server never waits for us.
    private static void readOutput(Process process, CompletableFuture<Matcher> ready) {
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            for (var line = reader.readLine(); line != null; line = reader.readLine()) {
                var matcher = READY.matcher(line);
                if (matcher.matches()) {
                    ready.complete(matcher);
                }
            }
            ready.completeExceptionally(new IOException("it ended"));
        } catch (IOException e) {
            ready.completeExceptionally(e);
        }
    }

    /// Of the server itself, whatever started it.
    public long pid() {
        return Long.parseLong(ready.group("pid"));
    }

    /// Where its streams are.
    public Place place(Protocol protocol) throws LoadFailed {
        var publish = "rtmp://" + ready.group("rtmp") + "/live";
        var http = ready.group("http") + "/live/{name}";
        return Place.of(
                publish,
                switch (protocol) {
                    case RTMP -> "";
                    case HTTP_FLV -> "http://" + http + ".flv";
                    case WS_FMP4 -> "ws://" + http + ".mp4";
                });
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(STOP_WITHIN_S, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
        delete(folder);
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException | UncheckedIOException e) {
            // It lies in the folder for temporary files: the system clears it away.
        }
    }
}
