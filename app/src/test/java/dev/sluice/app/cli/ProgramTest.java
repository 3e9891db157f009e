package dev.sluice.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class ProgramTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<String> made = new ArrayList<>();

    private int run(String... words) throws Exception {
        var commands = new LinkedHashMap<String, Supplier<Command>>();
        commands.put("send", () -> make("send", new FakeCommand()));
        commands.put("a-hidden-one", () -> make("a-hidden-one", new Idle(true)));
        commands.put("idle", () -> make("idle", new Idle(false)));
        return new Program("prog", "A program.", commands, print(out), print(err)).run(words);
    }

    private Command make(String name, Command command) {
        made.add(name);
        return command;
    }

    private static PrintStream print(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, false, StandardCharsets.UTF_8);
    }

    private record Idle(boolean hidden) implements Command {
        @Override
        public List<String> description() {
            return List.of("Waits as long as it can bear, and then, because nobody has come, goes on with it.");
        }

        @Override
        public int run(Line line) {
            return 3;
        }
    }

    @Test
    void returnsTheExitCodeOfTheCommand() throws Exception {
        assertThat(run("send", "FILE", "URL")).isEqualTo(7);
        assertThat(run("a-hidden-one")).isEqualTo(3);
    }

    @Test
    void makesOnlyTheCommandThatIsNamed() throws Exception {
        run("send", "FILE", "URL");
        run("send", "--nope");
        run("send", "--help");
        assertThat(made).containsOnly("send");
        run("nonsense");
        assertThat(made).containsOnly("send");
    }

    @Test
    void theHelpOfACommandAlignsItsNames() throws Exception {
        assertThat(run("send", "-h")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("""
                Usage: prog send [OPTIONS] FILE URL
                Does nothing at all.
                And that at once.
                      FILE                 What to send.
                      URL                  Where to.
                  -s, --set=KEY=VALUE      A setting; may be given more than once.
                  -o=FILE                  Write a file.
                      --name=NAME          What it is called; cam.
                      --viewers=N          How many; 50 unless said.
                      --percent=P          How much; 1.
                      --pid=PID[,PID...]   Which.
                      --protocol=NAME[,NAME[,NAME...]]
                                           In how many ways; rtmp,hls.
                      --once               A description that has more words than fit behind a
                                             name in a terminal of eighty columns.
                  -h, --help               Show this help and end.
                """);
    }

    @Test
    void theHelpOfTheProgramListsItsCommands() throws Exception {
        assertThat(run("--help")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("""
                Usage: prog [-h] COMMAND
                A program.
                  -h, --help   Show this help and end.
                Commands:
                  send  Does nothing at all.
                  idle  Waits as long as it can bear, and then, because nobody has come, goes
                          on with it.

                prog COMMAND --help tells more about one of them.
                """);
        assertThat(err.size()).isZero();
    }

    @Test
    void aCommandWithoutOptionsShowsHelpAsItsOnlyOne() throws Exception {
        run("idle", "--help");
        assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("Usage: prog idle [-h]\n");
    }

    @Test
    void saysInTwoLinesWhatIsWrong() throws Exception {
        assertThat(run("send", "FILE")).isEqualTo(Program.WRONG_USE);
        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("prog: URL is missing\nTry 'prog send --help'.\n");
        assertThat(out.size()).isZero();
    }
}
