package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.app.cli.Line;
import dev.sluice.app.cli.Parameter;
import dev.sluice.server.http.HttpSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
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
    @MethodSource("commands")
    void helpsWithEveryCommand(String command) {
        assertThat(sluice.run(command, "--help")).isZero();
        assertThat(sluice.out()).startsWith("Usage: sluice " + command).contains("\n  -h, --help ");
        assertThat(sluice.out().lines()).allMatch(line -> line.length() < 80);
    }

    @Test
    void listsTheCommandsInTheirOrderButNotTheRehearsal() {
        assertThat(sluice.run("--help")).isZero();
        var listed = sluice.out()
                .lines()
                .dropWhile(line -> !line.equals("Commands:"))
                .filter(line -> line.matches("  \\S.*"))
                .map(line -> line.trim().split(" ", 2)[0])
                .toList();
        var all = new ArrayList<>(commands());
        all.remove("rehearse");
        assertThat(listed).isEqualTo(all);
    }

    /// Defaults are written as a user would write them, so they could be wrong.
    @ParameterizedTest
    @MethodSource("commands")
    void everyOptionHasADefaultThatItsOwnReadingTakes(String name) throws Exception {
        var command = Main.commands(sluice.surroundings()).get(name).get();
        var words = command.parameters().stream().map(Parameter::label).toArray(String[]::new);
        var line = Line.of(command, words);
        assertThat(command.options())
                .allSatisfy(option -> assertThat(line.get(option)).isNotNull());
    }

    private static Set<String> commands() {
        return Main.commands(new CommandLineFixture().surroundings()).keySet();
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
                    ''                             | sluice              | a command is missing
                    srve                           | sluice              | there is no command 'srve'; did you mean 'serve'?
                    nonsense                       | sluice              | there is no command 'nonsense'
                    --nope                         | sluice              | unknown option --nope
                    -x serve                       | sluice              | unknown option -x
                    serve --nope                   | sluice serve        | unknown option --nope
                    serve --nope=3                 | sluice serve        | unknown option --nope
                    serve -x                       | sluice serve        | unknown option -x
                    serve --rtm 0                  | sluice serve        | unknown option --rtm; did you mean --rtmp?
                    serve -rtmp 0                  | sluice serve        | unknown option -rtmp; did you mean --rtmp?
                    serve -rtmp0                   | sluice serve        | unknown option -rtmp0; did you mean --rtmp?
                    serve -rtmp=0                  | sluice serve        | unknown option -rtmp; did you mean --rtmp?
                    serve --c a.yaml               | sluice serve        | unknown option --c
                    serve --rtmp                   | sluice serve        | a value is missing: --rtmp=PORT
                    serve --rtmp --http 0          | sluice serve        | a value is missing: --rtmp=PORT
                    serve --rtmp -- 0              | sluice serve        | a value is missing: --rtmp=PORT
                    serve -c                       | sluice serve        | a value is missing: -c, --config=FILE
                    serve extra                    | sluice serve        | unexpected 'extra'; only options are expected
                    serve -- --rtmp                | sluice serve        | unexpected '--rtmp'; only options are expected
                    check-config                   | sluice check-config | FILE is missing
                    check-config a b               | sluice check-config | unexpected 'b' after FILE
                    check-config a --help=yes      | sluice check-config | --help takes no value
                    publish                        | sluice publish      | FILE.flv and URL are missing
                    publish a                      | sluice publish      | URL is missing
                    publish a b c                  | sluice publish      | unexpected 'c' after FILE.flv and URL
                    publish a b --once --once      | sluice publish      | --once may be given only once
                    play a --insecure=no           | sluice play         | --insecure takes no value
                    play a -o                      | sluice play         | a value is missing: -o=FILE.flv
                    play a -o b -o c               | sluice play         | -o may be given only once
                    play a --json                  | sluice play         | unknown option --json
                    probe a --seconds soon         | sluice probe        | --seconds needs a whole number, not 'soon'
                    probe a --seconds=             | sluice probe        | --seconds needs a whole number, not ''
                    probe a --seconds 1.5          | sluice probe        | --seconds needs a whole number, not '1.5'
                    probe a --seconds 99999999999  | sluice probe        | --seconds cannot be 99999999999: that is out of range
                    bench --viewers abc            | sluice bench        | --viewers needs a whole number, not 'abc'
                    bench --viewers 3 --viewers 5  | sluice bench        | --viewers may be given only once
                    bench --pid 1,abc              | sluice bench        | --pid needs a whole number, not 'abc'
                    bench --late-percent 0,5       | sluice bench        | --late-percent needs a number, not '0,5'
                    version extra                  | sluice version      | unexpected 'extra'; only options are expected
                    """)
    void pointsToTheHelpWhenItIsUsedWrongly(String line, String whose, String why) {
        assertThat(sluice.run(line.isEmpty() ? new String[0] : line.split(" "))).isEqualTo(2);
        assertThat(sluice.err()).isEqualTo("sluice: " + why + "\nTry '" + whose + " --help'.\n");
        assertThat(sluice.out()).isEmpty();
        assertThat(sluice.started).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"--help", "-h", "serve --help", "--nope --help", "srve -h", "serve --nope -h", "play -h a b"})
    void helpsWhateverElseIsWrong(String line) {
        assertThat(sluice.run(line.split(" "))).isZero();
        assertThat(sluice.out()).startsWith("Usage: sluice ");
        assertThat(sluice.err()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    --viewers 0  | --viewers must be 1 or more
                    --probes -1  | --probes must be 0 or more
                    --threads 65 | --threads must be 64 at most
                    --name a/b   | a stream's name has letters, digits, '-', '_' and '.' only: a/b
                    """)
    void namesTheNumberThatNoLoadCanHave(String options, String message) {
        assertThat(sluice.run(("bench " + options).split(" "))).isEqualTo(1);
        assertThat(sluice.err()).isEqualTo("sluice: " + message + "\n");
    }
}
