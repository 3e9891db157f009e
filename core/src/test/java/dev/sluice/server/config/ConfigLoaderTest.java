package dev.sluice.server.config;

import static dev.sluice.server.config.TestSections.http;
import static dev.sluice.server.config.TestSections.load;
import static dev.sluice.server.config.TestSections.plugin;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.server.spi.AppSettings.PublishPolicy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigLoaderTest {
    private static ConfigLoader loader() {
        return new ConfigLoader(TestSections.ALL);
    }

    @Test
    void givesTheDefaultsWhenNothingIsWritten() throws Exception {
        var settings = loader().load();
        assertThat(settings.server()).isEqualTo(ServerSettings.DEFAULTS);
        assertThat(http(settings)).isEqualTo(TestSections.HTTP.defaults());
        assertThat(plugin(settings)).isEqualTo(TestSections.PLUGIN.defaults());
        assertThat(settings.appNames()).isEmpty();
    }

    @Test
    void takesAnEmptyFileAndSectionsWithNothingBelowThem() throws Exception {
        assertThat(http(load("")).port()).isEqualTo(8080);
        assertThat(http(load("# nothing\n")).port()).isEqualTo(8080);
        assertThat(http(load("http:\n  # port: 1\napps:\n  live:\n")).port()).isEqualTo(8080);
    }

    @Test
    void readsEveryKindOfValue() throws Exception {
        var settings = load("""
                listen: 0.0.0.0
                publish: open
                http:
                  port: 0
                  hosts: [a.example, 'b.example']
                  tls: { enabled: true, certificateFile: /etc/x.pem }
                http-flv:
                  enabled: false
                  maxViewers: 7
                  factor: 0.25
                  shiftMs: -40
                  labels: { one: 01, two: no }
                """);
        assertThat(settings.server()).isEqualTo(new ServerSettings("0.0.0.0", List.of(), PublishPolicy.OPEN, "data"));
        assertThat(http(settings))
                .isEqualTo(new TestSections.HttpLike(
                        0, List.of("a.example", "b.example"), new TestSections.Tls(true, "/etc/x.pem")));
        assertThat(plugin(settings))
                .isEqualTo(new TestSections.PluginLike(
                        false, "/{app}/{name}.flv", 1935, 7, 0.25, -40, Map.of("one", "01", "two", "no")));
    }

    @Test
    void letsLaterLayersWin() throws Exception {
        var loader =
                loader().yaml("sluice.yaml", "http: { port: 1, hosts: [a] }\nhttp-flv: { maxViewers: 1, factor: 1 }");
        loader.environment(Map.of("SLUICE_HTTP_PORT", "2", "SLUICE_HTTP_FLV_MAX_VIEWERS", "2", "PATH", "/bin"));
        loader.set("--set", "http.port=3").set("--http", "http.port=4");
        var settings = loader.load();
        assertThat(http(settings).port()).isEqualTo(4);
        assertThat(http(settings).hosts()).containsExactly("a");
        assertThat(plugin(settings).maxViewers()).isEqualTo(2);
        assertThat(plugin(settings).factor()).isEqualTo(1);
    }

    @Test
    void takesListsAndMapsFromTheEnvironmentAndFromSet() throws Exception {
        var loader = loader().environment(Map.of(
                        "SLUICE_HTTP_HOSTS", "a.example, b.example",
                        "SLUICE_HTTP_FLV_LABELS", "{ x: y }",
                        "SLUICE_HTTP_TLS_ENABLED", "true",
                        "SLUICE_APPS", "{ live: { publish: keys, keys: { cam: s3cret } } }"))
                .set("--set", "apps.live.keys.other=abc")
                .set("--set", "apps.\"a.b\".listed=true")
                .set("--set", "apps.x={ listed: true }");
        var settings = loader.load();
        assertThat(http(settings).hosts()).containsExactly("a.example", "b.example");
        assertThat(http(settings).tls().enabled()).isTrue();
        assertThat(plugin(settings).labels()).isEqualTo(Map.of("x", "y"));
        assertThat(settings.apps().of("live").keys()).isEqualTo(Map.of("cam", "s3cret", "other", "abc"));
        assertThat(settings.apps().of("a.b").listed()).isTrue();
        assertThat(settings.apps().of("x").listed()).isTrue();
        assertThat(http(loader().set("--set", "http.hosts=[]").load()).hosts()).isEmpty();
    }

    @Test
    void letsAnApplicationOverrideSomeKeysAndInheritTheRest() throws Exception {
        var settings = load("""
                publish: open
                http-flv: { maxViewers: 5 }
                apps:
                  "a/b":
                    http-flv: { factor: 9 }
                  live:
                    listed: true
                    publish: keys
                    keys: { cam: s3cret }
                """);
        var flv = settings.perApp("http-flv", TestSections.PLUGIN.defaults());
        assertThat(flv.of("a/b").factor()).isEqualTo(9);
        assertThat(flv.of("a/b").maxViewers()).isEqualTo(5);
        assertThat(flv.of("live")).isEqualTo(flv.global());
        assertThat(settings.apps().of("live").publish()).isEqualTo(PublishPolicy.KEYS);
        assertThat(settings.apps().of("a/b").publish()).isEqualTo(PublishPolicy.OPEN);
        assertThat(settings.apps().of("nobody wrote this").publish()).isEqualTo(PublishPolicy.OPEN);
        assertThat(settings.appNames()).containsExactlyInAnyOrder("a/b", "live");
        assertThat(settings.toString()).doesNotContain("s3cret");
    }

    @Test
    void namesTheFileAsItWasGiven(@TempDir Path folder) throws Exception {
        var file = folder.resolve("my.yaml");
        assertThatThrownBy(() -> loader().file(file))
                .isInstanceOf(ConfigError.class)
                .hasMessage(file + ": no such file");
        Files.writeString(file, "\n\nhttp: {port: x}\n");
        var loaded = loader().file(file);
        assertThatThrownBy(loaded::load).isInstanceOf(ConfigError.class).hasMessageStartingWith(file + ":3: http.port");
        Files.write(file, "listen: caf\u00e9".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> loader().file(file)).hasMessage(file + ": this is not UTF-8 text");
        Files.write(file, new byte[(1 << 20) + 1]);
        assertThatThrownBy(() -> loader().file(file)).hasMessageContaining("larger than 1 MiB");
        assertThatThrownBy(() -> loader().file(folder)).isInstanceOf(ConfigError.class);
    }

    @Test
    void refusesSectionsThatShareANameWhenItIsMade() {
        var twice = List.<Section<?>>of(TestSections.HTTP, TestSections.HTTP);
        assertThatThrownBy(() -> new ConfigLoader(twice)).isInstanceOf(IllegalArgumentException.class);
        var asApp = List.<Section<?>>of(new Section<>("keys", TestSections.HTTP.defaults(), false));
        assertThatThrownBy(() -> new ConfigLoader(asApp)).isInstanceOf(IllegalArgumentException.class);
        record Unfit(Object anything) {}
        var unfit = List.<Section<?>>of(new Section<>("unfit", new Unfit("x"), false));
        assertThatThrownBy(() -> new ConfigLoader(unfit)).hasMessageContaining("java.lang.Object");
    }
}
