package dev.sluice.server.config;

import java.util.List;
import java.util.Map;

/// Sections that use every kind of key.
final class TestSections {
    static final Section<HttpLike> HTTP =
            new Section<>("http", new HttpLike(8080, List.of("localhost"), new Tls(false, "")), false);
    static final Section<PluginLike> PLUGIN = new Section<>(
            "http-flv", new PluginLike(true, "/{app}/{name}.flv", 1935, 10_000, 2.5, 0, Map.of("a", "b")), true);
    static final List<Section<?>> ALL = List.of(HTTP, PLUGIN);

    private TestSections() {}

    @Doc("What speaks HTTP.")
    record HttpLike(
            @Doc("TCP port.") @Range(min = 0, max = 65_535) int port,
            @Doc("Host names.") List<String> hosts,
            @Doc("Encryption.") Tls tls) {}

    record Tls(
            @Doc("Whether to encrypt.") boolean enabled,
            @Doc("Certificate.") String certificateFile) {}

    record PluginLike(
            @Doc("On or off.") boolean enabled,
            @Doc("Path.") String path,

            @Doc("TCP port.") @ServerWide @Range(min = 0, max = 65_535)
            int port,

            @Doc("Most viewers.") @Range(min = 1) int maxViewers,
            @Doc("Factor.") double factor,
            @Doc("Any number.") long shiftMs,
            @Doc("Labels.") Map<String, String> labels) {
        PluginLike {
            if (!path.startsWith("/")) {
                throw new IllegalArgumentException("path must start with '/'");
            }
            labels = Map.copyOf(labels);
        }
    }

    static HttpLike http(Settings settings) {
        return settings.global("http", HTTP.defaults());
    }

    static PluginLike plugin(Settings settings) {
        return settings.global("http-flv", PLUGIN.defaults());
    }

    static Settings load(String yaml) throws ConfigError {
        return new ConfigLoader(ALL).yaml("sluice.yaml", yaml).load();
    }
}
