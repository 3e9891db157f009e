package dev.sluice.plugin.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.spi.PerApp;
import dev.sluice.server.spi.Plugin;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PagePluginTest {
    private static final Pattern IMPORT = Pattern.compile("(?:from|import) '([^']+)'");
    private static final Pattern LINK = Pattern.compile("(?:src|href|action)=\"([^\"]+)\"");

    private final FakeServer server = new FakeServer();

    @BeforeEach
    void start() throws Exception {
        start(server, true);
    }

    private static void start(FakeServer server, boolean enabled) throws Exception {
        var settings = new PagePlugin.Settings(enabled);
        new PagePlugin().start(server, new PerApp<>() {
            @Override
            public PagePlugin.Settings global() {
                return settings;
            }

            @Override
            public PagePlugin.Settings of(String app) {
                return settings;
            }
        });
    }

    @Test
    void isFoundByTheServiceLoader() {
        assertThat(ServiceLoader.load(Plugin.class)).anyMatch(PagePlugin.class::isInstance);
    }

    @Test
    void servesThePageAtTheRoot() {
        var page = server.get("/");

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.contentType()).isEqualTo("text/html; charset=utf-8");
        assertThat(page.text()).startsWith("<!doctype html>").contains("<script type=\"module\" src=\"/-/page.js\">");
        assertThat(page.headers()).containsEntry("X-Content-Type-Options", "nosniff");
    }

    @Test
    void letsThePageLoadFromThisServerOnly() {
        var policy = policy(Map.of("Host", "media.example:8080"));

        assertThat(policy)
                .containsEntry("default-src", "'self'")
                .containsEntry("script-src", "'self'")
                .containsEntry("style-src", "'self'")
                .containsEntry("media-src", "'self' blob:")
                .containsEntry("connect-src", "'self' ws://media.example:8080 wss://media.example:8080")
                .containsEntry("object-src", "'none'")
                .containsEntry("base-uri", "'none'")
                .containsEntry("frame-ancestors", "'self'");
    }

    @Test
    void writesNoHostileHostIntoThePolicy() {
        for (var host :
                List.of("x; script-src *", "x *", "*", "x\r\nSet-Cookie: a=b", "[::1]:8080", "x/y", "x,y", "")) {
            assertThat(policy(Map.of("Host", host))).as(host).containsEntry("connect-src", "'self'");
        }
        assertThat(policy(Map.of())).containsEntry("connect-src", "'self'");
    }

    private Map<String, String> policy(Map<String, String> requestHeaders) {
        var header = server.get("/", requestHeaders, Map.of()).headers().get("Content-Security-Policy");
        return Arrays.stream(header.split("; "))
                .map(directive -> directive.split(" ", 2))
                .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));
    }

    @Test
    void answersTheSameBytesWhateverTheQueryAsks() {
        var hostile = Map.of("stream", "\"><script>alert(1)</script>");

        assertThat(server.get("/", Map.of(), hostile).body())
                .isEqualTo(server.get("/").body());
    }

    @Test
    void sendsNoBodyWhenTheBrowserHasTheFileAlready() {
        for (var path : List.of("/", "/-/page.js", "/-/hls.js")) {
            var etag = server.get(path).headers().get("ETag");

            for (var known : List.of(etag, "W/" + etag, "\"other\", " + etag)) {
                var answer = server.get(path, Map.of("If-None-Match", known), Map.of());
                assertThat(answer.status()).isEqualTo(304);
                assertThat(answer.body()).isEmpty();
                assertThat(answer.headers()).containsEntry("ETag", etag).containsEntry("Cache-Control", "no-cache");
            }
            var stale = server.get(path, Map.of("If-None-Match", "\"other\""), Map.of());
            assertThat(stale.status()).isEqualTo(200);
            assertThat(stale.body()).isNotEmpty();
        }
    }

    @Test
    void givesEachFileItsOwnETag() {
        var etags = server.routes.keySet().stream()
                .filter(path -> !path.endsWith(".json"))
                .map(path -> server.get(path).headers().get("ETag"))
                .toList();

        assertThat(etags).doesNotHaveDuplicates().allMatch(etag -> etag.matches("\"[A-Za-z0-9_-]{20}\""));
    }

    @Test
    void routesFixedPathsOnlySoThatNoOtherFileIsReachable() {
        assertThat(server.routes.keySet())
                .allMatch(path -> path.equals("/") || path.matches("/-/[a-z0-9-]+\\.(js|css|svg|json)"))
                .contains("/", "/-/page.css", "/-/low-delay.js", "/-/hls.js", "/-/streams.json");
    }

    @Test
    void servesScriptsAndStylesWithTheirTypes() {
        assertThat(server.get("/-/page.js").contentType()).isEqualTo("text/javascript; charset=utf-8");
        assertThat(server.get("/-/page.css").contentType()).isEqualTo("text/css; charset=utf-8");
        assertThat(server.get("/-/icon.svg").contentType()).isEqualTo("image/svg+xml");
        assertThat(server.get("/-/page.css").headers()).containsEntry("X-Content-Type-Options", "nosniff");
    }

    @Test
    void servesHlsJsFromItsWebJar() throws IOException {
        try (var jar = getClass().getResourceAsStream("/META-INF/resources/webjars/hls.js/1.4.12/dist/hls.min.js")) {
            assertThat(server.get("/-/hls.js").body()).isEqualTo(jar.readAllBytes());
        }
    }

    @Test
    void servesEveryFileThatThePageOrAModuleAsksFor() {
        var asked = ownScripts().values().stream()
                .flatMap(script -> IMPORT.matcher(script).results())
                .map(found -> found.group(1).replaceFirst("^\\./", "/-/"))
                .collect(Collectors.toSet());
        LINK.matcher(server.get("/").text())
                .results()
                .map(found -> found.group(1))
                .forEach(asked::add);

        assertThat(asked).contains("/-/page.js", "/-/low-delay.js", "/-/page.css", "/-/icon.svg");
        assertThat(server.routes.keySet()).containsAll(asked);
    }

    @Test
    void servesNoModuleThatNobodyImports() {
        var all = server.get("/").text() + String.join("", ownScripts().values());

        assertThat(ownScripts().keySet())
                .allMatch(path -> all.contains(path.substring("/-".length()) + "'") || all.contains(path + "\""));
    }

    @Test
    void parsesNoTextAsHtmlOrCode() {
        var parsers = Pattern.compile("innerHTML|outerHTML|insertAdjacentHTML|document\\.write|DOMParser|setHTML"
                + "|createContextualFragment|eval\\(|new Function|srcdoc|javascript:");

        ownScripts().forEach((path, script) -> assertThat(script).as(path).doesNotContainPattern(parsers));
    }

    @Test
    void keepsScriptsAndStylesOutOfTheDocument() {
        assertThat(server.get("/").text())
                .doesNotContainPattern("<script(?![^>]*\\ssrc=)")
                .doesNotContainPattern("<style|\\sstyle=|\\son[a-z]+=");
    }

    @Test
    void namesNoOtherHost() {
        var foreign = Pattern.compile("(https?:)?//(?!www\\.w3\\.org/2000/svg)[a-z0-9-]+\\.[a-z]");
        var files = new HashMap<>(ownScripts());
        List.of("/", "/-/page.css", "/-/icon.svg")
                .forEach(path -> files.put(path, server.get(path).text()));

        files.forEach((path, text) -> assertThat(text).as(path).doesNotContainPattern(foreign));
    }

    @Test
    void routesNothingWhenItIsSwitchedOff() throws Exception {
        var other = new FakeServer();

        start(other, false);

        assertThat(other.routes).isEmpty();
    }

    private Map<String, String> ownScripts() {
        return server.routes.keySet().stream()
                .filter(path -> path.endsWith(".js") && !path.equals("/-/hls.js"))
                .collect(Collectors.toMap(
                        Function.identity(), path -> server.get(path).text()));
    }
}
