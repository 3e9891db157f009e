package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/// The packaged server as a process of its own, on free ports of loopback, with a data folder that goes
/// away. Closing it fails the test when the log has a buffer leak or a stack trace.
final class SluiceProcess implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(30);
    private static final Duration STOP = Duration.ofSeconds(10);
    private static final Pattern READY = Pattern.compile(
            "^sluice ready rtmp=\\S+:(?<rtmp>\\d+) http=\\S+:(?<http>\\d+)(?: \\S+=\\S+)* pid=\\d+$",
            Pattern.MULTILINE);
    private static final Pattern DEMO = Pattern.compile(
            "^Players +rtmp://[^/]+:(?<rtmp>\\d+)/live/demo +http://[^/]+:(?<http>\\d+)/.*\\n(.*\\n)*Stop",
            Pattern.MULTILINE);
    private static final Pattern TROUBLE = Pattern.compile("LEAK:|^\\s+at [\\w.$/]+\\(|OutOfMemoryError");
    private static final AtomicInteger STARTED = new AtomicInteger();

    private final Process process;
    private final Path data;
    private final Path out;
    private final Path log;
    private final Ports ports;

    private record Ports(int rtmp, int http) {}

    private SluiceProcess(List<String> jvmOptions, List<String> arguments, Pattern ready) {
        var name = "sluice-" + STARTED.incrementAndGet();
        this.data = TestFiles.folder(name + "-data");
        this.out = TestFiles.path(name + ".out");
        this.log = TestFiles.path(name + ".log");
        this.process = launch(jvmOptions, arguments);
        this.ports = awaitReady(ready);
    }

    /// Starts `serve` with more options.
    static SluiceProcess serve(String... options) {
        return serve(List.of(), options);
    }

    static SluiceProcess serve(List<String> jvmOptions, String... options) {
        return new SluiceProcess(jvmOptions, arguments("serve", options), READY);
    }

    static SluiceProcess demo() {
        return new SluiceProcess(List.of(), arguments("demo"), DEMO);
    }

    /// The command line of the packaged program, for what is not a server.
    static List<String> command(String... arguments) {
        return command(List.of(), List.of(arguments));
    }

    private static List<String> command(List<String> jvmOptions, List<String> arguments) {
        var lib = Path.of(System.getProperty("sluice.lib")).normalize();
        assertThat(lib)
                .as("the packaged server; mvn -pl app -am package makes it")
                .isDirectory();
        var command = new ArrayList<String>();
        command.add(javaTool("java"));
        command.addAll(List.of(System.getProperty("sluice.jvm").split(" ")));
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", lib + "/*", "dev.sluice.app.Main"));
        command.addAll(arguments);
        return command;
    }

    private static List<String> arguments(String verb, String... options) {
        var arguments = new ArrayList<>(List.of(verb, "--rtmp", "0", "--http", "0"));
        arguments.addAll(List.of(options));
        return arguments;
    }

    private static String javaTool(String name) {
        return Path.of(System.getProperty("java.home"), "bin", name).toString();
    }

    int rtmpPort() {
        return ports.rtmp();
    }

    int httpPort() {
        return ports.http();
    }

    /// @param name as in the line that says that it is ready
    int port(String name) {
        var found = Pattern.compile(" " + name + "=\\S+:(\\d+)").matcher(printed());
        assertThat(found.find()).as("a port called " + name).isTrue();
        return Integer.parseInt(found.group(1));
    }

    long pid() {
        return process.pid();
    }

    /// @param stream such as `live/x`
    String rtmp(String stream) {
        return "rtmp://127.0.0.1:" + rtmpPort() + "/" + stream;
    }

    String flv(String stream) {
        return http("/" + stream + ".flv");
    }

    String hls(String stream) {
        return http("/" + stream + "/index.m3u8");
    }

    String http(String path) {
        return "http://127.0.0.1:" + httpPort() + path;
    }

    Path data() {
        return data;
    }

    String log() {
        return TestFiles.read(log);
    }

    /// What it printed for the person who started it.
    String printed() {
        return TestFiles.read(out);
    }

    boolean isRunning() {
        return process.isAlive();
    }

    void awaitLog(String regex, Duration atMost) {
        var wanted = Pattern.compile(regex);
        Wait.until("the log has " + regex, atMost, () -> wanted.matcher(log()).find());
    }

    /// Until somebody publishes it and its media is understood.
    void awaitLive(String stream) {
        var name = stream.substring(stream.lastIndexOf('/') + 1);
        var listed = Pattern.compile("\"name\"\\s*:\\s*\"" + Pattern.quote(name) + "\"");
        Wait.until(
                stream + " is live",
                Duration.ofSeconds(15),
                () -> listed.matcher(RawHttp.get(httpPort(), "/-/streams.json").body())
                        .find());
    }

    /// Until a playlist with segments is there.
    void awaitHls(String stream) {
        Wait.until(
                "HLS of " + stream + " is there",
                Duration.ofSeconds(20),
                () -> RawHttp.get(httpPort(), "/" + stream + "/index.m3u8").status() == 200);
    }

    void awaitGone(String stream) {
        Wait.until(
                stream + " is not live any more",
                Duration.ofSeconds(15),
                () -> RawHttp.get(httpPort(), "/" + stream + ".flv").status() == 404);
    }

    /// Resident memory of its process, bytes.
    long residentBytes() {
        return TestFiles.read(Path.of("/proc/" + pid() + "/status"))
                .lines()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                .findFirst()
                .orElseThrow();
    }

    /// Bytes of all objects in its heap that are reachable, after a full collection.
    long liveHeapBytes() {
        var histogram = Program.start(List.of(javaTool("jcmd"), Long.toString(pid()), "GC.class_histogram"));
        histogram.succeeds(Duration.ofSeconds(30));
        var total = Pattern.compile("(?m)^Total\\s+\\d+\\s+(\\d+)").matcher(histogram.output());
        assertThat(total.find()).as("a total in:\n" + histogram.output()).isTrue();
        return Long.parseLong(total.group(1));
    }

    /// What its threads have allocated since they began, bytes; rounded, to a tenth at the worst.
    long allocatedBytes() {
        var threads = Program.start(List.of(javaTool("jcmd"), Long.toString(pid()), "Thread.print", "-e"));
        threads.succeeds(Duration.ofSeconds(30));
        return Pattern.compile("allocated=(\\d+)([BKMG])")
                .matcher(threads.output())
                .results()
                .mapToLong(found -> Long.parseLong(found.group(1)) << 10 * "BKMG".indexOf(found.group(2)))
                .sum();
    }

    /// How often a limit was hit since it started; 0 for one that it does not know.
    ///
    /// @param kind as in `/-/limits.json`
    long hits(String kind) {
        var found = Pattern.compile("\"kind\":\"" + kind + "\",\"hits\":(\\d+)")
                .matcher(RawHttp.get(httpPort(), "/-/limits.json").body());
        return found.find() ? Long.parseLong(found.group(1)) : 0;
    }

    void awaitHit(String kind) {
        Wait.until("limit " + kind + " was hit", Duration.ofSeconds(15), () -> hits(kind) > 0);
    }

    /// SIGTERM.
    void terminate() {
        process.destroy();
    }

    boolean endsWithin(Duration atMost) {
        try {
            return process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while the server stops", e);
        }
    }

    int exitCode() {
        return process.exitValue();
    }

    @Override
    public void close() {
        try {
            if (process.isAlive()) {
                shakeOutLeaks();
                terminate();
                assertThat(endsWithin(STOP))
                        .as("the server stops within " + STOP)
                        .isTrue();
            }
        } finally {
            process.destroyForcibly();
            TestFiles.delete(data);
        }
        assertThat(log().lines().filter(line -> TROUBLE.matcher(line).find()))
                .as("leaks and stack traces in " + log)
                .isEmpty();
    }

    /// A leak is seen when the collector finds the lost buffer, and told at the next allocation.
    private void shakeOutLeaks() {
        for (int i = 0; i < 2; i++) {
            Program.start(List.of(javaTool("jcmd"), Long.toString(pid()), "GC.run"))
                    .succeeds(Duration.ofSeconds(20));
            RawHttp.get(httpPort(), "/");
        }
    }

    private Process launch(List<String> jvmOptions, List<String> arguments) {
        var all = new ArrayList<>(arguments);
        all.addAll(List.of("--data", data.toString()));
        return Program.child(new ProcessBuilder(command(jvmOptions, all))
                .redirectOutput(out.toFile())
                .redirectError(log.toFile()));
    }

    private Ports awaitReady(Pattern ready) {
        try {
            Wait.until(
                    "the server is ready", START, () -> ready.matcher(printed()).find() || !process.isAlive());
            var line = ready.matcher(printed());
            assertThat(line.find()).as("the server starts; its log:\n" + log()).isTrue();
            return new Ports(Integer.parseInt(line.group("rtmp")), Integer.parseInt(line.group("http")));
        } catch (RuntimeException | AssertionError e) {
            process.destroyForcibly();
            throw e;
        }
    }
}
