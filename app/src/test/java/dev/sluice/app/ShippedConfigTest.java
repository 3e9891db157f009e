package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.config.ConfigLoader;
import dev.sluice.server.config.DefaultFile;
import dev.sluice.server.config.SafeStart;
import dev.sluice.server.config.Section;
import dev.sluice.server.config.ServerSettings;
import dev.sluice.server.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The shipped `sluice.yaml` says what the records say. When a setting changes, write the file anew with
/// `mvn -pl app test -Dtest=ShippedConfigTest -Dsluice.update=true` and commit it.
class ShippedConfigTest {
    private static final Path FILE = Path.of("src/main/resources/sluice.yaml");

    private static final List<Section<?>> SECTIONS = new Surroundings(
                    System.out,
                    System.err,
                    Map.of(),
                    Surroundings.installedPlugins(),
                    (settings, plugins) -> new Surroundings.Running(Map.of(), () -> {}),
                    new StopSignal(code -> {}))
            .sections();

    @BeforeAll
    static void writeTheFileAnewWhenAsked() throws IOException {
        if (Boolean.getBoolean("sluice.update")) {
            Files.writeString(FILE, DefaultFile.text(SECTIONS));
        }
    }

    @Test
    void isTheTextThatTheRecordsGive() throws IOException {
        assertThat(Files.readString(FILE)).isEqualTo(DefaultFile.text(SECTIONS));
    }

    @Test
    void equalsTheDefaultsWhenLoaded() throws Exception {
        var settings = new ConfigLoader(SECTIONS).file(FILE).load();
        assertThat(settings.server()).isEqualTo(ServerSettings.DEFAULTS);
        for (var section : SECTIONS) {
            assertEqualsDefaults(section, settings);
        }
        assertThat(settings.appNames()).isEmpty();
        SafeStart.check(settings);
    }

    private static <S extends Record> void assertEqualsDefaults(Section<S> section, Settings settings) {
        assertThat(settings.global(section.name(), section.defaults())).isEqualTo(section.defaults());
    }

    @Test
    void showsAnExampleOfAnApplicationThatLoads() throws Exception {
        var example = DefaultFile.perAppExample(SECTIONS);
        assertThat(Files.readString(FILE).replace("\n# ", "\n")).endsWith(example);
        var settings = new ConfigLoader(SECTIONS).yaml("example", example).load();
        assertThat(settings.appNames()).containsExactly("live");
    }
}
