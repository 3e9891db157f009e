package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.rtmp.Limit;
import dev.sluice.server.spi.LimitKind;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// `docs/reference/limits.md` names every limit there is, the setting that changes it with its true default, and a
/// test that exists.
class LimitsPageTest {
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern SETTING = Pattern.compile("^( *)([A-Za-z0-9-]+):(?: (\\S.*))?$");
    private static final String NONE = "–";

    private final List<Row> rows = rows();

    /// A line of a table that has all six columns.
    private record Row(String kind, String setting, String byDefault, String test) {}

    private static List<Row> rows() {
        return TestSources.text(TestSources.ROOT.resolve("docs/reference/limits.md"))
                .lines()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| limit |"))
                .map(line -> line.split("\\s*\\|\\s*", -1))
                .filter(cells -> cells.length == 8)
                .map(cells -> new Row(code(cells[2]), code(cells[3]), cells[4], code(cells[6])))
                .toList();
    }

    private static String code(String cell) {
        var code = CODE.matcher(cell);
        return code.find() ? code.group(1) : cell;
    }

    @Test
    void everyKindIsOnThePageAndNoOther() {
        var known = Stream.concat(
                        Arrays.stream(LimitKind.values()).map(LimitKind::label),
                        Arrays.stream(Limit.values()).map(limit -> "rtmp-" + limit.label()))
                .collect(Collectors.toSet());
        var written = rows.stream().map(Row::kind).filter(kind -> !kind.equals(NONE));
        assertThat(written.collect(Collectors.toSet())).isEqualTo(known);
    }

    @Test
    void everySettingExistsAndHasTheDefaultThatThePageSays() {
        var defaults = defaults();
        assertThat(rows).hasSizeGreaterThan(60).allSatisfy(row -> {
            if (!row.setting().equals(NONE)) {
                assertThat(defaults).containsEntry(row.setting(), row.byDefault());
            }
        });
    }

    @Test
    void everyLimitOfAnRtmpConnectionIsOnThePage() {
        var written = rows.stream().map(Row::setting).collect(Collectors.toSet());
        assertThat(defaults().keySet().stream()
                        .filter(key -> key.matches("rtmp\\.limits\\..*|limits\\.[^e].*|admission\\..*")))
                .isNotEmpty()
                .allMatch(written::contains);
    }

    @Test
    void everyTestExists() {
        var sources = TestSources.read();
        assertThat(rows)
                .allSatisfy(row -> assertThat(row.test().equals(NONE) || sources.has(row.test()))
                        .as(row.test() + " exists")
                        .isTrue());
    }

    /// The shipped file, as dotted keys and values.
    private static Map<String, String> defaults() {
        var defaults = new HashMap<String, String>();
        Deque<String> path = new ArrayDeque<>();
        TestSources.text(Path.of("src/main/resources/sluice.yaml"))
                .lines()
                .map(SETTING::matcher)
                .forEach(line -> {
                    if (!line.matches()) {
                        return;
                    }
                    while (path.size() > line.group(1).length() / 2) {
                        path.removeLast();
                    }
                    path.addLast(line.group(2));
                    if (line.group(3) != null) {
                        defaults.put(String.join(".", path), line.group(3));
                    }
                });
        return defaults;
    }
}
