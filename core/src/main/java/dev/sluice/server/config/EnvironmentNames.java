package dev.sluice.server.config;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Environment variables: `SLUICE_` and the key in capitals, words joined by `_`, so `http-flv.maxViewers` is
/// `SLUICE_HTTP_FLV_MAX_VIEWERS`.
final class EnvironmentNames {
    static final String PREFIX = "SLUICE_";

    /// Not settings: `SLUICE_OPTS` holds options for the JVM, `SLUICE_HOME` is what people call the folder they
    /// put Sluice in, and `SLUICE_LAUNCHER` is how the launcher says where it lies.
    static final Set<String> NOT_SETTINGS = Set.of("SLUICE_HOME", "SLUICE_LAUNCHER", "SLUICE_OPTS");

    /// What Kubernetes and old Docker links put into every container beside a service called `sluice`.
    private static final Pattern SERVICE_LINK =
            Pattern.compile("SLUICE_(SERVICE_HOST|SERVICE_PORT(_.*)?|PORT|PORT_[0-9]+_(TCP|UDP)(_(PROTO|PORT|ADDR))?)");

    private final Map<String, KeyPath> keys = new LinkedHashMap<>();

    EnvironmentNames(KnownKeys known) {
        for (var path : known.leaves()) {
            var earlier = keys.put(nameOf(path), path);
            if (earlier != null) {
                throw new IllegalArgumentException(earlier + " and " + path + " share the name " + nameOf(path));
            }
        }
    }

    static String nameOf(KeyPath path) {
        var words = String.join("_", path.segments())
                .replaceAll("([a-z0-9])([A-Z])", "$1_$2")
                .replaceAll("[^A-Za-z0-9]", "_");
        return PREFIX + words.toUpperCase(Locale.ROOT);
    }

    /// The key that a variable sets; empty when the variable is none of ours.
    Optional<KeyPath> keyOf(String variable) throws ConfigError {
        if (!variable.startsWith(PREFIX) || NOT_SETTINGS.contains(variable)) {
            return Optional.empty();
        }
        var key = Optional.ofNullable(keys.get(variable));
        if (key.isEmpty() && !SERVICE_LINK.matcher(variable).matches()) {
            throw unknown(variable);
        }
        return key;
    }

    private ConfigError unknown(String variable) {
        var hint = Nearest.of(variable, keys.keySet())
                .map(name -> "did you mean " + name + "?")
                .orElse("unset it, or see the names in the default sluice.yaml");
        return new ConfigError(new Origin(Quoted.plain(variable)), "unknown environment variable; " + hint);
    }
}
