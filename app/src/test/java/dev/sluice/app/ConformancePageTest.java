package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// `docs/reference/rtmp-conformance.md` says of each clause which test shows it.
class ConformancePageTest {
    private static final Pattern TEST = Pattern.compile("[A-Za-z0-9]+(?:Test|IT)(?:#\\w+)?");
    private static final String NONE = "–";

    private static List<String> lastCells() {
        return TestSources.text(TestSources.ROOT.resolve("docs/reference/rtmp-conformance.md"))
                .lines()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| clause"))
                .map(line -> line.replaceAll("\\s*\\|$", ""))
                .map(line -> line.substring(line.lastIndexOf("| ") + 2))
                .toList();
    }

    @Test
    void everyClauseNamesATestThatExists() {
        var sources = TestSources.read();
        assertThat(lastCells()).hasSizeGreaterThan(100).allSatisfy(cell -> {
            if (!cell.equals(NONE)) {
                assertThat(cell).matches(TEST.pattern() + "(?:, " + TEST.pattern() + ")*");
                assertThat(Arrays.stream(cell.split(", ", -1)).filter(test -> !sources.has(test)))
                        .as("tests that are gone")
                        .isEmpty();
            }
        });
    }
}
