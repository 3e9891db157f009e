package dev.sluice.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PathPatternTest {
    @Test
    void theAppTakesOneToEightSegments() {
        var pattern = new PathPattern("/{app}/{name}.flv");

        assertThat(match(pattern, "live/cam.flv")).contains(Map.of("app", "live", "name", "cam"));
        assertThat(match(pattern, "a/b/c/d/e/f/g/h/cam.flv")).contains(Map.of("app", "a/b/c/d/e/f/g/h", "name", "cam"));
        assertThat(match(pattern, "a/b/c/d/e/f/g/h/i/cam.flv")).isEmpty();
        assertThat(match(pattern, "cam.flv")).isEmpty();
        assertThat(match(pattern, "live//cam.flv")).isEmpty();
    }

    @Test
    void aParameterIsNeverEmpty() {
        assertThat(match(new PathPattern("/{app}/{name}.flv"), "live/.flv")).isEmpty();
        assertThat(match(new PathPattern("/{app}/{name}"), "live/")).isEmpty();
    }

    @Test
    void keepsDotsOfTheName() {
        assertThat(match(new PathPattern("/{app}/{name}.flv"), "live/a.flv.flv"))
                .contains(Map.of("app", "live", "name", "a.flv"));
    }

    @Test
    void fixedSegmentsHaveToBeEqual() {
        var pattern = new PathPattern("/{app}/{name}/index.m3u8");

        assertThat(match(pattern, "live/cam/index.m3u8")).contains(Map.of("app", "live", "name", "cam"));
        assertThat(match(pattern, "live/cam/index.m3u")).isEmpty();
        assertThat(match(pattern, "live/cam/Index.m3u8")).isEmpty();
    }

    @Test
    void theRootMatchesItselfOnly() {
        var root = new PathPattern("/");

        assertThat(root.match(List.of())).contains(Map.of());
        assertThat(root.match(List.of("live"))).isEmpty();
    }

    @Test
    void theMoreSpecificRouteWins() {
        var routes = Routes.NONE
                .with(route("/{app}/{name}/{file}"))
                .with(route("/{app}/{name}"))
                .with(route("/assets/{file}"))
                .with(route("/{app}/{name}.flv"))
                .with(route("/{app}/{name}/index.m3u8"));

        assertThat(found(routes, "live/cam/index.m3u8")).isEqualTo("/{app}/{name}/index.m3u8");
        assertThat(found(routes, "live/cam/part1.mp4")).isEqualTo("/{app}/{name}/{file}");
        assertThat(found(routes, "a/b/c/cam.flv")).isEqualTo("/{app}/{name}.flv");
        assertThat(found(routes, "assets/player.js")).isEqualTo("/assets/{file}");
        assertThat(found(routes, "live/cam")).isEqualTo("/{app}/{name}");
    }

    @Test
    void aPathIsOfferedOnce() {
        var routes = Routes.NONE.with(route("/{app}/{name}.flv"));

        assertThatThrownBy(() -> routes.with(route("/{app}/{name}.flv")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("/{app}/{name}.flv");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "live", "/{app}.flv", "/{app}/{app}", "/a//b", "/{a}{b}", "/{a", "/{}", "/a/"})
    void refusesPatternsThatMeanNothing(String pattern) {
        assertThatThrownBy(() -> new PathPattern(pattern)).isInstanceOf(IllegalArgumentException.class);
    }

    private static Optional<Map<String, String>> match(PathPattern pattern, String path) {
        return pattern.match(List.of(path.split("/", -1)));
    }

    private static Routes.Route route(String pattern) {
        return new Routes.Route(Routes.Kind.GET, new PathPattern(pattern), exchange -> {});
    }

    private static String found(Routes routes, String path) {
        return routes.find(Routes.Kind.GET, List.of(path.split("/", -1)))
                .orElseThrow()
                .route()
                .pattern()
                .toString();
    }
}
