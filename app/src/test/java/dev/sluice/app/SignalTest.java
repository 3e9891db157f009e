package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// Real signals to a real process, because what a JVM does with a second one cannot be seen from inside.
@DisabledOnOs(OS.WINDOWS)
@Timeout(60)
class SignalTest {
    private static final int SIGTERM_EXIT_CODE = 128 + 15;

    @SuppressWarnings("NullAway.Init") // each test starts one
    private Process process;

    private BufferedReader start(String hang) throws IOException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        HangingServer.class.getName(),
                        hang)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        var lines = process.inputReader();
        assertThat(lines.readLine()).startsWith("sluice ready").endsWith("pid=" + process.pid());
        return lines;
    }

    /// By its handle: [Process#destroy] would close the streams that we read.
    private void terminate() {
        assertThat(process.toHandle().destroy()).isTrue();
    }

    @AfterEach
    void endTheProcess() {
        process.destroyForcibly();
    }

    @Test
    void stopsInOrderOnTheFirst() throws Exception {
        try (var lines = start("PT0S")) {
            terminate();
            assertThat(lines.readLine()).isEqualTo("stopping");
            assertThat(process.waitFor()).isZero();
        }
    }

    @Test
    void endsAtOnceOnTheSecond() throws Exception {
        try (var lines = start("PT1H")) {
            terminate();
            assertThat(lines.readLine()).isEqualTo("stopping");
            terminate();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(SIGTERM_EXIT_CODE);
        }
    }

    @Test
    void isGoneAfterItsLimitEvenIfSomethingHangs() throws Exception {
        try (var lines = start("PT1H")) {
            long startNs = System.nanoTime();
            terminate();
            assertThat(lines.readLine()).isEqualTo("stopping");
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(System.nanoTime() - startNs).isGreaterThan(4_000_000_000L);
            assertThat(process.exitValue()).isEqualTo(1);
        }
    }
}
