package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.hub.Repair;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// `docs/reference/rtmp-conformance.md` says of each clause which test shows it, `timeline.md` of each rule,
/// `continuity.md` of each event.
class ConformancePageTest {
    private static final Pattern TEST = Pattern.compile("[A-Za-z0-9]+(?:Test|IT)(?:#\\w+)?");
    private static final String NONE = "–";

    private static List<String> lastCells(String page, String header) {
        return lastCellsOf(
                TestSources.text(TestSources.ROOT.resolve("docs/reference").resolve(page)), header);
    }

    private static List<String> lastCellsOf(String text, String header) {
        return text.lines()
                .filter(line -> line.startsWith("| ") && !line.startsWith(header))
                .map(line -> line.replaceAll("\\s*\\|$", ""))
                .map(line -> line.substring(line.lastIndexOf("| ") + 2))
                .toList();
    }

    private static void assertNamesTests(TestSources sources, String cell) {
        assertThat(cell).matches(TEST.pattern() + "(?:, " + TEST.pattern() + ")*");
        assertThat(Arrays.stream(cell.split(", ", -1)).filter(test -> !sources.has(test)))
                .as("tests that are gone")
                .isEmpty();
    }

    @Test
    void everyClauseNamesATestThatExists() {
        var sources = TestSources.read();
        assertThat(lastCells("rtmp-conformance.md", "| clause"))
                .hasSizeGreaterThan(100)
                .allSatisfy(cell -> {
                    if (!cell.equals(NONE)) {
                        assertNamesTests(sources, cell);
                    }
                });
    }

    @Test
    void everyRuleOfTheTimelineNamesATestThatExists() {
        var sources = TestSources.read();
        assertThat(lastCells("timeline.md", "| what the publisher sends"))
                .hasSizeGreaterThan(20)
                .allSatisfy(cell -> assertNamesTests(sources, cell));
    }

    @Test
    void everyEventInTheLifeOfAStreamNamesATestThatExists() {
        var sources = TestSources.read();
        var page = TestSources.text(TestSources.ROOT.resolve("docs/reference/continuity.md"));
        var section = page.substring(page.indexOf("\n## Which test has seen it"), page.indexOf("\n## Five players"));
        assertThat(lastCellsOf(section, "| what happens"))
                .hasSizeGreaterThan(10)
                .allSatisfy(cell -> assertNamesTests(sources, cell));
    }

    @Test
    void everyCounterOfTheTimelineIsExplained() {
        var page = TestSources.text(TestSources.ROOT.resolve("docs/reference/timeline.md"));
        var table = page.substring(0, page.indexOf("## What the counters say"));
        var explained = page.substring(table.length());
        assertThat(Repair.values()).allSatisfy(repair -> {
            assertThat(table).contains("`" + repair.label() + "`");
            assertThat(explained).contains("`" + repair.label() + "`");
        });
    }
}
