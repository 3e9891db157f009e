package dev.sluice.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LineTest {
    private static Line read(String... words) throws WrongUse {
        return Line.of(new FakeCommand(), words);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--set v", "--set=v", "-s v", "-sv", "-s=v"})
    void aValueStandsBehindASpaceOrAnEqualsSignOrALetter(String option) throws Exception {
        assertThat(read(("FILE " + option + " URL").split(" ")).get(FakeCommand.SET))
                .containsExactly("v");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    ``       | ``
                    -        | -
                    -5       | -5
                    -x       | -x
                    -x=3     | -x=3
                    --nope   | --nope
                    "a b"    | "a b"
                    'a=b'    | 'a=b'
                    ".."=".."| ".."=".."
                    """)
    void aValueStaysAsItIs(String word, String value) throws Exception {
        assertThat(read("--set", word, "FILE", "URL").get(FakeCommand.SET)).containsExactly(value);
        assertThat(read("--set=" + word, "FILE", "URL").get(FakeCommand.SET)).containsExactly(value);
        assertThat(read("-o", word, "FILE", "URL").get(FakeCommand.OUTPUT)).contains(value);
    }

    @Test
    void aValueThatLooksLikeAnOptionStandsBehindAnEqualsSign() throws Exception {
        assertThat(read("--set=--once", "-o=-s", "FILE", "URL").get(FakeCommand.SET))
                .containsExactly("--once");
        assertThat(read("-o=-s", "FILE", "URL").get(FakeCommand.OUTPUT)).contains("-s");
        assertThatThrownBy(() -> read("--set", "--once", "FILE", "URL"))
                .hasMessage("a value is missing: -s, --set=KEY=VALUE");
    }

    @Test
    void keepsTheOrderOfWhatIsGivenMoreThanOnce() throws Exception {
        assertThat(read("-s", "a=1", "FILE", "--set=b=2", "URL", "-s=a=3").get(FakeCommand.SET))
                .containsExactly("a=1", "b=2", "a=3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--once f u", "f --once u", "f u --once"})
    void optionsStandAnywhere(String words) throws Exception {
        var line = read(words.split(" "));
        assertThat(line.get(FakeCommand.ONCE)).isTrue();
        assertThat(line.get(FakeCommand.FILE)).isEqualTo("f");
        assertThat(line.get(FakeCommand.URL)).isEqualTo("u");
    }

    @Test
    void behindTwoDashesEverythingIsAParameter() throws Exception {
        var line = read("--name=a", "--", "--once", "--");
        assertThat(line.get(FakeCommand.ONCE)).isFalse();
        assertThat(line.get(FakeCommand.FILE)).isEqualTo("--once");
        assertThat(line.get(FakeCommand.URL)).isEqualTo("--");
    }

    @Test
    void aDashAloneIsAParameter() throws Exception {
        assertThat(read("-", "").get(FakeCommand.FILE)).isEqualTo("-");
        assertThat(read("-", "").get(FakeCommand.URL)).isEmpty();
    }

    @Test
    void whatIsNotGivenHasItsDefault() throws Exception {
        var line = read("FILE", "URL");
        assertThat(line.get(FakeCommand.SET)).isEmpty();
        assertThat(line.get(FakeCommand.OUTPUT)).isEmpty();
        assertThat(line.get(FakeCommand.NAME)).isEqualTo("cam");
        assertThat(line.get(FakeCommand.VIEWERS)).isEqualTo(50);
        assertThat(line.get(FakeCommand.PERCENT)).isEqualTo(1.0);
        assertThat(line.get(FakeCommand.PIDS)).isEmpty();
        assertThat(line.get(FakeCommand.PROTOCOLS)).containsExactly("rtmp", "hls");
        assertThat(line.get(FakeCommand.ONCE)).isFalse();
    }

    @Test
    void whatIsGivenTakesThePlaceOfTheDefault() throws Exception {
        var words = "--name x --viewers -3 --percent 0.5 --pid 1,2 --pid=3 --protocol mse FILE URL".split(" ");
        var line = read(words);
        assertThat(line.get(FakeCommand.NAME)).isEqualTo("x");
        assertThat(line.get(FakeCommand.VIEWERS)).isEqualTo(-3);
        assertThat(line.get(FakeCommand.PERCENT)).isEqualTo(0.5);
        assertThat(line.get(FakeCommand.PIDS)).isEqualTo(List.of(1L, 2L, 3L));
        assertThat(line.get(FakeCommand.PROTOCOLS)).containsExactly("mse");
    }

    @Test
    void linesOfOneCommandDoNotShareValues() throws Exception {
        var command = new FakeCommand();
        var first = Line.of(command, "--set", "a=1", "FILE", "URL");
        var second = Line.of(command, "FILE", "URL");
        assertThat(first.get(FakeCommand.SET)).containsExactly("a=1");
        assertThat(second.get(FakeCommand.SET)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--onc",
                "--view=3",
                "-name",
                "-viewers",
                "-viewers3",
                "-viewers=3",
                "--o=x",
                "--s",
                "-=x",
                "--=x",
                "-x",
                "---once",
                "-q",
                "-name=x",
                "-sv=3"
            })
    void refusesWhatIsNoName(String words) {
        assertThatThrownBy(() -> read((words + " FILE URL").split(" ")))
                .isInstanceOf(WrongUse.class)
                .hasMessageStartingWith("unknown option -");
    }
}
