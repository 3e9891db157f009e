package dev.sluice.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.config.RecordKeys.Shape;
import org.junit.jupiter.api.Test;

class DefaultFileTest {
    private final String text = DefaultFile.text(TestSections.ALL);

    @Test
    void loadsAsTheDefaults() throws Exception {
        var settings = TestSections.load(text);
        assertThat(settings.server()).isEqualTo(ServerSettings.DEFAULTS);
        assertThat(TestSections.http(settings)).isEqualTo(TestSections.HTTP.defaults());
        assertThat(TestSections.plugin(settings)).isEqualTo(TestSections.PLUGIN.defaults());
        assertThat(settings.appNames()).isEmpty();
    }

    @Test
    void writesEveryKeyWithItsLineAndItsEnvironmentName() {
        var known = new KnownKeys(TestSections.ALL);
        for (var path : known.leaves()) {
            assertThat(text).contains(EnvironmentNames.nameOf(path)).contains(path.last() + ":");
        }
        assertThat(text).contains("# TCP port. (0 to 65535) SLUICE_HTTP_PORT\n  port: 8080");
        assertThat(known.shapeOf(KeyPath.of("http", "tls"))).contains(Shape.RECORD);
    }

    @Test
    void staysWithinTheWidthOfAScreen() {
        assertThat(text.lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(120));
    }

    @Test
    void showsAnExampleThatLoads() throws Exception {
        var example = DefaultFile.perAppExample(TestSections.ALL);
        assertThat(text.replace("\n# ", "\n")).endsWith(example);
        var settings = TestSections.load(example);
        assertThat(settings.apps().of("live").listed()).isTrue();
        assertThat(settings.apps().of("live").keys()).containsEntry("mystream", "SECRET");
        assertThat(example).contains("http-flv:\n      enabled: true").doesNotContain("http:");
    }
}
