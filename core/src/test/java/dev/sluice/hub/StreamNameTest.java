package dev.sluice.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StreamNameTest {
    @ParameterizedTest
    @CsvSource({"live, demo", "a/b/c, cam-1", "live, stream=1@home:2", "_x, 0", "tv~1, a.b"})
    void acceptsWhatTheGrammarAllows(String app, String name) {
        assertThat(StreamName.problem(app, name)).isEmpty();
        assertThat(new StreamName(app, name)).hasToString(app + "/" + name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../../etc/x",
                "..",
                "a..b",
                "%2e%2e",
                "a b",
                "🎥",
                "a\\b",
                "a\0b",
                ".hidden",
                "nul",
                "COM1.txt",
                ""
            })
    void refusesNamesThatCannotBeFilesOrUrls(String name) {
        assertThat(StreamName.problem("live", name)).isPresent();
        assertThatThrownBy(() -> new StreamName("live", name)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "api", "console", "metrics", "health", "stat", "control", "fcs", "open", "send", "idle", "close",
                "api/v1"
            })
    void refusesApplicationsThatCollideWithFixedPaths(String app) {
        assertThat(StreamName.problem(app, "x")).get().asString().contains("reserved");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-", "a//b", "/a", "a/", "a/../b", "1/2/3/4/5/6/7/8/9", ""})
    void refusesApplicationsOutsideTheGrammar(String app) {
        assertThat(StreamName.problem(app, "x")).isPresent();
    }

    @ParameterizedTest
    @ValueSource(ints = {128, 129, 4096})
    void boundsTheLengthOfNames(int length) {
        assertThat(StreamName.problem("live", "x".repeat(length)).isEmpty()).isEqualTo(length <= 128);
    }
}
