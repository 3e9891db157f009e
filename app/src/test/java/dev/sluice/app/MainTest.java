package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.http.HttpSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
    private final CommandLineFixture sluice = new CommandLineFixture();

    private int serve(String... options) {
        sluice.stop.receive(15);
        var args = new String[options.length + 1];
        args[0] = "serve";
        System.arraycopy(options, 0, args, 1, options.length);
        return sluice.run(args);
    }

    @Test
    void printsOneLineWhenItAcceptsAndEndsWellOnASignal() {
        assertThat(serve()).isZero();
        assertThat(sluice.out())
                .isEqualTo("sluice ready rtmp=127.0.0.1:1935 http=127.0.0.1:8080 pid="
                        + ProcessHandle.current().pid() + "\n");
        assertThat(sluice.err()).isEmpty();
    }

    @Test
    void layersFileEnvironmentSetAndOptions(@TempDir Path folder) throws Exception {
        var file = Files.writeString(folder.resolve("a.yaml"), "rtmp: { port: 1, frames: 1 }\ndata: /from-file\n");
        sluice.environment.put("SLUICE_RTMP_FRAMES", "2");
        sluice.environment.put("SLUICE_RTMP_PORT", "2");
        assertThat(serve("-c", file.toString(), "--rtmp", "4", "--set", "rtmp.port=3", "--http", "0"))
                .isZero();
        assertThat(sluice.rtmpPort()).isEqualTo(4);
        assertThat(sluice.settings().global("http", HttpSettings.DEFAULTS).port())
                .isZero();
        assertThat(sluice.settings()
                        .global("rtmp", new CommandLineFixture.FakeSettings(0, 0))
                        .frames())
                .isEqualTo(2);
        assertThat(sluice.settings().server().data()).isEqualTo("/from-file");
    }

    @Test
    void takesAddressAndFolderFromTheirOptions() {
        assertThat(serve("--listen", "0.0.0.0", "--set", "publish=open", "--data", "/var/lib/sluice"))
                .isZero();
        assertThat(sluice.settings().server().listen()).isEqualTo("0.0.0.0");
        assertThat(sluice.settings().server().data()).isEqualTo("/var/lib/sluice");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    --rtmp abc             | sluice: --rtmp: rtmp.port must be a number between 0 and 65535, not 'abc'
                    --set rtmp.prot=1      | sluice: --set: unknown key 'rtmp.prot'; did you mean 'rtmp.port'?
                    --set nonsense         | sluice: --set: needs the form key=value, such as http.port=8080
                    --listen example.com   | sluice: --listen: listen must be an IP address such as 127.0.0.1, 0.0.0.0 or ::, not 'example.com'
                    -c /nowhere/a.yaml     | sluice: /nowhere/a.yaml: no such file
                    """)
    void refusesAWrongSettingWithOneLine(String options, String message) {
        assertThat(serve(options.split(" "))).isEqualTo(2);
        assertThat(sluice.err()).isEqualTo(message + "\n");
        assertThat(sluice.out()).isEmpty();
        assertThat(sluice.started).isEmpty();
    }

    @Test
    void refusesAWrongEnvironmentVariable() {
        sluice.environment.put("SLUICE_RTMP_PROT", "1");
        assertThat(serve()).isEqualTo(2);
        assertThat(sluice.err())
                .isEqualTo("sluice: SLUICE_RTMP_PROT: unknown environment variable; did you mean SLUICE_RTMP_PORT?\n");
    }

    @Test
    void refusesToListenWiderWithoutAWordAboutPublishers() {
        assertThat(serve("--listen", "0.0.0.0")).isEqualTo(2);
        assertThat(sluice.err().lines()).hasSize(2);
        assertThat(sluice.err()).contains("publish: keys").contains("--set publish=open");
        assertThat(sluice.started).isEmpty();
    }

    @Test
    void saysWhyTheServerCannotStart() {
        sluice.startFails = "port 1935 is taken";
        assertThat(serve()).isEqualTo(1);
        assertThat(sluice.err()).isEqualTo("sluice: port 1935 is taken\n");
        assertThat(sluice.out()).isEmpty();
    }

    @Test
    void reportsAStopThatFails() {
        sluice.closing = () -> {
            throw new IllegalStateException("stuck");
        };
        assertThat(serve()).isEqualTo(1);
        assertThat(sluice.err()).contains("stuck").hasLineCount(1);
    }

    @Test
    void checksAFileWithoutStartingAnything(@TempDir Path folder) throws Exception {
        var good = Files.writeString(folder.resolve("good.yaml"), "listen: 127.0.0.1\n");
        assertThat(sluice.run("check-config", good.toString())).isZero();
        assertThat(sluice.out()).isEqualTo(good + ": no mistakes found\n");
        var bad = Files.writeString(folder.resolve("bad.yaml"), "listen: 127.0.0.1\nrtmp:\n  prot: 1\n");
        assertThat(sluice.run("check-config", bad.toString())).isEqualTo(2);
        assertThat(sluice.err())
                .isEqualTo("sluice: " + bad + ":3: unknown key 'rtmp.prot'; did you mean 'rtmp.port'?\n");
        var unsafe = Files.writeString(folder.resolve("unsafe.yaml"), "listen: '::'\n");
        assertThat(sluice.run("check-config", unsafe.toString())).isEqualTo(2);
        assertThat(sluice.started).isEmpty();
    }

    @Test
    void saysWhichSettingMakesNoSenseAndWhatWould(@TempDir Path folder) throws Exception {
        var file = Files.writeString(folder.resolve("odd.yaml"), "sockets:\n  deadAfterMs: 44999\n");
        assertThat(sluice.run("check-config", file.toString())).isEqualTo(2);
        assertThat(sluice.err())
                .isEqualTo("sluice: " + file + ":2: sockets: deadAfterMs must be 0, or at least 45000: keepAliveIdleS"
                        + " and keepAliveProbes times keepAliveIntervalS take that long\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"serve", "demo", "check-config", "version"})
    void helpsWithEveryCommand(String command) {
        assertThat(sluice.run(command, "--help")).isZero();
        assertThat(sluice.out()).startsWith("Usage: sluice " + command);
        assertThat(sluice.run("--help")).isZero();
        assertThat(sluice.out()).contains("\n  " + command);
    }

    @Test
    void listsTheOptionsOfServe() {
        sluice.run("serve", "-h");
        assertThat(sluice.out()).contains("--listen", "--rtmp", "--http", "--data", "--set", "-c, --config");
    }

    @Test
    void showsTheVersionThatMavenBuilt() {
        assertThat(sluice.run("version")).isZero();
        assertThat(sluice.out()).matches("sluice [0-9]+\\.[0-9]+\\.[0-9]+\\S*, Java 25\\S*\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    ''           | sluice: a command is missing           | Try 'sluice --help'.
                    srve         | sluice: Unmatched argument at index 0: 'srve' | Try 'sluice --help'.
                    serve --nope | sluice: Unknown option: '--nope'       | Try 'sluice serve --help'.
                    check-config | sluice: Missing required parameter: 'FILE' | Try 'sluice check-config --help'.
                    serve --rtmp | sluice: Missing required parameter for option '--rtmp' (PORT) | Try 'sluice serve --help'.
                    """)
    void pointsToTheHelpWhenItIsUsedWrongly(String line, String first, String second) {
        assertThat(sluice.run(line.isEmpty() ? new String[0] : line.split(" "))).isEqualTo(2);
        assertThat(sluice.err().lines()).hasSize(2);
        assertThat(sluice.err()).startsWith(first).endsWith(second + "\n");
    }
}
